"""The page of a plan in a real browser, without a network."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pcn_group.output.data.folder import PLOTLY_FILE
from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.document import plotly_script
from pcn_group.output.report.facts import facts_of
from pcn_group.output.report.plan_page import report_html
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from tests.output.report.opened import Opened, opened
from tests.output.report.plans import ACCENTS, ENDING, LONG, NAMES, NETWORKS, SCRIPT
from tests.plan.folders import write_plan

A4_WIDE = 695
"""The width of A4 between the margins of the page, in pixels"""


def numbers(cells: list[str]) -> list[float]:
    return [float(cell.replace(",", "").lstrip("£")) for cell in cells]


# --- opening -----------------------------------------------------------------------------------


def test_it_opens_with_nothing_to_fetch_and_nothing_to_complain_about(sample: Opened) -> None:
    sample.page.locator("#practices").scroll_into_view_if_needed()
    assert sample.fetched == []
    assert sample.troubles == []
    assert sample.page.locator(".main-svg").count() > 0


@pytest.mark.parametrize("which", ["drawn", "large"])
def test_it_is_ready_within_three_seconds_of_work(
    request: pytest.FixtureRequest, browser: Browser, which: str
) -> None:
    """Opened cold. What counts is its work: a machine busy with other work makes it no slower.

    The page waits for nothing, so on a free machine the clock shows less than its work.
    """
    with opened(browser, request.getfixturevalue(which)) as it:
        session = it.page.context.new_cdp_session(it.page)
        session.send("Performance.enable")
        told = session.send("Performance.getMetrics")["metrics"]
        (seconds,) = [metric["value"] for metric in told if metric["name"] == "ProcessTime"]
        assert 0.1 < seconds < 3
        assert it.troubles == it.fetched == []


def test_nothing_but_its_own_scripts_can_run(sample: Opened) -> None:
    sample.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.harmed = true";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", "<img src='https://example.org/a.png'>");
            document.body.insertAdjacentHTML("beforeend", "<b onclick='harmed = true'>b</b>");
            document.body.lastChild.click();
        }"""
    )
    assert sample.page.evaluate("window.harmed") is None
    sample.eventually(lambda: len(sample.troubles), 3)
    assert all("Content Security Policy" in trouble for trouble in sample.troubles)
    sample.troubles.clear()
    sample.fetched.clear()


def test_pages_can_share_plotly(browser: Browser, tmp_path: Path) -> None:
    case = open_case(str(write_plan(tmp_path)), PlanInputs())
    facts = facts_of(case)
    layers = map_layers(case.region, facts.described)
    page = report_html(facts, layers, case.region, ".")
    (tmp_path / "report.html").write_text(page, "utf-8")
    (tmp_path / PLOTLY_FILE).write_text(plotly_script(), "utf-8")
    with opened(browser, tmp_path) as it:
        assert it.troubles == []
        assert it.fetched == [(tmp_path / PLOTLY_FILE).as_uri()]


# --- the map -----------------------------------------------------------------------------------


def test_hovering_shows_a_practice(sample: Opened) -> None:
    circles = sample.trace("practices")
    plan = sample.page.evaluate("JSON.parse(document.getElementById('plan').textContent)")
    for place in (0, 25):  # the largest, and one among others
        practice = plan["practices"][circles["customdata"][place]]
        sample.page.mouse.move(*sample.pixel(circles["x"][place], circles["y"][place]))
        shown = sample.page.locator(".hoverlayer .hovertext")
        expect(shown).to_contain_text(practice["code"])
        expect(shown).to_contain_text(practice["name"])
        expect(shown).to_contain_text(f"{int(practice['list']):,} patients")
        expect(shown).to_contain_text(plan["networks"][practice["network"]]["id"])
        expect(shown).to_contain_text(f"{practice['travel']} km to the hub")


def test_a_click_shows_a_network_alone_and_escape_shows_all(sample: Opened) -> None:
    labels = sample.trace("labels")
    sample.page.mouse.click(*sample.pixel(labels["x"][1], labels["y"][1]))
    expect(sample.page.locator("#picked h3")).to_contain_text("XN0002")
    strengths = sample.strengths()
    assert strengths[1] == 1
    assert max(strengths[:1] + strengths[2:]) < 0.3
    row = sample.page.locator("tr[data-network='1']")
    expect(row.locator(".pick")).to_have_attribute("aria-pressed", "true")
    assert len(sample.trace("ways")["x"]) == 3 * 4  # its practices, with gaps between
    assert [text for text in sample.trace("labels")["text"] if text] == ["<b>2</b>"]
    sample.page.keyboard.press("Escape")
    sample.eventually(lambda: set(sample.strengths()), {1})
    expect(row.locator(".pick")).to_have_attribute("aria-pressed", "false")
    assert len(sample.trace("ways")["x"]) == 3 * 60
    assert all(sample.trace("labels")["text"])


