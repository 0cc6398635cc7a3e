"""Practices attached to another one, from the input to the files and their check."""

from __future__ import annotations

import csv
import json
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.batch.rollups import rollup_rows, summary_rows
from pcn_group.cli import group
from pcn_group.config.model import Configuration
from pcn_group.output.data.folder import write_folder
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.table import Practices, practices_csv
from tests.batch.several import batch_here, written
from tests.depth import many
from tests.solver.regions import region

# A road. The prison X is nearest to B, the hub, and the university Y to C; both are in the south
# today, and so is nobody else of the north.
PLACES = {
    "A": (0.0, 0.0, 15_000),
    "B": (2.0, 0.0, 18_000),
    "C": (5.0, 0.0, 10_000),
    "D": (30.0, 0.0, 20_000),
    "E": (32.0, 0.0, 16_000),
    "X": (2.5, 0.0, 600),
    "Y": (6.0, 0.0, 300),
}
ROAD = region(
    PLACES,
    region_code=["R"] * 7,
    current_network=["North", "North", "North", "South", "South", "South", "South"],
)
ATTACH: dict[str, Any] = {"data": {"atypical": "attach"}}


def solved(practices: Practices = ROAD, **rules: Any) -> SolvedPlan:  # noqa: ANN401 - any section of the rules
    return solve(practices, Configuration.model_validate(ATTACH | rules))


def rows(text: str) -> dict[str, dict[str, str]]:
    """A table by its first column."""
    table = list(csv.DictReader(StringIO(text)))
    return {next(iter(row.values())): row for row in table}


