"""What maps show in a real browser: in any window, in any light, on paper, and by keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from pcn_group.output.maps.colours import PALETTE
from tests.output.maps.test_colours import contrast
from tests.output.report.opened import Opened, opened

WIDE, NARROW = ViewportSize(width=1366, height=768), ViewportSize(width=700, height=768)


@pytest.fixture(scope="module")
def page(browser: Browser, hostile: Path) -> Iterator[Opened]:
    """A page of a plan with all layers there are."""
    with opened(browser, hostile, viewport=WIDE) as it:
        yield it
        assert it.troubles == it.fetched == []


def ranges(it: Opened) -> list[float]:
    return it.sight()


def wheel(it: Opened, way: int) -> None:
    """Turn the wheel with Ctrl."""
    before = ranges(it)
    it.page.keyboard.down("Control")
    it.page.mouse.wheel(0, way)
    it.page.keyboard.up("Control")
    it.eventually(lambda: ranges(it) != before, expected=True)


# --- windows -----------------------------------------------------------------------------------


def test_a_map_is_as_before_when_the_window_is(page: Opened) -> None:
    whole = ranges(page)
    page.resize(NARROW)
    assert ranges(page) != pytest.approx(whole)
    page.resize(WIDE)
    assert ranges(page) == pytest.approx(whole)


def test_what_one_looks_at_stays_in_sight(page: Opened) -> None:
    whole = ranges(page)
    page.page.mouse.move(*page.place("P0"))
    wheel(page, -400)
    zoomed = ranges(page)
    assert zoomed[1] - zoomed[0] < 0.95 * (whole[1] - whole[0])
    page.resize(NARROW)
    page.resize(WIDE)
    assert ranges(page) == pytest.approx(zoomed)
    page.resize(NARROW)
    page.page.get_by_role("button", name="Show the whole map").click()
    page.resize(WIDE)
    assert ranges(page) == pytest.approx(whole)


def test_the_wheel_and_fingers_scroll_the_page(browser: Browser, drawn: Path) -> None:
    with opened(browser, drawn, viewport=WIDE, has_touch=True) as it:
        whole = ranges(it)
        it.page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
        x, y = it.place("XX00022")
        it.page.mouse.move(x, y)
        it.page.mouse.wheel(0, 100)
        it.page.wait_for_function("() => scrollY >= 100")
        before = it.page.evaluate("scrollY")
        session = it.page.context.new_cdp_session(it.page)
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            *(("touchMove", [{"x": x, "y": y - 20 * step}]) for step in range(1, 8)),
            ("touchEnd", []),
        ):
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        it.page.wait_for_function("(before) => scrollY > before + 50", arg=before)
        assert ranges(it) == whole
        expect(it.page.locator("#picked h3")).to_have_count(0)


def test_two_fingers_zoom_the_map_and_a_tap_picks(browser: Browser, drawn: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(browser, drawn, **phone) as it:
        it.page.locator("#canvas").scroll_into_view_if_needed()
        west, east, *_ = ranges(it)
        x, y = it.place("XX00043")
        session = it.page.context.new_cdp_session(it.page)
        for kind, apart in (
            ("touchStart", 20),
            *(("touchMove", 20 + 10 * step) for step in range(1, 7)),
            ("touchEnd", None),
        ):
            fingers = [] if apart is None else [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}]
            named = [{**finger, "id": k} for k, finger in enumerate(fingers)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})
        now = ranges(it)
        assert now[1] - now[0] == pytest.approx((east - west) / 4, rel=0.02)
        assert it.place("XX00043") == pytest.approx((x, y), abs=2)
        expect(it.page.locator("#picked h3")).to_have_count(0)
        it.page.touchscreen.tap(*it.place("XX00043"))
        expect(it.page.locator("#picked h3")).to_have_count(1)
        expect(it.page.locator("#canvas .tip")).to_contain_text("XX00043")


def test_headings_stand_clear_of_the_links_above(page: Opened) -> None:
    for size in (WIDE, {"width": 390, "height": 844}):
        page.resize(size)
        page.page.evaluate("location.hash = '#networks'")
        page.page.wait_for_function(
            """() => {
                const edge = document.querySelector(".top").getBoundingClientRect().bottom;
                const { top } = document.querySelector("#networks").getBoundingClientRect();
                return top >= edge && top < edge + 40;
            }"""
        )
        page.page.evaluate("location.hash = ''")


# --- what is found and picked ------------------------------------------------------------------


def test_a_practice_out_of_sight_is_brought_into_it_and_escape_goes_back(page: Opened) -> None:
    def find(code: str) -> tuple[float, float]:
        box = page.page.get_by_role("combobox", name="Find a practice")
        box.fill(code)
        box.press("Enter")
        (ring,) = page.marks(".found")
        return float(ring["x"]), float(ring["y"])

    whole = ranges(page)
    find("P0")
    assert ranges(page) == whole  # all of it is in sight
    for _ in range(3):
        page.page.get_by_role("button", name="Zoom in").click()
    zoomed = ranges(page)
    for code in ("P0", "P5"):  # in opposite corners
        x, y = find(code)
        page.eventually(lambda: ranges(page) != pytest.approx(zoomed), expected=True)
        west, east, south, north = ranges(page)
        assert west < x < east
        assert south < y < north
        assert east - west == pytest.approx(zoomed[1] - zoomed[0])
    page.page.keyboard.press("Escape")
    page.eventually(lambda: ranges(page), pytest.approx(zoomed))
    find("P0")
    page.page.get_by_role("button", name="Zoom out").click()
    moved = ranges(page)
    page.page.keyboard.press("Escape")
    assert ranges(page) == moved


def test_a_click_on_empty_land_shows_all_networks_and_a_drag_does_not(page: Opened) -> None:
    page.page.get_by_role("combobox", name="Network").select_option("1")
    west, *_ = ranges(page)
    page.page.locator("#canvas").scroll_into_view_if_needed()
    box = page.page.locator("#canvas").bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + box["height"]
    heading = page.page.locator("#picked h3")
    page.page.mouse.move(x + 5, y - 5)
    page.page.mouse.down()
    page.page.mouse.move(x + 15, y - 15, steps=3)
    page.page.mouse.up()
    page.eventually(lambda: ranges(page)[0] < west, expected=True)
    expect(heading).to_have_count(1)
    page.page.mouse.click(x + 5, y - 5)
    expect(heading).to_have_count(0)
    assert page.alone() == {0, 1}


@pytest.mark.parametrize("section", ["networks", "exceptions"])
def test_a_row_that_shows_a_network_brings_the_map_into_sight(page: Opened, section: str) -> None:
    page.page.locator(f"#{section} .pick").first.click()
    expect(page.page.locator("#canvas")).to_be_in_viewport(ratio=0.95)
    expect(page.page.locator("#picked h3")).to_have_count(1)


# --- light, dark, paper ------------------------------------------------------------------------


def colours(it: Opened) -> dict[str, tuple[str, str]]:
    """The colour of each layer: of its key, and of its lines as they are drawn."""
    found: dict[str, list[str]] = it.page.evaluate(
        """() => Object.fromEntries(["ways", "neighbours", "today", "exceptions"].map((layer) =>
            [layer, [getComputedStyle(document.querySelector(`.key.${layer}`), "::before")
                .borderTopColor, getComputedStyle(
                    document.querySelector(`#canvas path.${layer}`)).stroke]]))"""
    )
    return {layer: (of_hex(key), of_hex(line)) for layer, (key, line) in found.items()}


def behind_keys(it: Opened) -> set[str]:
    """What is behind the keys of a map."""
    found: list[str] = it.page.evaluate(
        """() => [...document.querySelectorAll(".layers .key")]
            .map((it) => getComputedStyle(it).backgroundColor)"""
    )
    return {of_hex(colour) for colour in found}


def of_hex(colour: str) -> str:
    return "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour)[:3]))


def test_keys_agree_with_the_map_and_lines_are_seen_in_any_light(page: Opened) -> None:
    for name in ("Neighbours", "Networks of today"):
        page.page.get_by_label(name).check()
    drawn = colours(page)
    assert set(drawn) == {"ways", "neighbours", "today", "exceptions"}
    grounds = set()

    def look() -> None:
        assert colours(page) == drawn
        (behind,) = behind_keys(page)
        grounds.add(behind)
        for key, line in colours(page).values():
            assert key == line
            assert all(contrast(fill, line) >= 3 for fill in (behind, *PALETTE))

    look()
    page.page.emulate_media(color_scheme="dark")
    page.page.wait_for_selector("html[data-theme=dark]")
    look()
    page.page.get_by_role("button", name="Light").click()
    look()
    page.page.get_by_role("button", name="Dark").click()
    page.page.emulate_media(media="print")
    look()
    assert len(grounds) == 3  # light, dark, paper


def test_paper_has_a_key_of_what_is_drawn_and_of_no_more(page: Opened) -> None:
    page.page.get_by_label("Networks of today").check()
    page.page.emulate_media(media="print")
    shown = page.page.locator(".layers label >> visible=true").all_text_contents()
    assert shown == ["Ways to the hub", "Networks of today", "Outside the band"]


def test_paper_has_headings_on_every_page_and_a_map_on_the_first(page: Opened) -> None:
    page.resize({"width": 700, "height": 1400})
    page.page.emulate_media(media="print")
    page.page.set_viewport_size({"width": 695, "height": 982})
    map_box = page.page.locator("#canvas").bounding_box()
    assert map_box is not None
    assert map_box["y"] + map_box["height"] < 982
    # A button would not be painted where a heading is repeated.
    shown = page.page.locator("section > .frame thead button").evaluate_all(
        "(all) => all.map((it) => getComputedStyle(it).display)"
    )
    assert set(shown) == {"contents"}


def test_paper_has_the_proof_and_the_hashes(browser: Browser, drawn: Path) -> None:
    with opened(browser, drawn, viewport=WIDE) as it:
        hashes = it.page.locator(".auditor .hash")
        expect(hashes.first).to_be_hidden()
        it.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        it.page.emulate_media(media="print")
        expect(hashes.first).to_be_visible()
        expect(it.page.locator("#proof .tiles")).to_be_visible()


def test_a_name_without_spaces_breaks(page: Opened) -> None:
    def widths() -> list[list[int]]:
        found: list[list[int]] = page.page.evaluate(
            """() => [...document.querySelectorAll(".frame")].filter((it) => it.checkVisibility())
                .map((frame) => [frame.clientWidth, frame.querySelector("table").offsetWidth])"""
        )
        return found

    assert all(table <= frame for frame, table in widths())
    page.resize(NARROW)
    frame, practices = widths()[-1]
    assert practices < 1.1 * frame
    page.page.emulate_media(media="print")
    page.resize({"width": 695, "height": 982})
    assert len(widths()) >= 5
    assert all(table <= frame for frame, table in widths())
    codes = page.page.locator("#practices .pick")
    heights = {code.evaluate("(it) => it.getClientRects().length") for code in codes.all()}
    assert heights == {1}  # no code does


# --- keys --------------------------------------------------------------------------------------


def test_the_keyboard_reaches_all_there_is_and_one_sees_where_it_is(page: Opened) -> None:
    wanted = page.page.evaluate(
        """() => {
            window.all = [...document.querySelectorAll("a[href], button, input, select, summary")]
                .filter((it) => it.checkVisibility());
            return all.length;
        }"""
    )
    reached = set()
    for _ in range(wanted + 30):  # frames that scroll are reached too
        page.page.keyboard.press("Tab")
        place, outline, style = page.page.evaluate(
            """() => { const it = document.activeElement;
                const { outlineWidth, outlineStyle } = getComputedStyle(it);
                return [all.indexOf(it), parseFloat(outlineWidth), outlineStyle]; }"""
        )
        if place >= 0:
            reached.add(place)
            assert (outline, style) == (3, "solid")
    assert len(reached) == wanted > 20


def test_keys_do_what_the_mouse_does(page: Opened) -> None:
    keys = page.page.keyboard
    whole = ranges(page)

    def use(role: str, name: str, key: str) -> None:
        page.page.get_by_role(role, name=name, exact=True).first.focus()  # type: ignore[arg-type]
        keys.press(key)

    use("button", "Zoom in", "Enter")
    half = pytest.approx((whole[1] - whole[0]) / 2)
    page.eventually(lambda: ranges(page)[1] - ranges(page)[0], half)
    zoomed = ranges(page)
    keys.press("ArrowRight")
    moved = pytest.approx(zoomed[0] + 0.2 * (zoomed[1] - zoomed[0]))
    page.eventually(lambda: ranges(page)[0], moved)
    use("button", "Zoom out", "Enter")
    use("button", "Show the whole map", "Enter")
    page.eventually(lambda: ranges(page), pytest.approx(whole))

    use("checkbox", "Ways to the hub", "Space")
    page.eventually(lambda: page.marks(".ways"), [])
    use("button", "Dark", "Enter")
    expect(page.page.locator("html")).to_have_attribute("data-theme", "dark")

    use("combobox", "Network", "ArrowDown")
    expect(page.page.locator("#picked h3")).to_contain_text("1: ")
    assert page.alone() == {0}
    use("button", "Show all networks", "Enter")
    assert page.alone() == {0, 1}
    expect(page.page.get_by_role("combobox", name="Network")).to_be_focused()
    page.page.locator("#networks tr[data-network='1'] .pick").focus()
    keys.press("Enter")
    expect(page.page.get_by_role("combobox", name="Network")).to_have_value("1")
    keys.press("Escape")
    expect(page.page.get_by_role("combobox", name="Network")).to_have_value("")

    use("combobox", "Find a practice", "P")
    keys.press("ArrowUp")
    options = page.page.locator("#matches").get_by_role("option")
    expect(options.last).to_have_attribute("aria-selected", "true")
    keys.press("ArrowUp")
    expect(options.nth(-2)).to_have_attribute("aria-selected", "true")
