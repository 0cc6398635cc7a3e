"""What the page of a plan says: the figures of the files, and a proof only where one belongs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pcn_group.output.data.rows import BudgetRow
from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.facts import Facts, facts_of, money
from pcn_group.output.report.files import pictures
from pcn_group.output.report.ground import shapes_data
from pcn_group.output.report.words import badge, heading, proof_words, title, verdict
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from tests.output.report.plans import LONG, write_hostile
from tests.plan.folders import CERTIFICATE, GROUPINGS, write_plan

Row = dict[str, str]


class Page(HTMLParser):
    """The texts of a page: those of the cells by section and table, and all that one can see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.seen: list[str] = []
        self._section, self._open, self._in_cell = "", Counter[str](), False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[tag] += 1
        values = dict(attrs)
        if tag == "section":
            self._section = values.get("id") or ""
        elif tag == "table":
            self._section = f"{self._section.split('/')[0]}/{len(self.tables)}"
            self.tables[self._section] = []
        elif tag == "tr":
            self.tables[self._section].append([])
        elif tag in {"td", "th"}:
            self.tables[self._section][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._open[tag] -= 1
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[self._section][-1][-1] += data
        if self._open["main"] and not self._open["code"] and data.strip():
            self.seen.append(data)

    def rows(self, section: str, number: int = 0) -> list[list[str]]:
        """The rows of a section's table, without its head and without commas in numbers."""
        found = [rows for name, rows in self.tables.items() if name.startswith(f"{section}/")]
        return [[cell.replace(",", "").replace("£", "") for cell in row] for row in found[number]][
            1:
        ]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(plan: Path | str, **given: Any) -> Facts:  # noqa: ANN401 - as PlanInputs takes
    return facts_of(open_case(str(plan), PlanInputs(**given)))


@pytest.fixture(scope="module")
def page(drawn: Path) -> Page:
    return Page((drawn / "report.html").read_text("utf-8"))


# --- the same figures as the files -------------------------------------------------------------


def test_practices_are_those_of_groupings_csv(page: Page, drawn: Path) -> None:
    assert page.rows("practices") == [
        [
            row["practice_code"],
            row["practice_name"] + (" hub" if row["is_hub"] == "true" else ""),
            row["list_size"],
            f"{row['network_id']} {row['network_name']}",
            row["km_to_hub"],
            f"{row['current_network'] or 'none'} {row['current_network_name']}".strip(),
        ]
        for row in rows_of(drawn / "groupings.csv")
    ]


def test_networks_are_those_of_networks_csv(page: Page, drawn: Path) -> None:
    networks = rows_of(drawn / "networks.csv")
    summary = json.loads((drawn / "summary.json").read_text("utf-8"))
    *rows, total = page.rows("networks")
    assert rows == [
        [
            str(number),
            row["network_id"],
            row["network_name"],
            row["practices"],
            row["patients"],
            "in the band",
            row["mean_km"],
            row["max_km"],
            f"{row['hub_practice_code']} {row['hub_practice_name']}",
        ]
        for number, row in enumerate(networks, start=1)
    ]
    assert total[3:5] == [str(summary["practices"]), str(summary["patients"])]
    assert total[6:8] == [f"{summary['mean_km']:.3f}", "16.455"]


def test_budgets_are_those_of_the_files_to_the_penny(page: Page, drawn: Path) -> None:
    budgets, totals = rows_of(drawn / "budgets.csv"), rows_of(drawn / "budget_totals.csv")
    *rows, whole = page.rows("budgets")
    heads = {
        row["code"]: [row["per_head_gbp"], row["per_network_per_head_gbp"]]
        for row in totals
        if row["funding_line"] == "total"
    }
    for row in [*rows, whole]:
        assert row[-2:] == heads[{"All": "all"}.get(row[0], row[0].split()[0])]
    for row in rows:
        *amounts, total, _, _ = row[1:]
        own = [b for b in budgets if f"{b['network_id']} {b['network_name']}" == row[0]]
        assert amounts == [b["amount_gbp"] for b in own]
        assert total == str(sum(Decimal(b["amount_gbp"]) for b in own if b["counted"] == "true"))
    everything = [row["amount_gbp"] for row in totals if row["level"] == "all"]
    assert whole[:-2] == ["All", *everything]


def test_what_is_not_counted_is_shown_and_says_so(page: Page, drawn: Path) -> None:
    uncounted = {
        r["funding_line"] for r in rows_of(drawn / "budgets.csv") if r["counted"] != "true"
    }
    assert uncounted == {"extended_hours"}
    assert "extended hours, not counted" in page.seen
    assert any(
        "£1.099 a patient, 2019-07..2020-03" in text and "not confirmed" in text
        for text in page.seen
    )


def test_travel_adds_up_the_lists_of_groupings_csv(page: Page, drawn: Path) -> None:
    practices = rows_of(drawn / "groupings.csv")
    for label, patients in page.rows("travel"):
        low, high = map(float, label.split(" to under "))
        inside = [row for row in practices if low <= float(row["km_to_hub"]) < high]
        assert int(patients) == sum(int(row["list_size"]) for row in inside)
    assert sum(int(patients) for _, patients in page.rows("travel")) == 540_628


def test_the_map_has_the_figures_of_the_files(drawn: Path) -> None:
    text = (drawn / "report.html").read_text("utf-8")
    plan, ground = (
        json.loads(
            re.findall(rf'<script type="application/json" id="{name}">(.*?)</script>', text)[0]
        )
        for name in ("plan", "ground")
    )
    keys = {
        "id": "network_id", "name": "network_name", "practices": "practices",
        "patients": "patients", "mean": "mean_km", "longest": "max_km", "exception": "exception",
    }  # fmt: skip
    for shown, row in zip(plan["networks"], rows_of(drawn / "networks.csv"), strict=True):
        assert {key: shown[key] for key in keys} == {key: row[keys[key]] for key in keys}
        assert str(shown["inBand"]).lower() == row["in_band"]
    told = {row["practice_code"]: row for row in rows_of(drawn / "groupings.csv")}
    assert len(ground["practices"]) == len(told)
    for k, (code, name, patients, x, y, _, _) in enumerate(ground["practices"]):
        row = told[code]
        assert [name, str(patients), plan["travel"][k], str(x), str(y)] == [
            row[key] for key in ("practice_name", "list_size", "km_to_hub", "easting", "northing")
        ]
        assert plan["networks"][plan["networkOf"][k]]["id"] == row["network_id"]
        is_hub = k in {network["hub"] for network in plan["networks"]}
        assert is_hub is (row["is_hub"] == "true")


def test_no_other_number_is_on_the_page(page: Page, drawn: Path) -> None:
    """Every number one can see is in a file, or counts its rows, or is a round one of an axis."""

    def numbers(text: str) -> set[str]:
        plain = text.replace(",", "")
        return {match.rstrip(".") for match in re.findall(r"(?<![\w.])\d[\d.]*", plain)}

    files = [
        drawn / name
        for name in ("groupings.csv", "networks.csv", "budgets.csv", "budget_totals.csv")
    ]
    known = set[str]().union(
        *(numbers(cell) for f in files for row in rows_of(f) for cell in row.values())
    )
    summary = (drawn / "summary.json").read_text("utf-8")
    certificate = json.loads((drawn / "certificate.json").read_text("utf-8"))
    known |= numbers(summary) | {f"{certificate['bound'] / 1000:.3f}"}
    known |= {str(count) for count in range(17)}  # networks
    known |= {"0.00", "1.470", "256"}  # the gap in per cent, the mean to the metre, SHA-256
    room = [50_000 - int(row["patients"]) for row in rows_of(drawn / "networks.csv")]
    budget = sum(
        Decimal(row["amount_gbp"])
        for row in rows_of(drawn / "budgets.csv")
        if row["counted"] == "true"
    )
    above = min(int(row["patients"]) - 30_000 for row in rows_of(drawn / "networks.csv"))
    # Of the key figures.
    known |= {str(sum(room)), str(min(room)), str(above), str(round(budget))}
    known |= {cell for row in page.rows("travel") for cell in row[1:]} | {"18"}
    known |= {cell for row in page.rows("budgets", 1) for cell in numbers(" ".join(row))}
    known |= {row[1] for row in page.rows("rules")} | {row[1] for row in page.rows("rules", 1)}
    shown = set[str]().union(*map(numbers, page.seen))
    explained = set[str]().union(
        *(numbers(row[2]) for k in (0, 1) for row in page.rows("rules", k))
    )
    assert shown - known - explained == set()


# --- the proof ---------------------------------------------------------------------------------


def test_a_proven_plan_says_so_and_what_rests_on_what(drawn: Path) -> None:
    found = facts(drawn)
    assert badge(found) == ("Proven best", "good")
    assert title(found) == "16 primary care networks in XXA"
    assert heading(found, "2 plans compared") == "XXA: 2 plans compared"
    every = replace(found, regions=("all",))
    assert title(every) == "16 primary care networks in all regions"
    assert title(replace(every, are_footprints=True)) == "16 footprints in all regions"
    assert heading(every, "2 plans compared") == "All regions: 2 plans compared"
    assert verdict(found) == (
        "60 practices with 540,628 patients form 16 networks, all inside the band of 30,000 to "
        "50,000 patients; it is proven that no plan that keeps the rules costs less."
    )
    words = " ".join(proof_words(found))
    assert "costs less than 794,571.462 patient-kilometres" in words
    proven = json.loads((drawn / "certificate.json").read_text("utf-8"))["bound"] / 1e3
    assert 794_000 < proven <= 794_571.462
    assert f"prove a bound of {proven:,.3f} patient-kilometres on their own" in words
    assert "verified it for this page" in words
    assert "rests on the search" in words


def test_a_gap_is_explained(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, summary={"status": "feasible", "bound_integer": 31_500_000})
    found = facts(plan)
    assert badge(found) == ("Valid, not proven best", "plain")
    assert "at a gap of 10.00%" in verdict(found)
    assert "No plan costs more than 10.00% less than this one" in " ".join(proof_words(found))


def test_a_gap_that_is_nearly_nothing_is_not_nothing(tmp_path: Path) -> None:
    summary = {"status": "within_gap", "bound_integer": 34_999_999, "gap": 0.0}
    found = facts(write_plan(tmp_path, summary=summary))
    assert badge(found) == ("Proven within 0.01%", "good")
    assert "it is proven that no plan costs more than 0.01% less" in verdict(found)


def test_what_the_search_was_told_is_shown_with_its_proof(tmp_path: Path) -> None:
    told = {"configuration": {"search": {"gap": 0.02}}}
    found = facts(write_plan(tmp_path, summary=told))
    changed = [(rule.key, rule.value) for rule in found.rules if not rule.is_default]
    before = [  # it says nothing of them
        ("travel.way", "straight"),
        ("adjacency.detour", "none"),
        ("funding.year", "2019/20"),
    ]
    assert changed == [*before, ("search.gap", "0.02")]
    (tmp_path / "other").mkdir()
    other = write_plan(tmp_path / "other", summary={**told, "cost_integer": 34_000_000})
    unproven = facts(other)
    assert not any(rule.key.startswith("search.") for rule in unproven.rules)


@pytest.mark.parametrize(
    ("change", "given"),
    [
        pytest.param({"cost_integer": 34_000_000}, {}, id="of-another-cost"),
        pytest.param({"practices": 5}, {}, id="of-other-practices"),
        pytest.param({"bound_integer": 36_000_000}, {}, id="above-the-cost"),
        pytest.param({}, {"overrides": ("band.max=60000",)}, id="under-other-rules"),
    ],
)
def test_a_proof_of_something_else_is_not_shown(
    tmp_path: Path, change: dict[str, Any], given: dict[str, Any]
) -> None:
    found = facts(write_plan(tmp_path, summary=change), **given)
    assert found.proof is None
    assert badge(found) == ("No proof", "plain")
    assert "no proof belongs to this plan" in verdict(found)
    assert proof_words(found)[0].startswith("No proof belongs to this plan.")
    assert ("is not so in 1 place" in proof_words(found)[0]) == bool(change)


def test_a_plan_that_was_changed_has_no_proof_and_names_what_is_broken(tmp_path: Path) -> None:
    plan = write_plan(
        tmp_path, groupings=GROUPINGS.replace("B,Bridge,15000,R,N1", "B,Bridge,15000,R,N2")
    )
    found = facts(plan)
    assert found.proof is None
    assert badge(found)[1] == "bad"
    assert [finding.rule for finding in found.broken] == ["band", "band"]
    assert [row.exception for row in found.exceptions] == [
        "10,000 under the minimum: the plan has it so",
        "10,000 over the maximum: the plan has it so",
    ]


def test_reasons_are_those_the_search_gave(tmp_path: Path) -> None:
    """N1 is short of a minimum of 40,000, and the certificate has a price on that."""
    short = "every plan has at least 5,000 short of it in all"
    reason = f"5,000 under the minimum: no plan keeps the band, and {short}"
    priced = {
        "band_min": 40_000,
        "smallest": 1,
        "hinges": [{"at": 40_000, "below": 10_000, "above": 0}],
        "alone_above": 50_000,
    }
    plan = write_plan(
        tmp_path,
        summary={
            "configuration": {"band": {"min": 40_000, "max": 50_000}},
            "exceptions": [{"network_id": "N1", "patients": 35_000, "reason": reason}],
            "patients_short": 5_000,
        },
        certificate={
            "duals": {"A": 50_000_000, "B": 15_000_000, "C": 0, "D": 20_000_000},
            "bound": 85_000_000,
            "held": 50_000_000,
            "size_rule": CERTIFICATE["size_rule"] | priced,
        },
    )
    found = facts(plan)
    assert found.broken == ()
    assert found.proof is not None
    assert [row.exception for row in found.exceptions] == [reason]
    assert "no plan keeps the band" in verdict(found)


@pytest.mark.parametrize(("first", "said"), [(False, True), (True, False), (None, False)])
def test_a_choice_among_equal_plans_that_was_not_settled_is_told(
    tmp_path: Path, *, first: bool | None, said: bool
) -> None:
    found = facts(write_plan(tmp_path, summary={"first_of_equals": first}))
    assert any("Other plans may cost as little" in each for each in proof_words(found)) is said


def test_files_that_rules_name_are_hashed_too(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("practice_code,neighbour_code\nA,B\nB,C\nC,D\n", "utf-8")
    by_edges = ("adjacency.method=edges", f"adjacency.edges={edges}")
    found = facts(write_plan(tmp_path), overrides=by_edges)
    sha256 = hashlib.sha256(edges.read_bytes()).hexdigest()
    assert found.rule_files == ({"key": "adjacency.edges", "name": "edges.csv", "sha256": sha256},)


# --- other plans -------------------------------------------------------------------------------


def test_a_plan_by_hand_keeps_its_own_names_and_shows_who_is_in_no_network(tmp_path: Path) -> None:
    found = facts(write_hostile(tmp_path))
    assert [row.network_id for row in found.networks] == ['!N2"&', "<i>N</i>1"]
    last = found.practices[-1]
    assert (last.practice_name, last.network_id, last.to_hub, last.is_hub) == (
        LONG,
        "",
        None,
        False,
    )
    assert "5 practices with 60,011 patients form 2 networks" in verdict(found)
    assert ("coverage", "P4") in [(finding.rule, finding.where) for finding in found.broken]


def test_a_plan_made_by_hand_is_among_its_input_files(tmp_path: Path) -> None:
    practices, own = tmp_path / "practices.csv", tmp_path / "own.csv"
    practices.write_text(GROUPINGS, "utf-8")
    own.write_text("practice_code,network_id\nA,1\nB,1\nC,2\nD,2\n", "utf-8")
    found = facts(own, files=(practices,))
    assert [(source.name, source.sha256, source.rows) for source in found.inputs] == [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest(), 4) for path in (practices, own)
    ]
    (only,) = facts(practices).inputs
    assert only.name == "practices.csv"


def test_the_networks_of_today_do_not_move(tmp_path: Path) -> None:
    practices = tmp_path / "practices.csv"
    practices.write_text(GROUPINGS, "utf-8")
    found = facts("current", files=(practices,))
    assert found.is_today
    assert found.moved is None
    assert title(found) == "Today's primary care networks in R"
    assert [row.network_id for row in found.networks] == ["N1", "N2"]


def test_money_adds_up_what_counts() -> None:
    row = BudgetRow(
        region_code="R",
        network_id="N",
        financial_year="2019/20",
        funding_line="core",
        paid_to="networks",
        basis="registered",
        units=Decimal(1),
        rate_gbp=Decimal("0.10"),
        rate_is_for="2019-04..2020-03",
        months="2019-04..2020-03",
        amount_gbp=Decimal("0.10"),
        source="",
        recurrent=True,
        cash=True,
        confirmed=True,
        counted=True,
        network_name="Network",
    )
    added = money(
        [
            row,
            replace(row, amount_gbp=Decimal("0.20")),
            replace(row, funding_line="extra", amount_gbp=Decimal("0.30")),
            replace(row, funding_line="doubtful", amount_gbp=Decimal("9.99"), counted=False),
        ]
    )
    assert added.amount("N", "core") == Decimal("0.30")
    assert added.amount() == added.amount("N") == Decimal("0.60")
    assert added.amount("N", "doubtful") == Decimal("9.99")
    assert list(added.lines) == ["core", "extra", "doubtful"]
    assert list(added.counted) == ["core", "extra"]


# --- files -------------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_bytes_wherever_it_lies(drawn: Path, tmp_path: Path) -> None:
    shutil.copytree(drawn, tmp_path / "copy")
    again = pictures(open_case(str(tmp_path / "copy"), PlanInputs()))
    for name, content in again.items():
        written = (drawn / name).read_bytes()
        assert written == (content.encode() if isinstance(content, str) else content), name


def test_holes_and_islands_are_rings_of_their_own(tmp_path: Path) -> None:
    rows = [
        f"R{x}{y},r,9000,R,{'IN' if x == y == 1 else 'OUT'},50{x}000,20{y}000"
        for x in range(3)
        for y in range(3)
    ]
    path = tmp_path / "ring.csv"
    heading = "practice_code,practice_name,list_size,region_code,network_id,easting,northing"
    path.write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    case = open_case(str(path), PlanInputs())
    found = facts_of(case)
    shapes = shapes_data(map_layers(case.region, found.described).networks.geometry)
    assert [len(rings) for rings in shapes] == [1, 2]  # the hole, after the outline