def pcn_group(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(group, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def checked(*arguments: str | Path) -> dict[str, Any]:
    judged: dict[str, Any] = json.loads(pcn_group("check", *arguments, "--json")[1])
    return judged


def broken(*arguments: str | Path) -> list[tuple[str, str]]:
    """Return what is broken, but for figures: tables that are moved by hand are not as written."""
    findings = checked(*arguments)["findings"]
    rules = [f for f in findings if f["is_broken"] and f["rule"] != "figures"]
    return [(f["rule"], f["where"]) for f in rules]


def moved(groupings: str, code: str, network: str) -> str:
    table = list(csv.DictReader(StringIO(groupings)))
    text = StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        row | {"network_id": network} if row["practice_code"] == code else row for row in table
    )
    return text.getvalue()


@pytest.fixture
def practices_file(tmp_path: Path) -> Path:
    return written(tmp_path, practices_csv(ROAD.table))


@pytest.fixture
def plan(practices_file: Path) -> Path:
    folder = practices_file.parent / "plan"
    setting = ("--set", "data.atypical=attach")
    code, told = pcn_group("solve", practices_file, *setting, "--out", folder)
    assert code == 0
    assert "7 practices, 79,900 patients, 2 networks, 2 in the band" in told
    return folder


def test_every_practice_is_listed_by_itself_and_with_its_host() -> None:
    groupings = rows(plan_files(solved())["groupings.csv"])
    assert list(groupings) == ["B", "A", "C", "X", "Y", "D", "E"]  # the hub first, then by code
    prison, university = groupings["X"], groupings["Y"]
    assert (prison["attached_to"], university["attached_to"]) == ("B", "C")
    assert (prison["list_size"], university["list_size"]) == ("600", "300")
    assert prison["network_id"] == university["network_id"] == groupings["B"]["network_id"]
    assert (prison["km_to_hub"], university["km_to_hub"]) == ("0.000", "3.000")
    assert (prison["easting"], university["easting"]) == ("502500", "506000")
    assert [row["practice_code"] for row in groupings.values() if row["is_hub"] == "true"] == [
        "B",
        "D",
    ]
    assert {row["attached_to"] for row in groupings.values()} == {"", "B", "C"}


def test_the_files_count_practices_with_those_attached() -> None:
    texts = plan_files(solved())
    networks, summary = rows(texts["networks.csv"]), json.loads(texts["summary.json"])
    assert {n["hub_practice_code"]: n["practices"] for n in networks.values()} == {
        "B": "5",
        "D": "2",
    }
    assert {n["hub_practice_code"]: n["patients"] for n in networks.values()} == {
        "B": "43900",
        "D": "36000",
    }
    assert (summary["practices"], summary["patients"]) == (7, 79_900)
    # £1.50 and £0.5143 for each patient, and the roles of two networks.
    assert summary["budget_gbp"] == "304782.57"
    # X counts at B, where it is no way to the hub; Y at C, 3 km from it.
    assert summary["cost_patient_km"] == 15_000 * 2 + 10_300 * 3 + 16_000 * 2


def test_the_search_sees_the_hosts_alone() -> None:
    result = solved()
    assert result.region.problem.codes == ("A", "B", "C", "D", "E")
    assert result.region.problem.weights.tolist() == [15_000, 18_600, 10_300, 20_000, 16_000]
    assert "X" not in plan_files(result)["adjacency.csv"]
    assert "Y" not in json.loads(plan_files(result)["certificate.json"])["duals"]


def test_the_host_s_network_of_today_counts() -> None:
    change = {"prices": {"change": 5.0}}
    assert solved(**change).solution.cost == solved().solution.cost  # X and Y pay no change
    # All of the network's patients count as from the north, so it continues that.
    assert [network.name for network in solved().networks] == ["North", "South"]


def test_attached_practices_are_none_of_those_a_network_may_have() -> None:
    assert len(solved(limits={"max_practices": 3}).networks) == 2


def test_a_practice_too_large_only_with_what_is_attached_says_so() -> None:
    practices = region({"A": (0, 0, 49_500), "B": (1, 0, 35_000), "X": (0, 1, 800)})
    (alone,) = solved(practices).exceptions
    assert alone.exception.startswith("one practice, with what is attached to it, larger than")


def test_with_no_atypical_practice_attaching_changes_nothing() -> None:
    ordinary = ROAD.table[ROAD.table["list_size"] >= 1_000].reset_index(drop=True)
    practices = Practices(ordinary, ROAD.sources)
    kept, attaching = plan_files(solved(practices, data={})), plan_files(solved(practices))
    assert {name for name in kept if kept[name] != attaching[name]} == {"summary.json"}


def test_a_plan_with_attached_practices_holds(plan: Path) -> None:
    code, told = pcn_group("check", plan)
    assert code == 0
    assert "Every rule holds." in told
    assert "7 practices, 79,900 patients, 2 of 2 networks in the band" in told
    judged = checked(plan)
    assert judged["practices"] == 7
    assert {frozenset(network["practices"]) for network in judged["networks"]} == {
        frozenset("ABCXY"),
        frozenset("DE"),
    }


def test_a_practice_away_from_its_host_is_found(plan: Path) -> None:
    path = plan / "groupings.csv"
    groupings = path.read_text(encoding="utf-8")
    path.write_text(moved(groupings, "X", "South"), encoding="utf-8")
    assert broken(plan) == [("attached", "X")]
    (finding,) = [f for f in checked(plan)["findings"] if f["rule"] == "attached"]
    assert finding["message"] == "is attached to B and counts with it, in North, but is in South"
    path.write_text(moved(groupings, "X", ""), encoding="utf-8")
    assert broken(plan) == [("attached", "X")]


def test_an_attached_practice_in_two_networks_breaks_coverage(
    practices_file: Path, plan: Path
) -> None:
    by_hand = plan.parent / "mine.csv"
    lines = [f"{code},n" for code in "ABCXY"] + [f"{code},s" for code in "DEX"]
    by_hand.write_text("\n".join(["practice_code,network_id", *lines, ""]), encoding="utf-8")
    asked = ("--practices", practices_file, "--set", "data.atypical=attach")
    assert broken(by_hand, *asked) == [("coverage", "X")]


def test_today_s_networks_are_judged_with_and_without_attaching(practices_file: Path) -> None:
    today = ("current", "--practices", practices_file)
    assert broken(*today, "--set", "data.atypical=attach") == [("attached", "X"), ("attached", "Y")]
    assert "attached" not in {rule for rule, _ in broken(*today)}


def test_a_batch_counts_them_where_their_hosts_are(practices_file: Path, tmp_path: Path) -> None:
    _, outcomes = batch_here(practices_file, tmp_path / "out", "data.atypical=attach")
    (england,), (summary,) = rollup_rows(outcomes), summary_rows(outcomes)
    assert england.practices == summary.practices == 7
    assert england.patients == summary.patients == 79_900
    assert england.mean == summary.mean
    national = (tmp_path / "out" / "groupings.csv").read_text(encoding="utf-8")
    assert national == (tmp_path / "out" / "R" / "groupings.csv").read_text(encoding="utf-8")


@st.composite
def regions(draw: st.DrawFn) -> Practices:
    """Practices on a small grid, some of them atypical, but not the first."""
    spot = st.integers(0, 4).map(float)
    size = st.one_of(st.integers(1, 999), st.integers(1_000, 20_000))
    places = draw(st.lists(st.tuples(spot, spot, size), min_size=1, max_size=10))
    places = [(0.0, 0.0, 5_000), *places]
    return region({f"P{k:02}": place for k, place in enumerate(places)})


@settings(max_examples=many(25))
@given(practices=regions(), data=st.data())
def test_any_plan_keeps_attached_practices_with_their_hosts(
    practices: Practices, data: st.DataObject
) -> None:
    band = {"min": 1, "max": 20_000, "above": {"price": 1, "ceiling": 1_000_000}}
    texts = plan_files(solved(practices, band=band, search={"workers": 1}))
    groupings, networks = rows(texts["groupings.csv"]), rows(texts["networks.csv"])
    assert sorted(groupings) == practices.table["practice_code"].tolist()
    for row in groupings.values():
        host = groupings[row["attached_to"] or row["practice_code"]]
        assert (int(row["list_size"]) < 1_000) == (row["attached_to"] != "")
        assert row["network_id"] == host["network_id"]
        assert row["km_to_hub"] == host["km_to_hub"]
        assert row["attached_to"] == "" or row["is_hub"] == "false"
    for name, network in networks.items():
        inside = [row for row in groupings.values() if row["network_id"] == name]
        assert int(network["practices"]) == len(inside)
        assert int(network["patients"]) == sum(int(row["list_size"]) for row in inside)
    attached = [code for code, row in groupings.items() if row["attached_to"]]
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan"
        write_folder(plan, texts)
        assert broken(plan) == []
        if attached and len(networks) > 1:
            code = data.draw(st.sampled_from(attached))
            others = sorted(set(networks) - {groupings[code]["network_id"]})
            text = moved(texts["groupings.csv"], code, data.draw(st.sampled_from(others)))
            (plan / "groupings.csv").write_text(text, encoding="utf-8")
            assert broken(plan) == [("attached", code)]