def test_a_circle_and_a_row_show_their_network_too(sample: Opened) -> None:
    circles = sample.trace("practices")
    sample.page.mouse.click(*sample.pixel(circles["x"][0], circles["y"][0]))
    expect(sample.page.locator("#picked h3")).to_have_count(1)
    sample.page.get_by_role("button", name="Show all networks").click()
    sample.eventually(lambda: set(sample.strengths()), {1})
    row = sample.page.locator("tr[data-network='3']")
    for pressed in ("true", "false"):  # and once more for all
        row.get_by_role("button", name="XN0004").click()
        expect(row.locator(".pick")).to_have_attribute("aria-pressed", pressed)
    assert set(sample.strengths()) == {1}


def test_layers_come_and_go(sample: Opened) -> None:
    def is_shown(layer: str) -> bool:
        return sample.trace(layer).get("visible", True) is True

    for name, layer in (
        ("Neighbours", "neighbours"),
        ("Networks of today", "today"),
        ("Numbers of networks", "labels"),
    ):
        before = is_shown(layer)
        sample.page.get_by_label(name).click()
        sample.eventually(partial(is_shown, layer), not before)


def test_exceptions_are_outlined_and_hatched(hostile_page: Opened) -> None:
    assert len(hostile_page.trace("exceptions")["x"]) > 3
    assert hostile_page.page.locator(".canvas pattern").count() == 1
    expect(hostile_page.page.get_by_role("checkbox", name="Outside the band")).to_be_checked()


def test_an_exception_shown_alone_keeps_its_outline(hostile_page: Opened) -> None:
    outside = hostile_page.trace("exceptions")["meta"]["network"]
    choice = hostile_page.page.get_by_role("combobox", name="Network")
    choice.select_option(str(outside))
    assert hostile_page.trace("exceptions")["opacity"] == 1
    choice.select_option(str(1 - outside))
    assert hostile_page.trace("exceptions")["opacity"] < 0.3
    hostile_page.page.keyboard.press("Escape")
    hostile_page.eventually(lambda: hostile_page.trace("exceptions")["opacity"], 1)


# --- search ------------------------------------------------------------------------------------


def test_search_finds_by_code(sample: Opened) -> None:
    box = sample.page.get_by_role("combobox", name="Find a practice")
    box.fill("xx00022")
    expect(sample.page.locator("#matches").get_by_role("option")).to_have_count(1)
    box.press("Enter")
    status = sample.page.get_by_role("status")
    expect(status).to_contain_text("XX00022 Wistreldale Priory Medical Practice: 11,324 patients")
    ring = sample.trace("found")
    plan = sample.page.evaluate("JSON.parse(document.getElementById('plan').textContent)")
    (found,) = [practice for practice in plan["practices"] if practice["code"] == "XX00022"]
    assert (ring["x"], ring["y"]) == ([found["x"]], [found["y"]])
    box.press("Escape")
    sample.eventually(lambda: sample.trace("found")["x"], [])
    expect(status).to_have_text("")


def test_search_finds_by_name_with_the_keyboard(sample: Opened) -> None:
    box = sample.page.get_by_role("combobox", name="Find a practice")
    box.press_sequentially("priory")
    options = sample.page.locator("#matches").get_by_role("option")
    expect(options.first).to_be_visible()
    names = options.all_text_contents()
    assert len(names) > 1
    assert all("Priory" in name for name in names)
    expect(sample.page.get_by_role("status")).to_contain_text("practices found")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(sample.page.get_by_role("status")).to_contain_text(names[1].split()[0])
    expect(options).to_have_count(0)


# --- tables ------------------------------------------------------------------------------------


def test_tables_sort_numbers_as_numbers_and_back(sample: Opened) -> None:
    for table, heading in (("networks", "Longest km"), ("practices", "List"), ("budgets", "Total")):
        button = sample.page.locator(f"#{table}").get_by_role("button", name=heading)
        button.click()
        up = numbers(sample.column(table, heading))
        assert up == sorted(up)
        button.click()
        assert numbers(sample.column(table, heading)) == up[::-1]
    names = sample.page.locator("#networks").get_by_role("button", name="Named after")
    names.click()
    column = sample.column("networks", "Named after")
    assert column[0] == "Corrinworth PCN"
    assert column.index("Quarrinthorpe 2 PCN") < column.index("Wistreldale 2 PCN")


def test_the_keyboard_alone_sorts(sample: Opened) -> None:
    for _ in range(60):
        sample.page.keyboard.press("Tab")
        if sample.page.evaluate("document.activeElement.textContent") == "Patients":
            break
    sample.page.keyboard.press("Enter")
    heading = sample.page.locator("#networks th", has_text="Patients")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    patients = numbers(sample.column("networks", "Patients"))
    assert patients == sorted(patients)
    sample.page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")


