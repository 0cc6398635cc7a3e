"""Inputs that were once misread, refused without reason or believed, each with its right value."""

from __future__ import annotations

import csv
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Collection
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pcn_group.cli import main
from tests.depth import DEEP

INPUTS = Path(__file__).parent / "inputs"
SIX = [f"A9000{number}" for number in range(1, 7)]
PREPARE = "prepare {} --out practices-read.csv"
SOLVE_SIX = "solve six.csv --out plan --set {}"
DONE = (0, 3)

Row = dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What a command gave: its exit code, what it printed, and the folder it ran in."""

    code: int
    out: str
    err: str
    folder: Path

    def table(self, name: str) -> list[Row]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value

    @property
    def practices(self) -> list[Row]:
        """What `prepare` wrote."""
        return self.table("practices-read.csv")

    def findings(self, code: str) -> str:
        """What the data report says of a practice."""
        rows = self.table("practices-read_data_report.csv")
        return "\n".join(" ".join(row.values()) for row in rows if code in row.values())

    def plan(self, name: str = "plan/groupings.csv") -> set[tuple[str, ...]]:
        """The networks of a plan."""
        networks: dict[str, list[str]] = {}
        for row in self.table(name):
            networks.setdefault(row["network_id"], []).append(row["practice_code"])
        return {tuple(sorted(codes)) for codes in networks.values()}


def run(command: str, folder: Path) -> Outcome:
    """Run the program as from a shell in a folder."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["pcn-group", *shlex.split(command)])
        with pytest.raises(SystemExit) as stop:
            main()
    return Outcome(int(stop.value.code or 0), out.getvalue(), err.getvalue(), folder)


@dataclass(frozen=True)
class Case:
    """A command in the folder of inputs (or in one of the folders there), and what it must give.

    Attributes
    ----------
    codes
        The exit codes that are right: several where more than one answer is.
    is_right
        Whether the outcome is.
    """

    name: str
    command: str
    codes: Collection[int]
    is_right: Callable[[Outcome], bool]
    inside: str = ""


# --- what is right ---


def networks(outcome: Outcome) -> list[str]:
    return [row["current_network"] for row in outcome.practices]


def codes(outcome: Outcome) -> list[str]:
    return [row["practice_code"] for row in outcome.practices]


def list_on_its_last_day(outcome: Outcome) -> bool:
    (network,) = outcome.json["networks"]
    whole = (network["network_id"], network["patients"], network["in_band"])
    return whole == ("U78610", 37_561, True) and "A84003" in network["practices"]


def odd_spellings(outcome: Outcome) -> bool:
    told = [outcome.findings(code) for code in SIX]
    return (
        codes(outcome) == SIX
        and networks(outcome) == ["U00001"] * 4 + [""] * 2
        and all(told[:4])  # of each the spelling, or the postcode far away
        and any("km" in text for text in told[:4])
    )


def as_usual(outcome: Outcome) -> bool:
    usual = run("check plan_usual.csv --practices six.csv --json", outcome.folder)
    same = ("findings", "networks", "patients", "holds")
    return usual.code == outcome.code and all(usual.json[key] == outcome.json[key] for key in same)


def two_in_no_network(outcome: Outcome) -> bool:
    told = json.dumps([finding for finding in outcome.json["findings"] if finding["is_broken"]])
    found = [network["network_id"] for network in outcome.json["networks"]]
    return found == ["N1", "N2"] and all(f"A9000{number}" in told for number in (4, 5))


def look_up_found_nothing(outcome: Outcome) -> bool:
    told = [outcome.findings(code) for code in ("A90003", "A90004")]
    return networks(outcome)[2:4] == ["", ""] and all("#N/A" in text for text in told)


def four_of_2014(outcome: Outcome) -> bool:
    return [int(row["list_size"]) for row in outcome.practices] == [16_000, 15_000, 14_000, 13_000]


def total_is_none(outcome: Outcome) -> bool:
    return "total" in outcome.err.lower() if outcome.code == 2 else codes(outcome) == SIX


