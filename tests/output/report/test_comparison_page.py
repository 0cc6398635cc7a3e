"""The page of plans side by side in a real browser, without a network."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from pcn_group.cli.compare import command as compare
from pcn_group.cli.report import command as report
from tests.output.report.barriers import barriers
from tests.output.report.conftest import SAMPLE, run
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.plans import NAMES, SCRIPT, write_hostile

PAGE = "comparison.html"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, drawn: Path) -> Path:
    """A folder with the comparison of the best plan, one by hand, and today's: files and page."""
    folder = tmp_path_factory.mktemp("compared")
    by_hand = folder / "by-hand.csv"
    moved = {"XX00011": "XN0008", "XX00014": "XN0011"}
    with by_hand.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["practice_code", "network_id"])
        for row in rows(drawn / "groupings.csv"):
            code = row["practice_code"]
            writer.writerow([code, moved.get(code, row["network_id"])])
    arguments = (drawn, by_hand, "current", "--practices", SAMPLE, "--out", folder / "out")
    run(compare, *arguments, "--quiet")
    run(report, *arguments)
    return folder / "out"


@pytest.fixture(scope="module")
def compared_page(browser: Browser, compared: Path) -> Iterator[Opened]:
    with opened(browser, compared, PAGE) as page:
        yield page


@pytest.fixture
def page(compared_page: Opened) -> Opened:
    """The page with its first pair."""
    compared_page.page.select_option("#chooser", "0")
    return compared_page


def pair(it: Opened) -> dict[str, Any]:
    found: dict[str, Any] = it.page.evaluate(
        "JSON.parse(document.getElementById('pairs').textContent)[0]"
    )
    return found


def test_it_opens_with_nothing_to_fetch_and_nothing_to_complain_about(page: Opened) -> None:
    assert page.troubles == []
    assert page.fetched == []
    assert page.page.locator("#first .cell, #other .cell").count() == 2 * 60
    names = page.page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(names) == len(set(names))


