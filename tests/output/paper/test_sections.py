"""What the sections of a paper say, and when they are there at all."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.output.paper.blocks import figure, percent, pounds, sentence
from pcn_group.output.paper.paper import paper, plans_of
from pcn_group.plan.inputs import PlanInputs
from tests.output.paper.papers import Paper, Papers, rows_of
from tests.plan.folders import GROUPINGS, write_plan


def paper_of(plan: Path, *beside: Path, **inputs: object) -> Paper:
    return Paper(paper(plans_of([str(plan)]), PlanInputs(**inputs), beside))  # type: ignore[arg-type]


def groupings(**networks: str) -> str:
    """The plan along the road with other networks for some practices."""
    head, *rows = GROUPINGS.splitlines()
    cells = [row.split(",") for row in rows]
    for row in cells:
        row[4] = networks.get(row[0], row[4])
    return "\n".join([head, *map(",".join, cells)]) + "\n"


def test_all_sections_of_a_plan_with_everything_beside_it(rich: Papers) -> None:
    assert rich.full.headings == [
        "Summary",
        "Map",
        "Networks",
        "Who moves, and why",
        "Exceptions",
        "What keeping to the band costs",
        "Alternatives that were considered",
        "Other good plans",
        "Plans side by side",
        "Neighbourhoods",
        "How alike the networks are",
        "Money",
        "Open questions",
        "Comments on the draft of 20 November 2026",
        "Method",
        "Data",
        "All practices",
    ]


def test_a_plan_alone_says_nothing_of_what_it_has_not(tmp_path: Path) -> None:
    made = paper_of(write_plan(tmp_path))
    assert made.headings == [
        *("Summary", "Map", "Networks", "Who moves, and why", "Exceptions", "Money"),
        *("Open questions", "Method", "Data", "All practices"),
    ]
    assert "This paper proposes 2 primary care networks for the 4 practices of R" in made.text
    assert "There are none: every network has 30,000 to 50,000 patients." in made.text
    assert "No practice moves." in made.text
    assert "The lists do not say of which day they are." in made.text
    assert "It is proven that no other plan that keeps the same rules costs less." in made.text


def test_a_plan_by_hand_has_no_proof_and_its_broken_rules_are_named(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, groupings=groupings(B="N2", C="N1"))
    made = paper_of(plan / "groupings.csv")
    assert "2 rules are broken: see Exceptions." in made.text
    broken = made.text.partition("The plan breaks these rules:\n")[2].splitlines()[:2]
    assert broken == [
        "N1 is not contiguous, it has 2 parts: A; C.",
        "N2 is not contiguous, it has 2 parts: B; D.",
    ]
    assert "say whether the rules that the plan breaks are to be kept" in made.text
    assert "proven" not in made.text
    assert "The lists have no date" in made.text
    kept = tmp_path / "kept"
    kept.mkdir()
    made = paper_of(write_plan(kept) / "groupings.csv")
    assert "but no proof belongs to it" in made.text


def test_a_year_without_a_tariff_is_not_one_without_money(tmp_path: Path) -> None:
    heading, *rows = GROUPINGS.splitlines()
    dated = [f"{heading},list_date", *(f"{row},2041-10-01" for row in rows)]
    plan = write_plan(tmp_path, groupings="\n".join(dated) + "\n") / "groupings.csv"
    made = paper_of(plan)
    assert "There is no tariff of 2041/42" in made.text
    assert "paid" not in made.text
    assert not [caption for caption in made.tables if "paid" in caption]


def test_the_networks_of_today_are_told_as_such(tmp_path: Path) -> None:
    made = paper_of(Path("current"), files=(write_plan(tmp_path) / "groupings.csv",))
    assert made.paragraphs[0][1] == "Today's primary care networks: R"
    assert "Today there are 2 primary care networks" in made.text
    assert "The board is asked" not in made.text
    assert "Who moves, and why" not in made.headings
    assert "1 practice is in no network." in made.text


def test_why_a_practice_moves(tmp_path: Path) -> None:
    text = GROUPINGS.replace("501000,220000,N1", "501000,220000,N2")
    made = paper_of(write_plan(tmp_path, groupings=text) / "groupings.csv")
    ((practice, patients, before, after, why),) = made.table("Practices that move")
    assert (practice, patients, before, after) == ("Bridge (B)", "15,000", "N2", "N1")
    # A alone is under the minimum, B and C together are not amiss.
    assert why == "It joins a network that today is under the minimum."
    assert "Every network of today goes on, and none is new." in made.text


def test_a_network_that_ends_and_one_that_is_new(tmp_path: Path) -> None:
    text = GROUPINGS.replace("503000,220000,", "503000,220000,N3")
    made = paper_of(write_plan(tmp_path, groupings=text) / "groupings.csv")
    ((practice, *_, why),) = made.table("Practices that move")
    assert (practice, why) == ("Dale (D)", "Its network today is under the minimum.")
    assert "Of today's networks, N3 ends." in made.text


def test_a_network_of_today_is_called_what_it_is_called_today(tmp_path: Path) -> None:
    heading, *rows = GROUPINGS.splitlines()
    named = [f"{heading},network_name,current_network_name"]
    named += [f"{row},{'West without Dale' if ',N1,5' in row else 'East'}," for row in rows]
    text = "\n".join(named).replace("N1,West without Dale,", "N1,West without Dale,West")
    text = text.replace(",,East,", ",N1,East,West").replace("N2,East,", "N2,East,East")
    made = paper_of(write_plan(tmp_path, groupings=f"{text}\n") / "groupings.csv")
    ((_, _, before, after, _),) = made.table("Practices that move")
    assert (before, after) == ("West (N1)", "East (N2)")
    everyone = made.table("Practices by network, and how many kilometres each is from the hub")
    assert [row[3] for row in everyone][:2] == ["West without Dale (N1)"] * 2
    assert [row[5] for row in everyone] == ["West (N1)", "West (N1)", "East (N2)", "West (N1)"]


def test_a_paper_on_footprints_lists_the_networks_in_each_and_nobody_moves(tmp_path: Path) -> None:
    alone = GROUPINGS.replace(
        "C,Church,25000,R,N2,502000,220000,N2", "C,Church,25000,R,N2,502000,220000,N3"
    )
    plan = write_plan(tmp_path, groupings=alone.replace("220000,N1\nC", "220000,N2\nC"))
    made = paper_of(plan / "groupings.csv", overrides=("funding.networks=current",))
    assert made.paragraphs[0][1] == "Footprints: R"
    assert made.headings[:4] == ["Summary", "Map", "Footprints", "What each footprint groups"]
    assert "Who moves, and why" not in made.headings
    assert "This paper proposes 2 footprints for the 4 practices of R" in made.text
    assert "Each of the 3 networks stays whole, in one footprint." in made.text
    assert made.table("Networks by footprint") == [
        ["N1", "N1", "1", "20,000"],
        ["N1", "N2", "1", "15,000"],
        ["N2", "practices in no network", "1", "20,000"],
        ["N2", "N3", "1", "25,000"],
    ]


def test_a_network_that_footprints_split_is_in_each_of_them(tmp_path: Path) -> None:
    text = GROUPINGS.replace("503000,220000,", "503000,220000,N3").replace(
        "502000,220000,N2", "502000,220000,N1"
    )
    plan = write_plan(tmp_path, groupings=text.replace("500000,220000,N1", "500000,220000,N2"))
    made = paper_of(plan / "groupings.csv", overrides=("funding.networks=current",))
    assert "1 of the 3 networks is split among footprints." in made.text
    assert [row[:2] for row in made.table("Networks by footprint")] == [
        *(["N1", "N1"], ["N1", "N2"]),
        *(["N2", "N1"], ["N2", "N3"]),
    ]


def test_this_plan_is_marked_among_the_others(rich: Papers) -> None:
    first, *others = rich.full.table("Plans that cost little more than the best")
    assert first[0] == "plan-01 (this plan)"
    assert first[2] == "the best"
    assert [row[0] for row in others] == ["plan-02", "plan-03"]
    curve = rich.full.table("From the least travel to the fewest patients outside the band")
    assert sum(row[0].endswith("(this plan)") for row in curve) <= 1


def test_plans_stand_side_by_side(rich: Papers) -> None:
    (caption,) = [each for each in rich.full.tables if each.startswith("Side by side: today, ")]
    head, *rows = rich.full.tables[caption]
    assert head == ["Figure", "today", f"{rich.plans[0]} (this plan)"]
    comparison = next(path for path in rich.beside if path.name == "comparison")
    today, proposed = rows_of(comparison / "comparison.csv")
    told = {row[0]: [cell.replace(",", "") for cell in row[1:]] for row in rows}
    for words, column in (
        ("Networks", "networks"),
        ("in the band", "networks_in_band"),
        ("Rules broken", "rules_broken"),
        ("Mean way to the hub", "mean_km"),
        ("Patients who move", "patients_moved"),
    ):
        assert told[words] == [today[column], proposed[column]]
    paid = [row["budget_gbp"] for row in (today, proposed)]
    assert [cell.strip("£") for cell in told["Paid in the year"]] == paid


def test_what_an_exception_saves_is_told_where_the_plan_is_on_the_curve(
    rich: Papers, tmp_path: Path
) -> None:
    curve = next(path for path in rich.beside if path.name == "curve")
    name = next(row["plan"] for row in rows_of(curve / "exceptions.csv"))
    made = paper_of(curve / name, curve)
    found = [row for row in rows_of(curve / "exceptions.csv") if row["plan"] == name]
    rows = made.table("What each exception saves")
    assert [row[0].rpartition("(")[2] for row in rows] == [f"{r['network_id']})" for r in found]
    assert tmp_path.exists()


def test_comments_are_quoted_as_they_were_written(rich: Papers) -> None:
    quotes = [text for style, text in rich.full.paragraphs if style == "Quote"]
    assert quotes == ["Is <b>this</b> & that\ufffd agreed?", "They share staff,\nand a building."]
    ((practice, _, before, after),) = rich.full.table("What the draft would change")
    record = json.loads((rich.folder / "what-if.json").read_text("utf-8"))
    (code,) = record["notes"]["practices"]
    assert practice.endswith(f"({code})")
    assert before != after
    assert after.endswith(f"({record['networks'][code]})")
    assert "As it is, the draft breaks these rules:" in rich.full.text


def test_the_board_is_asked_for_what_there_is_to_agree(rich: Papers) -> None:
    asked = rich.full.text.partition("The board is asked to:")[2]
    assert asked.splitlines()[1:5] == [
        "agree the networks listed in this paper;",
        "agree the exceptions, with the reasons given for each;",
        "agree that the practices named here move to another network;",
        "note what remains open, and when the lists were counted.",
    ]


def test_what_belongs_to_no_plan_is_refused_and_all_of_it_named(
    rich: Papers, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        paper_of(write_plan(tmp_path), *rich.beside)
    assert [str(fault).partition(": ")[0] for fault in error.value.faults] == [
        str(path) for path in rich.beside
    ]
    assert "is about other practices or networks than the plan" in str(error.value)


def test_what_a_paper_has_no_place_for_is_refused(rich: Papers, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        paper_of(rich.plans[0], tmp_path, tmp_path / "gone", rich.plans[0] / "networks.csv")
    told = [str(fault) for fault in error.value.faults]
    assert "is nothing that a paper has a place for. Name a folder" in told[0]
    assert "does not exist" in told[1]
    assert "is not readable JSON" in told[2]


def test_a_budget_that_is_damaged_is_refused(rich: Papers, tmp_path: Path) -> None:
    budget = next(path for path in rich.beside if path.name == "budget")
    copy = tmp_path / "budget"
    copy.mkdir()
    text = (budget / "budget_totals.csv").read_text("utf-8")
    (copy / "budget_totals.csv").write_text(text, "utf-8")
    (copy / "budget.json").write_text("[]", "utf-8")
    with pytest.raises(InputError, match=r"budget\.json: is damaged"):
        paper_of(rich.plans[0], copy)


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "100.0%"),
        (0.99999, "99.9%"),
        (0.5, "50.0%"),
        (0.00001, "less than 0.1%"),
        (0.0, "0.0%"),
    ],
)
def test_all_is_said_of_all_and_none_of_none(share: float, told: str) -> None:
    assert percent(share) == told


def test_figures_are_told_as_boards_read_them() -> None:
    assert [figure(n) for n in (None, 1234, 1234.5, Decimal("0.500"))] == [
        *("", "1,234", "1,234.5"),
        "0.500",
    ]
    amounts = [Decimal("1234.5"), Decimal("-1.5"), Decimal("0.49")]
    assert [pounds(each) for each in amounts] == ["£1,234.50", "\u2212£1.50", "£0.49"]
    assert [pounds(each, whole=True) for each in amounts] == ["£1,235", "\u2212£2", "£0"]
    assert [sentence(text) for text in ("so it is", "Why?")] == ["So it is.", "Why?"]
