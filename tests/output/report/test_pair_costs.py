"""What the page says of pairs of practices where it has the alternatives to its plan."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pcn_group import check
from pcn_group.base.errors import InputError
from pcn_group.cli.alternatives import command as alternatives
from pcn_group.cli.report import command as report
from pcn_group.output.report import pair_costs as pair_costs_module
from pcn_group.output.report.pair_costs import pair_costs
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from tests.output.report.conftest import run
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.test_what_if import Trying, kept_moves, tried
from tests.plan.folders import GROUPINGS

Row = dict[str, str]
PRICE = re.compile(r"costs (?:less than )?([\d,.]+) patient-km")


@pytest.fixture(scope="module")
def good(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the alternatives to the sample's best plan."""
    folder = tmp_path_factory.mktemp("good") / "alternatives"
    run(alternatives, drawn, "--within", "1%", "--count", 6, "--out", folder, "--quiet")
    return folder


@pytest.fixture(scope="module")
def informed(drawn: Path, good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a page that has them."""
    page = tmp_path_factory.mktemp("informed")
    run(report, drawn, "--with", good, "--out", page, "--quiet")
    return page


@pytest.fixture(scope="module")
def page(browser: Browser, informed: Path) -> Iterator[Opened]:
    with opened(browser, informed) as it:
        yield it


@pytest.fixture
def trying(page: Opened) -> Iterator[Trying]:
    """That page, opened where changes are tried."""
    yield from tried(page)


def table(folder: Path) -> list[Row]:
    """The table of pairs in a folder of alternatives."""
    return rows(folder / "togetherness.csv")


def pairs_of(folder: Path, verdict: str) -> dict[tuple[str, str], Row]:
    """The rows of the table of pairs with a verdict, by the practices that they are about."""
    return {
        (row["practice_code"], row["other_practice_code"]): row
        for row in table(folder)
        if row["verdict"] == verdict
    }


def told(row: Row) -> str:
    """What the page says first of a pair: both practices, and how the best plan has them."""
    first = f"{row['practice_name']} ({row['practice_code']})"
    other = f"{row['other_practice_name']} ({row['other_practice_code']})"
    return f"{first} and {other} are {row['in_best']} in "


def test_the_page_has_every_pair_that_something_is_known_of(drawn: Path, good: Path) -> None:
    case = open_case(str(drawn), PlanInputs())
    found = pair_costs(good, case)
    codes = case.region.problem.codes
    assert found["within"] == 0.01
    assert sorted((codes[i], codes[j], price) for i, j, _, price, _ in found["pairs"]) == sorted(
        (
            row["practice_code"],
            row["other_practice_code"],
            float(row["price_patient_km"]) if row["price_patient_km"] else None,
        )
        for row in table(good)
    )
    prices = [price for *_, price, _ in found["pairs"]]
    settled = [price for price in prices if price is not None]
    assert prices == [*sorted(settled), *[None] * (len(prices) - len(settled))]


def test_a_draft_kept_in_the_browser_goes_on_where_the_page_knows_more(
    drawn: Path, informed: Path
) -> None:
    digests = {
        re.findall(r'data-digest="(\w+)"', (folder / "report.html").read_text("utf-8"))[0]
        for folder in (drawn, informed)
    }
    assert len(digests) == 1


def test_of_two_practices_it_says_what_it_costs_to_have_them_otherwise(
    trying: Trying, good: Path
) -> None:
    open_pairs = list(pairs_of(good, "open").values())
    for in_best, other in (("together", "apart"), ("apart", "together")):
        row = next(row for row in open_pairs if row["in_best"] == in_best)
        trying.select(row["practice_code"], row["other_practice_code"])
        expect(trying.at("pairs").locator("li")).to_have_count(1)
        price = f"{float(row['price_patient_km']):,.3f} patient-km"
        expect(trying.at("pairs")).to_contain_text(
            f"{told(row)}the best plan; the best with them {other} costs {price} ("
        )
        trying.at("clear").click()
        expect(trying.at("pairs")).to_be_hidden()


@pytest.mark.parametrize("verdict", ["always together", "always apart"])
def test_of_what_all_good_plans_agree_on_it_says_so(
    trying: Trying, good: Path, verdict: str
) -> None:
    row = next(iter(pairs_of(good, verdict).values()))
    trying.select(row["practice_code"], row["other_practice_code"])
    expect(trying.at("pairs")).to_have_text(f"{told(row)}every plan within 1\u00a0% of the best.")


def test_of_more_practices_it_says_what_costs_least(trying: Trying, good: Path) -> None:
    known = pairs_of(good, "open")
    places = sorted({code for pair in known for code in pair})
    chosen = next(four for four in combinations(places, 4) if len(own(known, four)) > 3)
    trying.select(*chosen)
    *items, rest = trying.at("pairs").locator("li").all_text_contents()
    cheapest = sorted(own(known, chosen))
    shown = [float(PRICE.findall(item)[0].replace(",", "")) for item in items]
    assert shown == cheapest[:3]
    assert rest.endswith("see togetherness.csv.")
    trying.select(*[code for code in places if code not in chosen][:3])
    expect(trying.at("pairs")).to_be_hidden()  # of many practices, a few pairs say nothing


def own(known: dict[tuple[str, str], Row], chosen: tuple[str, ...]) -> list[float]:
    """What the pairs of some practices cost."""
    return [
        float(known[pair]["price_patient_km"]) for pair in combinations(chosen, 2) if pair in known
    ]


def test_a_draft_is_told_what_its_dearest_pair_costs(trying: Trying, good: Path) -> None:
    """Each good plan is a draft: it has nothing otherwise that all agree on."""
    known = pairs_of(good, "open")
    best = check(str(good / "plan-01")).report.cost
    expect(trying.at("least")).to_be_hidden()
    for plan in ("plan-02", "plan-03", "plan-06"):
        groupings = good / plan / "groupings.csv"
        trying.at("file").set_input_files(groupings)
        expect(trying.told).to_have_text("groupings.csv is opened.")
        network = {row["practice_code"]: row["network_id"] for row in rows(groupings)}
        otherwise = [
            float(row["price_patient_km"])
            for pair, row in known.items()
            if (network[pair[0]] == network[pair[1]]) != (row["in_best"] == "together")
        ]
        cost = check(str(good / plan)).report.cost
        assert cost is not None
        assert best is not None
        assert max(otherwise) <= (cost - best) / 1000
        words = trying.at("least").text_content() or ""
        assert float(PRICE.findall(words)[0].replace(",", "")) == max(otherwise)
        is_least = max(otherwise) == (cost - best) / 1000
        assert words.endswith("is better than this draft.") == is_least
        trying.at("undo").click()
        expect(trying.at("least")).to_be_hidden()


def test_a_draft_outside_of_all_good_plans_is_told_so(
    trying: Trying, drawn: Path, good: Path
) -> None:
    """A practice moved away from one that is always with it, where no rule is broken by it."""
    case, always = open_case(str(drawn), PlanInputs()), pairs_of(good, "always together")
    undisputed = {code for pair in always for code in pair}
    code, target = next(move for move in kept_moves(case) if move[0] in undisputed)
    trying.move(target, code)
    expect(trying.verdict).to_contain_text("Your draft keeps every rule.")
    expect(trying.at("least")).to_contain_text("No plan within 1\u00a0% of the best has ")
    trying.move("none", code)
    expect(trying.at("least")).to_be_hidden()  # of what breaks a rule nothing is known


def test_a_price_that_is_not_settled_is_one_that_a_plan_has(
    browser: Browser, drawn: Path, good: Path, tmp_path: Path
) -> None:
    unsettled = changed(good, tmp_path / "unsettled", settled="false")
    run(report, drawn, "--with", unsettled, "--out", tmp_path / "page", "--quiet")
    row = next(iter(pairs_of(good, "open").values()))
    with opened(browser, tmp_path / "page") as it:
        it.page.get_by_role("button", name="Try changes").click()
        trying = Trying(it)
        trying.select(row["practice_code"], row["other_practice_code"])
        expect(trying.at("pairs")).to_contain_text(" more, and a cheaper one may exist.")
        trying.at("file").set_input_files(good / "plan-02" / "groupings.csv")
        expect(trying.told).to_have_text("groupings.csv is opened.")
        expect(trying.at("least")).to_be_hidden()


def test_a_pair_that_costs_nothing_has_a_plan_as_good(
    browser: Browser, drawn: Path, good: Path, tmp_path: Path
) -> None:
    free = changed(good, tmp_path / "free", price_patient_km="0.000")
    run(report, drawn, "--with", free, "--out", tmp_path / "page", "--quiet")
    row = next(iter(pairs_of(good, "open").values()))
    with opened(browser, tmp_path / "page") as it:
        it.page.get_by_role("button", name="Try changes").click()
        trying = Trying(it)
        trying.select(row["practice_code"], row["other_practice_code"])
        expect(trying.at("pairs")).to_contain_text("; a plan that is as good has them ")


def changed(folder: Path, copy: Path, **cells: str) -> Path:
    """Alternatives with other cells in the rows of pairs that are open."""
    shutil.copytree(folder, copy)
    before = table(folder)
    with (copy / "togetherness.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(before[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | cells if row["verdict"] == "open" else row for row in before)
    return copy


def test_pairs_that_time_did_not_settle_are_left_out(
    drawn: Path, good: Path, tmp_path: Path
) -> None:
    unknown = changed(good, tmp_path / "unknown", verdict="not settled", settled="false")
    found = pair_costs(unknown, open_case(str(drawn), PlanInputs()))
    assert {price for *_, price, _ in found["pairs"]} == {None}


def test_practices_that_are_attached_go_with_their_hosts(tmp_path: Path) -> None:
    plan, good = tmp_path / "plan.csv", tmp_path / "alternatives"
    plan.write_text(GROUPINGS + "E,Elm,900,R,N1,500100,220000,\n", "utf-8")
    rules = ("data.atypical=attach", "data.atypical_below=1000")
    settings = [word for rule in rules for word in ("--set", rule)]
    run(alternatives, plan, *settings, "--within", "40%", "--out", good, "--quiet")
    case = open_case(str(plan), PlanInputs(overrides=rules))
    assert case.region.problem.codes == ("A", "B", "C", "D")
    assert any("E" in row["practice_code"] + row["other_practice_code"] for row in table(good))
    of_hosts = [row for row in table(good) if row["other_practice_code"] != "E"]
    assert len(pair_costs(good, case)["pairs"]) == len(of_hosts) > 0


def test_a_region_too_large_for_what_if_has_no_place_for_pairs(
    drawn: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_costs_module, "LARGEST", 3)
    with pytest.raises(InputError, match="more than 3 practices has no What if"):
        pair_costs(good, open_case(str(drawn), PlanInputs()))