def five_edges(outcome: Outcome) -> bool:
    pairs = {
        (row["practice_code"], row["neighbour_code"]) for row in outcome.table("plan/adjacency.csv")
    }
    given = {("A90001", "A90002"), ("A90002", "A90003"), ("A90004", "A90005")}
    return {tuple(sorted(pair)) for pair in pairs} == given | {
        ("A90005", "A90006"),
        ("A90001", "A90004"),
    }


def decimal_commas(outcome: Outcome) -> bool:
    if outcome.code == 2:
        return "5,5" in outcome.err
    text = (outcome.folder / "matrix_with_decimal_commas.csv").read_text("utf-8")
    (outcome.folder / "dots.csv").write_text(text.replace(",", ".").replace(";", ","), "utf-8")
    dots = run(SOLVE_SIX.format("travel.matrix=dots.csv") + " --overwrite --json", outcome.folder)
    return bool(dots.json["cost_integer"] == outcome.json["cost_integer"])


def together(outcome: Outcome) -> bool:
    return any({"A90001", "A90002"} <= set(network) for network in outcome.plan())


def one_sentence_on_metres(outcome: Outcome) -> bool:
    told = [line for line in outcome.err.splitlines() if "metres_unsaid.geojson" in line]
    return len(told) == 1 and "metres" in told[0] and "1 fault in the input" in outcome.err


def swapped(outcome: Outcome) -> bool:
    told = outcome.findings("A90001")
    return (
        "km" in told and ("swap" in told or "exchange" in told) and not outcome.findings("A90002")
    )


def the_plan_of_solve(outcome: Outcome) -> bool:
    sizes = {row["practice_code"]: int(row["list_size"]) for row in outcome.table("practices.csv")}
    curve = (outcome.plan(f"curve/{row['plan']}") for row in outcome.table("curve/curve.csv"))
    return any(
        sorted(sum(sizes[code] for code in network) for network in plan) == [35_000, 57_000]
        for plan in curve
    )


def terms_are_not_of_the_rules(outcome: Outcome) -> bool:
    told = [finding for finding in outcome.json["findings"] if finding["is_broken"]]
    return not outcome.json["holds"] and any("certificate" in json.dumps(each) for each in told)


def price_used_or_refused(outcome: Outcome) -> bool:
    if outcome.code == 2:
        return "prices.change" in outcome.err
    free = run(
        f"{AGAINST.format('moves').replace('curve', 'free')} --set prices.change=0",
        outcome.folder,
    )
    return free.code in DONE and outcome.table("curve/curve.csv") != outcome.table("free/curve.csv")


def one_network_or_the_largest_value(outcome: Outcome) -> bool:
    if outcome.code == 2:
        return names_the_largest_value(outcome)
    return outcome.plan() == {("A00001", "A00002")}


def proven_or_the_largest_value(outcome: Outcome) -> bool:
    if outcome.code == 2:
        return names_the_largest_value(outcome)
    return run("check plan", outcome.folder).code == outcome.code


def names_the_largest_value(outcome: Outcome) -> bool:
    return "matrix.csv, row " in outcome.err and "100000000000" in outcome.err


def the_first_of_equals(outcome: Outcome) -> bool:
    first = tuple(f"A0000{number}" for number in range(1, 5))
    return outcome.plan() == {first, tuple(f"A0000{number}" for number in range(5, 10))}


def said(*texts: str) -> Callable[[Outcome], bool]:
    """Whether each of some texts is among what was said on standard error."""
    return lambda outcome: all(text in outcome.err for text in texts)


AGAINST = "tradeoff practices.csv --config config.yaml --out curve --against {}"
CHECK = "check {} --practices six.csv --json"
IN_FOLDER = "solve practices.csv --config config.yaml --out plan"

