"""The page of alternatives in a real browser, without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pcn_group.base.files import write_atomically
from pcn_group.cli.alternatives import command as alternatives
from pcn_group.cli.report import command as report
from pcn_group.cli.solve import command as solve
from pcn_group.output.data.alternatives import ALTERNATIVES_PAGE
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from tests.output.report.barriers import barriers
from tests.output.report.conftest import run
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.plans import SCRIPT, UNBROKEN


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with alternatives of a small region, and their page."""
    folder = tmp_path_factory.mktemp("alternatives")
    table = make_sample(16, 3)
    table.loc[:1, "practice_name"] = [SCRIPT, UNBROKEN]
    write_atomically(folder / "practices.csv", practices_csv(table))
    run(solve, folder / "practices.csv", "--out", folder / "plan", "--quiet")
    out = folder / "found"
    run(alternatives, folder / "plan", "--within", "10%", "--count", 3, "--out", out, "--quiet")
    run(report, out)
    return out


@pytest.fixture(scope="module")
def page(browser: Browser, found: Path) -> Iterator[Opened]:
    with opened(browser, found, ALTERNATIVES_PAGE) as it:
        yield it


def test_groups_are_in_colour_and_what_is_open_is_grey(page: Opened, found: Path) -> None:
    groups = json.loads((found / "summary.json").read_text("utf-8"))["always_together"]
    cells = page.marks(".cell", "agreed-map")
    codes = {c["unit"]: c["code"] for c in page.marks("circle[data-code]", "agreed-map")}
    grey = {codes[cell["unit"]] for cell in cells if cell["network"] == "-1"}
    assert grey == {*codes.values()}.difference(*groups) != set()
    assert {cell["fill"] for cell in cells if cell["network"] == "-1"} == {"#c9c9c9"}
    coloured = {codes[cell["unit"]]: cell["network"] for cell in cells if cell["network"] != "-1"}
    assert len({coloured[group[0]] for group in groups}) == len(groups)
    assert all(len({coloured[code] for code in group}) == 1 for group in groups)
    page.page.mouse.move(*page.place(groups[0][0], "agreed-map"))
    expect(page.page.locator("#agreed-map .tip")).to_contain_text(
        f"always together: {', '.join(groups[0])}"
    )
    assert page.troubles == []
    assert page.fetched == []


def test_open_pairs_are_those_of_the_csv_file_and_sort(page: Opened, found: Path) -> None:
    pairs = [row for row in rows(found / "togetherness.csv") if row["verdict"] == "open"]
    heading = "The other way costs, patient-km"
    shown = [cell.replace(",", "") for cell in page.column("pairs", heading)]
    assert shown == sorted((row["price_patient_km"] for row in pairs), key=float)
    assert page.column("pairs", "Practice") != sorted(page.column("pairs", "Practice"))
    page.page.locator("#pairs thead th", has_text="Practice").locator("button").click()
    assert page.column("pairs", "Practice") == sorted(page.column("pairs", "Practice"))


def test_a_practice_shows_its_open_pairs_and_a_row_one(page: Opened, found: Path) -> None:
    pairs = [row for row in rows(found / "togetherness.csv") if row["verdict"] == "open"]
    code = pairs[0]["practice_code"]
    own = [row for row in pairs if code in {row["practice_code"], row["other_practice_code"]}]
    page.page.mouse.click(*page.place(code, "agreed-map"))
    expect(page.page.locator("#open p")).to_contain_text(
        f"({code}): {len(own)} open pair{'s' * (len(own) != 1)}."
    )
    assert len(page.marks(".prices path", "agreed-map")) == len(own)
    expect(page.page.get_by_role("combobox", name="What is open about")).to_have_value(code)
    told = page.page.locator("#open li")
    prices = {(pair["in_best"], pair["price_patient_km"]) for pair in own}
    expect(told).to_have_count(len(prices))  # those that cost the same stand together
    for pair in own:
        (other,) = {pair["practice_code"], pair["other_practice_code"]} - {code}
        sentence = told.filter(has_text=f"({other})")
        expect(sentence).to_contain_text(f"{pair['in_best']} in the best plan; ")
        expect(sentence).to_contain_text(
            f" costs {float(pair['price_patient_km']):,.3f} patient-km more"
        )
    row = page.page.locator("tr[data-first]").last
    row.locator(".pick").click()
    expect(page.page.locator("#agreed-map")).to_be_in_viewport(ratio=0.95)
    ends = [row.get_attribute("data-first") or "", row.get_attribute("data-second") or ""]
    assert len(page.marks(".prices path", "agreed-map")) == 1
    expect(told).to_have_count(1)
    for end in ends:
        expect(told).to_contain_text(f"({end})")


def test_keys_alone_show_what_is_open(page: Opened) -> None:
    page.page.get_by_role("combobox", name="What is open about").focus()
    page.page.keyboard.press("ArrowDown")
    expect(page.page.locator("#open")).to_contain_text("open pair")
    assert len(page.marks(".prices path", "agreed-map")) > 0
    page.page.keyboard.press("ArrowUp")
    expect(page.page.locator("#open")).to_have_text("")


def test_plans_are_those_of_the_csv_file_and_each_can_be_seen(page: Opened, found: Path) -> None:
    plans = rows(found / "alternatives.csv")
    assert len(plans) == 3
    shown = [cell.replace(",", "") for cell in page.column("plans", "Patient-km")]
    assert shown == [row["cost_patient_km"] for row in plans]
    page.page.get_by_role("button", name="plan-02").click()
    expect(page.page.locator("#shown")).to_have_text("plan-02")
    assert len(page.alone()) == int(plans[1]["networks"])


def test_hostile_names_harm_nothing_and_it_fits(page: Opened) -> None:
    box = page.page.get_by_role("combobox", name="Find a practice")
    box.fill(SCRIPT)
    box.press("Enter")
    expect(page.page.locator("#found")).to_contain_text(SCRIPT)
    page.resize({"width": 360, "height": 768})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
    page.page.emulate_media(media="print")
    page.resize({"width": 695, "height": 982})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 695
    assert page.troubles == []


def test_nobody_is_kept_out(browser: Browser, found: Path) -> None:
    assert barriers(browser, found, ALTERNATIVES_PAGE) == []