# --- looks, paper, ears ------------------------------------------------------------------------


def test_dark_and_light_follow_the_system_and_the_button(sample: Opened) -> None:
    def brightness() -> float:
        colour = sample.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3

    theme = sample.page.locator("html")
    assert brightness() > 200
    sample.page.emulate_media(color_scheme="dark")
    expect(theme).to_have_attribute("data-theme", "dark")
    assert brightness() < 60
    sample.page.emulate_media(media="print")
    assert brightness() == 255
    sample.page.emulate_media(media="screen")
    for dark in (False, True):
        sample.page.get_by_role("button", name="Dark" if dark else "Light").click()
        assert (brightness() < 60) is dark
    sample.page.emulate_media(color_scheme="light")
    expect(theme).to_have_attribute("data-theme", "light")
    assert brightness() > 200


def test_it_fits_windows_and_paper(hostile_page: Opened) -> None:
    assert_fits_paper(hostile_page)
    for wide in (360, 700, 1366, 1920):
        hostile_page.resize({"width": wide, "height": 768})
        assert hostile_page.page.evaluate("document.documentElement.scrollWidth") <= wide


def test_a_large_region_fits_paper(large_page: Opened) -> None:
    assert_fits_paper(large_page)
    assert large_page.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert large_page.troubles == []


def assert_fits_paper(it: Opened) -> None:
    """Nothing is wider than A4, and what only a screen has use for is gone."""
    it.page.emulate_media(media="print")
    it.resize({"width": A4_WIDE, "height": 982})
    assert it.page.evaluate("document.documentElement.scrollWidth") <= A4_WIDE
    for selector in (
        ".main-svg >> nth=0",
        "#networks table",
        "#budgets table >> nth=0",
        "#budgets table >> nth=1",
        ".chart",
    ):
        box = it.page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= A4_WIDE
    for selector in (".top", ".search", ".choice", ".zoom"):
        assert not it.page.locator(selector).first.is_visible()
    it.restore()


def test_all_there_is_has_a_role_and_a_name(sample: Opened) -> None:
    page = sample.page
    for role, name in (
        ("navigation", "Sections"),
        ("main", None),
        ("contentinfo", None),
        ("combobox", "Find a practice"),
        ("group", "Layers"),
        ("combobox", "Network"),
        ("group", "Zoom"),
        ("button", "Dark"),
        ("link", "Skip to the content"),
        ("table", "The networks of the plan"),
        ("table", "The practices and their networks"),
        ("img", "Map of the networks"),
        ("region", "Networks"),
        ("region", "Proof"),
    ):
        found = page.get_by_role(role, name=name) if name else page.get_by_role(role)  # type: ignore[arg-type]  # its roles are literals
        assert found.count() >= 1, (role, name)
    assert page.get_by_role("heading", level=1).count() == 1
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a[href]")]
            .filter((it) => !(it.textContent.trim() || it.labels?.length
                || it.getAttribute("aria-label"))).map((it) => it.outerHTML)"""
    )
    assert nameless == []
    for link in page.get_by_role("navigation").get_by_role("link").all():
        target = link.get_attribute("href")
        assert page.locator(f"{target}").count() == 1


# --- names -------------------------------------------------------------------------------------


def test_hostile_names_harm_nothing(hostile_page: Opened) -> None:
    it = hostile_page
    shown = [name.removesuffix(" hub") for name in it.column("practices", "Name")]
    assert sorted(shown) == sorted(NAMES)
    assert set(it.column("practices", "Network")) == {*NETWORKS, "none"}
    circles = it.trace("practices")
    plan = it.page.evaluate("JSON.parse(document.getElementById('plan').textContent)")
    for x, y, row in zip(circles["x"], circles["y"], circles["customdata"], strict=True):
        it.page.mouse.move(*it.pixel(x, y))
        label = it.page.locator(".hoverlayer .hovertext")
        expect(label).to_contain_text(plan["practices"][row]["code"])
        expect(label).to_contain_text(plan["practices"][row]["name"][:50])
    box = it.page.get_by_role("combobox", name="Find a practice")
    for sought, name in (("mon sur-gery", ACCENTS), (SCRIPT, SCRIPT), (ENDING, ENDING)):
        box.fill(sought)
        box.press("Enter")
        expect(it.page.get_by_role("status")).to_contain_text(name)
    it.page.get_by_role("button", name=NETWORKS[0]).click()
    expect(it.page.locator("#picked h3")).to_contain_text(NETWORKS[0])
    expect(it.page.locator("#picked")).to_contain_text(SCRIPT)
    expect(it.page.locator("#practices")).to_contain_text(LONG)
    assert it.troubles == []
    assert it.fetched == []
