"""The page of a plan in a real browser, without a network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.output.report.barriers import barriers
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.plans import ACCENTS, ENDING, LONG, NAMES, NETWORKS, SCRIPT

A4_WIDE = 695
"""The width of A4 between the margins of the page, in pixels"""


def numbers(cells: list[str]) -> list[float]:
    return [float(cell.replace(",", "").lstrip("£")) for cell in cells]


# --- opening -----------------------------------------------------------------------------------


def test_it_opens_with_nothing_to_fetch_and_nothing_to_complain_about(sample: Opened) -> None:
    sample.page.locator("#practices").scroll_into_view_if_needed()
    assert sample.fetched == []
    assert sample.troubles == []
    assert sample.page.locator("#canvas .cell").count() > 0


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


def test_a_page_is_light(drawn: Path, large: Path) -> None:
    """What the program brings in itself is the same on both; most of the rest is travel."""
    assert (drawn / "report.html").stat().st_size < 400_000
    assert (large / "report.html").stat().st_size < 1_400_000


# --- the map -----------------------------------------------------------------------------------


def test_hovering_shows_a_practice(sample: Opened, drawn: Path) -> None:
    for row in rows(drawn / "groupings.csv")[::25]:
        sample.page.mouse.move(*sample.place(row["practice_code"]))
        shown = sample.page.locator("#canvas .tip")
        expect(shown).to_contain_text(row["practice_code"])
        expect(shown).to_contain_text(row["practice_name"])
        expect(shown).to_contain_text(f"{int(row['list_size']):,} patients")
        expect(shown).to_contain_text(row["network_id"])
        expect(shown).to_contain_text(f"{row['km_to_hub']} km to the hub")


def test_hovering_shows_a_network(sample: Opened, drawn: Path) -> None:
    network = rows(drawn / "networks.csv")[1]
    sample.page.mouse.move(*sample.number(1))
    shown = sample.page.locator("#canvas .tip")
    expect(shown).to_contain_text(f"2 {network['network_name']} ({network['network_id']})")
    expect(shown).to_contain_text(f"{int(network['patients']):,} patients")


def test_a_click_shows_a_network_alone_and_escape_shows_all(sample: Opened) -> None:
    sample.page.mouse.click(*sample.number(1))
    expect(sample.page.locator("#picked h3")).to_contain_text("XN0002")
    assert sample.alone() == {1}
    row = sample.page.locator("tr[data-network='1']")
    expect(row.locator(".pick")).to_have_attribute("aria-pressed", "true")
    assert sample.lines("ways") == 3  # of its four practices, one of which is the hub
    assert [label["text"] for label in sample.marks(".number")] == ["2"]
    sample.page.keyboard.press("Escape")
    assert sample.alone() == {*range(16)}
    expect(row.locator(".pick")).to_have_attribute("aria-pressed", "false")
    assert sample.lines("ways") == 60 - 16
    assert [label["text"] for label in sample.marks(".number")] == [f"{k + 1}" for k in range(16)]


def test_a_circle_and_a_row_show_their_network_too(sample: Opened) -> None:
    sample.page.mouse.click(*sample.place("XX00022"))
    expect(sample.page.locator("#picked h3")).to_contain_text("XN0003")
    sample.page.get_by_role("button", name="Show all networks").click()
    assert sample.alone() == {*range(16)}
    row = sample.page.locator("tr[data-network='3']")
    for pressed in ("true", "false"):  # and once more for all
        row.get_by_role("button", name="XN0004").click()
        expect(row.locator(".pick")).to_have_attribute("aria-pressed", pressed)
    assert sample.alone() == {*range(16)}


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("Neighbours", ".neighbours"),
        ("Networks of today", ".today"),
        ("Numbers of networks", ".number"),
        ("Ways to the hub", ".ways"),
    ],
)
def test_layers_come_and_go(sample: Opened, name: str, layer: str) -> None:
    box = sample.page.get_by_label(name)
    for is_on in (not box.is_checked(), box.is_checked()):
        box.set_checked(is_on)
        assert bool(sample.marks(layer)) is is_on


def test_practices_at_one_place_are_all_seen_and_their_ways_lead_to_them(sample: Opened) -> None:
    drawn = sample.page.evaluate("JSON.parse(document.getElementById('ground').textContent)")
    places = [tuple(practice[3:5]) for practice in drawn["practices"]]
    shared = [k for k, place in enumerate(places) if places.count(place) > 1]
    assert shared
    spots = {sample.place(drawn["practices"][k][0]) for k in shared}
    assert len(spots) == len(shared)


def test_exceptions_are_outlined_and_hatched(hostile_page: Opened) -> None:
    assert hostile_page.lines("exceptions") > 2
    assert hostile_page.lines("hatched") > 0
    assert hostile_page.page.locator("#canvas pattern").count() == 1
    expect(hostile_page.page.get_by_role("checkbox", name="Outside the band")).to_be_checked()
    assert len(hostile_page.marks(".rings circle")) == 1


def test_an_exception_shown_alone_keeps_its_outline(hostile_page: Opened) -> None:
    (ring,) = hostile_page.marks(".rings circle")
    outside = int(ring["network"])
    choice = hostile_page.page.get_by_role("combobox", name="Network")
    choice.select_option(str(outside))
    assert hostile_page.lines("exceptions") > 2
    choice.select_option(str(1 - outside))
    assert hostile_page.lines("exceptions") == 0
    assert hostile_page.marks(".rings circle") == []
    hostile_page.page.keyboard.press("Escape")
    assert hostile_page.lines("exceptions") > 2


# --- search ------------------------------------------------------------------------------------


def test_search_finds_by_code(sample: Opened) -> None:
    box = sample.page.get_by_role("combobox", name="Find a practice")
    box.fill("xx00022")
    expect(sample.page.locator("#matches").get_by_role("option")).to_have_count(1)
    box.press("Enter")
    status = sample.page.get_by_role("status")
    expect(status).to_contain_text("XX00022 Wistreldale Priory Medical Practice: 11,324 patients")
    (ring,), (circle,) = (sample.marks(it) for it in (".found", "circle[data-code=XX00022]"))
    assert (ring["x"], ring["y"]) == (circle["x"], circle["y"])
    expect(sample.page.locator("#canvas .tip")).to_contain_text("XX00022")
    box.press("Escape")
    assert sample.marks(".found") == []
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


def test_the_table_beside_the_map_has_what_the_map_shows_and_is_saved(
    sample: Opened, drawn: Path, tmp_path: Path
) -> None:
    def saved() -> list[dict[str, str]]:
        with sample.page.expect_download() as waiting:
            sample.page.locator("#picked .save").click()
        path = tmp_path / "saved.csv"
        waiting.value.save_as(path)
        return rows(path)

    every = rows(drawn / "groupings.csv")
    told = saved()
    assert {row["Practice"].removesuffix(" hub") for row in told} == {
        row["practice_name"] for row in every
    }
    sample.page.get_by_role("combobox", name="Network").select_option("1")
    own = [row for row in every if row["network_id"] == "XN0002"]
    expect(sample.page.locator("#picked tbody tr")).to_have_count(len(own))
    assert sorted((row["Patients"], row["km to hub"]) for row in saved()) == sorted(
        (row["list_size"], row["km_to_hub"]) for row in own
    )
    sample.page.locator("#picked tbody tr").last.click()
    assert len(sample.marks(".found")) == 1


def test_a_table_is_saved_without_what_a_spreadsheet_would_run(
    hostile_page: Opened, tmp_path: Path
) -> None:
    with hostile_page.page.expect_download() as waiting:
        hostile_page.page.get_by_role("button", name="Save as CSV: The networks").click()
    waiting.value.save_as(tmp_path / "saved.csv")
    assert {row["Network"] for row in rows(tmp_path / "saved.csv")} == {*NETWORKS, "All"}


def test_the_keyboard_alone_sorts(sample: Opened) -> None:
    sample.page.locator("#networks .frame").first.focus()
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
        "#canvas svg",
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
    for k, name in enumerate(NAMES):
        it.page.mouse.move(*it.place(f"P{k}"))
        label = it.page.locator("#canvas .tip")
        expect(label).to_contain_text(f"P{k} {name}")
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


def test_nobody_is_kept_out(browser: Browser, drawn: Path) -> None:
    assert barriers(browser, drawn) == []
