"""The page judges a draft as the independent check does: same findings, same figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pcn_group.base.files import write_atomically
from pcn_group.output.report.draft import draft_facts, draft_problem
from pcn_group.output.report.facts import facts_of
from pcn_group.plan.case import Case
from pcn_group.plan.fit import fit_of
from pcn_group.plan.money import plan_budget
from pcn_group.plan.moves import amounts_of, match_networks, moved
from pcn_group.plan.network import Network, build_networks, mean_travel
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from pcn_group.region.region import Region
from pcn_group.verify.certificate import outside_of
from tests.depth import DEEP
from tests.output.report import drafts
from tests.output.report.drafts import Draft
from tests.paths import ROOT

SCRIPTS = ROOT / "pcn_group" / "output" / "report"
ENGLAND = ROOT.parent / "shared" / "data" / "england-2021"

LOADED = ("shared.js", "judge.js", "payments.js")

JUDGED = """
window.judged = ({ problem, money, networks: plan }, drafts) => {
  const judge = new Judge(problem);
  return drafts.map((draft) => {
    const report = judge.judge(draft);
    const today = judge.movesFromToday(report.networks);
    const moves = judge.moves(plan, report.networks);
    return {
      findings: report.findings.map(
        ({ rule, where, message, isBroken }) => [rule, where, message, isBroken]),
      networks: report.networks.map((it) => [
        it.id, it.practices, it.patients, it.inBand, it.hub === null ? null
          : [...problem.codes, ...problem.sites.map(({ code }) => code)][it.hub],
        it.cost === null ? null : String(it.cost), figure(it.mean, 3), figure(it.longest, 3)]),
      cost: report.cost === null ? null : String(report.cost),
      mean: figure(report.mean, 3),
      outside: report.outside,
      fit: report.fit && [report.fit.aligned, report.fit.misaligned],
      serves: report.networks.map((it) => [it.aligned, it.misaligned]),
      today: today && [today.patients, today.practices],
      moves: [moves.patients, moves.practices],
      money: money && payments(money, report.networks).map(
        (line) => [line.name, String(line.pence), line.networks.map(String)]),
    };
  });
};
"""

AS_TEXT = "(asked) => JSON.stringify(judged(...JSON.parse(asked)))"
"""As a page gets its facts: handed over value by value they take longer than judging does"""


@pytest.fixture(scope="module")
def judge(browser: Browser) -> Iterator[Page]:
    """An empty page in which nothing but the rules are loaded."""
    page = browser.new_page()
    source = "".join((SCRIPTS / name).read_text("utf-8") for name in LOADED)
    page.add_script_tag(content=source + JUDGED)
    yield page
    page.close()


Described = dict[tuple[int, ...], Network]
"""Networks as the files of a plan describe them, by their members: most are in many drafts"""


def judged_by_rules(
    region: Region, start: Draft, draft: Draft, described: Described
) -> dict[str, Any]:
    """What the independent check and the files of a plan would say."""
    places = {label: tuple(members) for label, members in draft.items()}
    report = Case("draft", region, places).judged(places)
    for members in places.values():
        if members not in described:
            (described[members],) = build_networks(region, [members], {True: "", False: ""})
    figures = {label: described[members] for label, members in places.items()}
    codes = region.problem.hub_codes
    fit = None
    if region.neighbourhoods is not None:
        fit = fit_of(region.neighbourhoods, [*places.values()], region.problem.weights)
    outside = outside_of(region.problem, report)
    today = moved(region, [*places.values()])
    moves = match_networks(amounts_of(region), start, places)
    return {
        "findings": [[f.rule, f.where, f.message, f.is_broken] for f in report.findings],
        "networks": [
            [
                it.label,
                figures[it.label].practices,
                it.patients,
                it.in_band,
                None if it.hub is None else codes[it.hub],
                None if it.cost is None else str(it.cost),
                shown(figures[it.label].mean_travel),
                shown(figures[it.label].max_travel),
            ]
            for it in report.networks
        ],
        "cost": None if report.cost is None else str(report.cost),
        "mean": shown(mean_travel(figures.values())),
        "outside": [*outside.amounts],
        "fit": fit and [fit.aligned, fit.misaligned],
        "serves": [[n.aligned, n.misaligned] for n in fit.networks]
        if fit
        else [[0, 0] for _ in report.networks],
        "today": None if today[0] is None else [*today],
        "moves": [moves.patients, moves.practices],
        "money": paid(region, draft),
    }


def shown(travel: float) -> str:
    return "out of reach" if travel == float("inf") else f"{travel:,.3f}"


def paid(region: Region, draft: Draft) -> list[Any]:
    (year,) = plan_budget(region.table, draft.items(), region.configuration.funding).years
    return [
        [
            line.name,
            pence(sum((p.amount for p in year.regions if p.line is line), Decimal(0))),
            [pence(p.amount) for p in year.networks if p.line is line],
        ]
        for line in year.lines
    ]


def pence(amount: Decimal) -> str:
    return str(int(amount * 100))


def compare(page: Page, region: Region, some: Iterator[Draft]) -> set[str]:
    """Judge drafts both ways; return the rules that any of them broke."""
    start = drafts.of_today(region)
    places = {label: tuple(members) for label, members in start.items()}
    facts = draft_facts(facts_of(Case("plan", region, places)), region)
    broken, described = set[str](), Described()
    while batch := list(islice(some, 250)):
        asked = [[{"id": key, "members": draft[key]} for key in draft] for draft in batch]
        found = json.loads(page.evaluate(AS_TEXT, json.dumps([facts, asked])))
        for draft, one in zip(batch, found, strict=True):
            assert one == judged_by_rules(region, start, draft, described)
            broken |= {finding[0] for finding in one["findings"] if finding[3]}
    return broken


def compare_edits(page: Page, region: Region, count: int) -> set[str]:
    return compare(page, region, drafts.edited(region, count, seed=1))


def test_figures_are_rounded_alike(judge: Page) -> None:
    """Of two equally near to the even one, as halves of the last digit show."""
    values = [[k / 2 ** (digits + 1), digits] for digits in (0, 1, 3) for k in range(1, 41_000, 13)]
    shown = judge.evaluate(
        "(values) => values.map(([value, digits]) => figure(value, digits))", values
    )
    assert shown == [f"{value:,.{digits}f}" for value, digits in values]


EDITS, EDITS_OF_OTHERS = (10_000, 2_000) if DEEP else (100, 100)


def test_drafts_of_the_sample_are_judged_alike(judge: Page) -> None:
    broken = compare_edits(judge, drafts.region({}), EDITS)
    assert {"coverage", "contiguity", "band"} <= broken


def test_drafts_under_every_rule_are_judged_alike(judge: Page) -> None:
    broken = compare_edits(judge, drafts.region(drafts.RULES), EDITS)
    every = {"coverage", "contiguity", "band", "practices", "travel", "hub"}
    assert every | {"together", "apart", "fixed", "networks", "moves"} <= broken


def test_drafts_with_exceptions_are_judged_alike(judge: Page) -> None:
    assert "moves" in compare_edits(judge, drafts.region(drafts.EXCEPTIONS), EDITS_OF_OTHERS)


def test_drafts_by_a_matrix_in_minutes_are_judged_alike(judge: Page, tmp_path: Path) -> None:
    assert "travel" in compare_edits(judge, drafts.by_car(tmp_path), EDITS_OF_OTHERS)


def test_drafts_on_a_map_of_neighbourhoods_are_judged_alike(judge: Page, tmp_path: Path) -> None:
    assert "neighbourhoods" in compare_edits(judge, drafts.in_quarters(tmp_path), EDITS_OF_OTHERS)


def test_drafts_with_sites_that_may_be_hubs_are_judged_alike(judge: Page, tmp_path: Path) -> None:
    broken = compare_edits(judge, drafts.with_sites(tmp_path, only=False), EDITS_OF_OTHERS)
    assert "travel" in broken
    broken = compare_edits(judge, drafts.with_sites(tmp_path, only=True), EDITS_OF_OTHERS)
    assert {"hub", "travel"} <= broken


def test_every_draft_of_a_region_where_all_is_equal_is_judged_alike(
    judge: Page, tmp_path: Path
) -> None:
    square = drafts.square(tmp_path)
    broken = compare(judge, square, drafts.every(square, ["N1", "N2", "N3"]))
    assert {"networks", "neighbourhoods", "contiguity"} <= broken


def test_the_band_gives_way_as_far_as_was_proven(judge: Page, tmp_path: Path) -> None:
    """Every network of two is 250 short, and none of these can be avoided."""
    region = drafts.square(
        tmp_path,
        band={"min": 1750, "max": 2250, "below": "avoid", "above": "forbid"},
        limits={},
        neighbourhoods={},
    )
    stands = {}
    for draft in drafts.every(region, ["N1", "N2"]):
        asked = [{"id": key, "members": draft[key]} for key in draft]
        told = judge.evaluate(
            """([problem, draft, proof]) => {
                const judge = new Judge(problem);
                return obstacle(judge.judge(draft), proof)?.rule ?? null;
            }""",
            [draft_problem(region), asked, {"outside": [500, 0]}],
        )
        stands[tuple(sorted(map(tuple, draft.values())))] = told
    assert stands[(0, 1), (2, 3)] is None
    assert stands[(0,), (1, 2, 3)] == "band"  # 1,000 short
    assert stands[(0, 1, 2, 3),] == "band"  # above, which never gives way
    assert stands[(0, 1, 2),] == "coverage"


def test_drafts_under_bands_on_figures_are_judged_alike(judge: Page, tmp_path: Path) -> None:
    region = drafts.with_figures(tmp_path)
    assert "band" in compare_edits(judge, region, EDITS_OF_OTHERS)
    assert len(region.problem.figure_limits) == 7


def test_drafts_of_209_practices_are_judged_alike(judge: Page, tmp_path: Path) -> None:
    write_atomically(tmp_path / "practices.csv", practices_csv(make_sample(209, 1)))
    compare_edits(judge, drafts.region({}, tmp_path / "practices.csv"), 10_000 if DEEP else 20)


@pytest.mark.skipif(not ENGLAND.exists(), reason=f"there is no official data at {ENGLAND}")
@pytest.mark.skipif(not DEEP, reason="the lists of all England take long to read")
def test_drafts_of_the_largest_region_of_england_are_judged_alike(judge: Page) -> None:
    files = [ENGLAND / f"gp-reg-pat-prac-{name}.csv" for name in ("all", "map")]
    compare_edits(judge, drafts.largest(*files), 10_000)