CASES = [
    Case(
        "a membership is in force on its last day",
        "check current --practices end_on_day_list.csv --practices end_on_day_epcn.csv --json",
        (0,),
        list_on_its_last_day,
    ),
    Case(
        "one code in two spellings",
        PREPARE.format("twice_in_another_case.csv"),
        (2,),
        said("A90001", "a90001"),
    ),
    Case(
        "blanks, invisible characters and small letters in codes",
        PREPARE.format("spaces.csv map_spaces.csv"),
        (0,),
        odd_spellings,
    ),
    Case(
        "an apostrophe before a code",
        PREPARE.format("apostrophe.csv"),
        (0,),
        lambda outcome: codes(outcome) == SIX[:4],
    ),
    Case("a plan in small letters", CHECK.format("plan_lower.csv"), (0,), as_usual),
    Case("a plan with other headings", CHECK.format("plan_headers.csv"), (0,), as_usual),
    Case("no network in a plan", CHECK.format("plan_unallocated.csv"), (3,), two_in_no_network),
    Case(
        "a dot among thousands in an official list",
        PREPARE.format("list_with_dots.csv"),
        (2,),
        said("16.000", "ambiguous"),
    ),
    Case(
        "a dot among thousands",
        PREPARE.format("dots_and_semicolons.csv"),
        (2,),
        said("16.000", "ambiguous"),
    ),
    Case(
        "a look-up that had found nothing",
        PREPARE.format("networks_not_found.csv"),
        (0,),
        look_up_found_nothing,
    ),
    Case("headings of 2014", PREPARE.format("list_of_2014.csv"), (0,), four_of_2014),
    Case(
        "notes below a table",
        PREPARE.format("notes_below.csv"),
        (0,),
        lambda outcome: codes(outcome) == SIX,
    ),
    Case("a total below a table", PREPARE.format("total_below.csv"), (0, 2), total_is_none),
    Case(
        "pairs with semicolons",
        SOLVE_SIX.format("adjacency.method=edges")
        + " --set adjacency.edges=edges_with_semicolons.csv",
        DONE,
        five_edges,
    ),
    Case(
        "a matrix with decimal commas",
        SOLVE_SIX.format("travel.matrix=matrix_with_decimal_commas.csv") + " --json",
        (0, 2, 3),
        decimal_commas,
    ),
    Case(
        "headings of rules in capitals",
        SOLVE_SIX.format("rules.file=rules_in_capitals.csv"),
        DONE,
        together,
    ),
    Case(
        "an outline in metres that says nothing of them",
        SOLVE_SIX.format("adjacency.outline=metres_unsaid.geojson"),
        (2,),
        one_sentence_on_metres,
    ),
    Case(
        "coordinates that contradict the postcode",
        PREPARE.format("places_in_conflict.csv"),
        (0,),
        swapped,
    ),
    Case(
        "a practice over the band, under the ceiling",
        AGAINST.format("band"),
        DONE,
        the_plan_of_solve,
        inside="over_the_band",
    ),
    Case(
        "a certificate whose terms are not those of the rules",
        "check plan --json",
        (3,),
        terms_are_not_of_the_rules,
        inside="forged",
    ),
    Case(
        "a price on moves beside a curve against moves",
        AGAINST.format("moves"),
        (0, 2, 3),
        price_used_or_refused,
        inside="price_on_moves",
    ),
    Case(
        "two practices 100 million km apart",
        IN_FOLDER,
        (0, 2, 3),
        one_network_or_the_largest_value,
        inside="far_apart_two",
    ),
    Case(
        "five practices 100 million km apart",
        IN_FOLDER,
        (0, 2, 3),
        proven_or_the_largest_value,
        inside="far_apart_five",
    ),
    *(
        Case(
            f"plans of equal cost, seed {seed}",
            f"{IN_FOLDER} --seed {seed}",
            DONE,
            the_first_of_equals,
            inside="equal_plans",
        )
        for seed in ((1, 2, 3, 4) if DEEP else (1, 2))
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    shutil.copytree(INPUTS / case.inside, folder)

    outcome = run(case.command, folder)

    assert outcome.code in case.codes, outcome.err
    assert case.is_right(outcome), outcome.out + outcome.err