def test_the_figures_are_those_of_the_csv_file(page: Opened, compared: Path) -> None:
    shown: dict[str, list[str]] = page.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("tr[data-figure]")].map((row) =>
            [row.dataset.figure, [...row.cells].slice(1).map((cell) =>
                cell.firstChild.textContent.trim())]))"""
    )
    plans = rows(compared / "comparison.csv")
    for key, cells in shown.items():
        told = [cell.replace(",", "").removeprefix("£") for cell in cells]
        if key == "share_in_band":
            told = [str(round(float(cell.rstrip("%")) / 100, 4)) for cell in told]
        assert told == [plan[key] or "unknown" for plan in plans], key
    missing = set(plans[0]) - set(shown) - {"plan", "budget_remark"}
    assert {plan[key] for key in missing for plan in plans} <= {"0", "0.00", ""}
    (remark,) = {plan["budget_remark"] for plan in plans}
    assert page.page.get_by_text(f"Budget, 2019/20, lists of 1 January 2019, {remark}").is_visible()


def test_differences_are_from_the_first_plan(page: Opened, compared: Path) -> None:
    cells = page.page.locator("tr[data-figure^='cost_patient'] .change")
    first, by_hand, _ = (float(row["cost_patient_km"]) for row in rows(compared / "comparison.csv"))
    told = cells.nth(0).inner_text().replace(",", "")
    assert told.startswith("+")
    assert float(told) == pytest.approx(by_hand - first)


def test_what_moves_is_in_the_table_and_on_both_maps(page: Opened, compared: Path) -> None:
    moves = rows(compared / "moves.csv")[:60]
    moving = {row["practice_code"] for row in moves if row["moved"] == "true"}
    assert len(moving) == 2
    assert set(page.column("moves", "Practice")) == moving
    for which in ("first", "other"):
        assert len(page.marks(".moves circle", which)) == 2
        assert len(page.marks(".moves .way", which)) == 2
        for code in moving:
            page.page.mouse.move(*page.place(code, which))
            expect(page.page.locator(f"#{which} .tip")).to_contain_text("moves from")


def test_what_continues_has_one_number_and_colour_and_neighbours_differ(page: Opened) -> None:
    colours: dict[int, set[str]] = {}
    matches = pair(page)["matches"]
    for which, column in (("first", "from_network"), ("other", "to_network")):
        side = pair(page)["sides"][which == "other"]
        fills = {int(cell["network"]): cell["fill"] for cell in page.marks(".cell", which)}
        for place, network in enumerate(side["networks"]):
            assert matches[network["number"]][column] == network["id"]
            colours.setdefault(network["number"], set()).add(fills[place])
    assert all(len(own) == 1 for own in colours.values())
    assert len({colour for own in colours.values() for colour in own}) > 3


def test_maps_move_together(page: Opened) -> None:
    west, east, *_ = page.sight("first")
    for which, linked in (("first", "other"), ("other", "first")):
        page.page.locator(f"#{which}").focus()
        for key in ("+", "+", "ArrowLeft", "ArrowDown"):
            page.page.keyboard.press(key)
        assert page.sight(linked) == pytest.approx(page.sight(which))
        assert page.sight(linked)[1] - page.sight(linked)[0] < 0.6 * (east - west)
        west, east, *_ = page.sight("first")


def test_a_network_is_shown_alone_on_both(page: Opened) -> None:
    row = page.page.locator("tr[data-network='1']").first
    row.locator(".pick").click()
    for which in ("first", "other"):
        assert len(page.alone(which)) == 1
    expect(page.page.locator("#picked h3")).to_contain_text("XN0002")
    page.page.keyboard.press("Escape")
    assert page.alone("first") == {*range(16)}


def test_both_maps_are_as_before_when_the_window_is(page: Opened) -> None:
    before = page.sight("first")
    for wide in (500, 1280):
        page.resize({"width": wide, "height": 720})
        assert page.sight("first") == pytest.approx(page.sight("other"))
        assert (page.sight("first") == pytest.approx(before)) is (wide == 1280)


def test_another_plan_can_be_chosen(page: Opened, compared: Path) -> None:
    verdicts = page.page.locator(".verdict")
    expect(verdicts.nth(0)).to_be_visible()
    page.page.get_by_label("Compared with").select_option("1")
    expect(verdicts.nth(0)).not_to_be_visible()
    expect(verdicts.nth(1)).to_contain_text("to current")
    moved = [row for row in rows(compared / "moves.csv")[60:] if row["moved"] == "true"]
    shown = page.page.locator("#moves tbody tr >> visible=true")
    expect(shown).to_have_count(len(moved))
    assert len(page.marks(".moves circle", "other")) == len(moved)


def test_a_row_and_the_search_ring_a_practice_on_both_maps(page: Opened) -> None:
    page.page.locator("#moves .pick").first.click()
    (first,), (other,) = page.marks(".found", "first"), page.marks(".found", "other")
    assert (first["x"], first["y"]) == (other["x"], other["y"])
    expect(page.page.locator("#found")).to_contain_text("first in network ")
    box = page.page.get_by_role("combobox", name="Find a practice")
    box.fill("xx00022")
    box.press("Enter")
    expect(page.page.locator("#found")).to_contain_text("in network XN0003")


def test_the_table_of_moves_sorts(page: Opened) -> None:
    page.page.locator("#moves th", has_text="Patients").first.locator("button").click()
    patients = [int(cell.replace(",", "")) for cell in page.column("moves", "Patients")]
    assert patients == sorted(patients)


@pytest.mark.parametrize("wide", [1366, 360])
def test_it_fits_windows_and_paper(browser: Browser, compared: Path, wide: int) -> None:
    with opened(
        browser, compared, PAGE, viewport={"width": wide, "height": 768}, color_scheme="dark"
    ) as it:
        assert it.page.evaluate("document.documentElement.scrollWidth") <= wide
        assert it.page.evaluate(BROKEN) == []
        it.page.emulate_media(media="print")
        it.resize({"width": 695, "height": 982})
        assert it.page.evaluate("document.documentElement.scrollWidth") <= 695
        assert it.troubles == []


BROKEN = """() => [...document.querySelectorAll(".figures tbody th")].flatMap((cell) => {
    const text = cell.firstChild;
    return [...text.data.matchAll(/[^\\s-]+/g)].filter(({ index, 0: word }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return range.getClientRects().length > 1;
    }).map(([word]) => word);
})"""
"""The words of the figures that are broken across lines"""


def test_hostile_names_harm_nothing(browser: Browser, tmp_path: Path) -> None:
    first = write_hostile(tmp_path)
    second = tmp_path / "<img src=x onerror=alert(5)>.csv"
    plan = rows(first)
    plan[1]["network_id"] = plan[3]["network_id"]
    with second.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(plan[0]))
        writer.writeheader()
        writer.writerows(plan)
    run(report, first, second, "--out", tmp_path / "out")
    with opened(browser, tmp_path / "out", PAGE) as it:
        expect(it.page.locator(".verdict")).to_contain_text(second.name)
        assert it.column("moves", "Name") == [NAMES[1]]
        it.page.get_by_role("combobox", name="Network").select_option("0")
        expect(it.page.locator("#picked")).to_contain_text("Exception in the first plan: ")
        it.page.locator("#moves .pick").click()
        box = it.page.get_by_role("combobox", name="Find a practice")
        box.fill(SCRIPT)
        box.press("Enter")
        expect(it.page.locator("#found")).to_contain_text(SCRIPT)
        for button in it.page.locator("#networks .pick").all():
            button.click()
        assert it.troubles == []
        assert it.fetched == []


def test_nobody_is_kept_out(browser: Browser, compared: Path) -> None:
    assert barriers(browser, compared, PAGE) == []
