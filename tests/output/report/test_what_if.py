"""The place to try changes on the page of a plan: every gesture, without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from pcn_group import check
from pcn_group.cli.report import command as draws
from pcn_group.config.loading import load_configuration
from pcn_group.output.report import draft as draft_module
from pcn_group.output.report.draft import draft_data
from pcn_group.output.report.facts import facts_of
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.inputs import PlanInputs
from tests.output.report.barriers import barriers
from tests.output.report.conftest import run
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.plans import NAMES, NETWORKS
from tests.plan.folders import GROUPINGS, write_plan


class Trying:
    """What one does where changes are tried."""

    def __init__(self, it: Opened) -> None:
        self.it, self.page = it, it.page
        self.verdict, self.told = self.at("verdict"), self.at("told")

    def at(self, name: str) -> Locator:
        return self.page.locator(f"#draft-{name}")

    def row(self, code: str) -> Locator:
        return self.page.locator("#draft-practices tbody tr").filter(
            has=self.page.locator("th", has_text=code)
        )

    def select(self, *codes: str) -> None:
        for code in codes:
            self.row(code).get_by_role("checkbox", name="Select").check()

    def move(self, target: str, *codes: str) -> None:
        self.select(*codes)
        self.at("target").select_option(target)
        self.at("move").click()

    def network_of(self, code: str) -> str:
        return self.row(code).locator("td").nth(3).text_content() or ""

    def save(self, what: str, folder: Path) -> Path:
        with self.page.expect_download() as waiting:
            self.at(what).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def spot(self, code: str) -> tuple[float, float]:
        """Where the circle of a practice is on the window."""
        return self.it.place(code, "draft-map")


@pytest.fixture(scope="module")
def plan(browser: Browser, drawn: Path) -> Iterator[Opened]:
    with opened(browser, drawn) as it:
        yield it


@pytest.fixture
def trying(plan: Opened) -> Iterator[Trying]:
    """The sample's plan, opened where changes are tried."""
    yield from tried(plan)


def tried(it: Opened) -> Iterator[Trying]:
    """A page as if opened for the first time, where changes are tried; nothing goes wrong there."""
    it.open_again()
    it.page.get_by_role("button", name="Try changes").click()
    yield Trying(it)
    assert it.troubles == it.fetched == []


def test_nothing_is_read_before_it_is_opened(sample: Opened) -> None:
    assert sample.page.locator("#draft-map *").count() == 0
    expect(sample.page.locator("#draft-opened")).to_be_hidden()


def test_the_plan_saved_as_it_is_has_the_same_bytes(
    trying: Trying, drawn: Path, tmp_path: Path
) -> None:
    expect(trying.verdict).to_contain_text("keeps every rule")
    saved = trying.save("csv", tmp_path)
    assert saved.name == "groupings.csv"
    assert saved.read_bytes() == (drawn / "groupings.csv").read_bytes()


def test_a_page_of_footprints_calls_them_so_and_its_drafts_count_no_moves_from_networks(
    browser: Browser, tmp_path: Path
) -> None:
    networks = GROUPINGS.replace("502000,220000,N2", "502000,220000,N3")
    plan = write_plan(tmp_path, groupings=networks.replace("501000,220000,N1", "501000,220000,N2"))
    rules = ("--set", "funding.networks=current", "--out", tmp_path / "drawn")
    run(draws, plan / "groupings.csv", *rules)
    with opened(browser, tmp_path / "drawn") as it:
        heading, choice = it.page.locator("#networks h2"), it.page.get_by_label("Footprint")
        expect(heading).to_have_text("Footprints")
        expect(choice.locator("option").first).to_have_text("All footprints")
        for trying in tried(it):
            trying.move("N2", "B")
            expect(trying.at("networks")).to_contain_text("The footprints as the draft has them")
            expect(trying.at("tiles")).to_contain_text("Moved from plan")
            expect(trying.at("tiles")).not_to_contain_text("Moved from today")


def test_what_is_saved_is_judged_as_the_page_says(trying: Trying, tmp_path: Path) -> None:
    trying.move("XN0010", "XX00004")
    expect(trying.verdict).to_contain_text("breaks rules in")
    report = check(str(trying.save("csv", tmp_path))).report
    broken = [finding for finding in report.findings if finding.is_broken]
    assert trying.page.locator("#draft-findings li").count() == len(broken) > 0
    record = json.loads(trying.save("record", tmp_path).read_text("utf-8"))
    assert record["broken"] == [f"{f.rule}: {f.where} {f.message}" for f in broken]
    assert record["cost_integer"] == str(report.cost)
    names = {row["practice_code"]: row["practice_name"] for row in rows(tmp_path / "groupings.csv")}
    moved = {"practice": "XX00004", "name": names["XX00004"], "from": "XN0012", "to": "XN0010"}
    assert record["steps"] == [[moved]]


def test_a_draft_that_keeps_the_rules_is_told_how_good_it_is(
    trying: Trying, drawn: Path, tmp_path: Path
) -> None:
    case = open_case(str(drawn), PlanInputs())
    code, network = next(kept_moves(case))
    expect(trying.at("bound")).to_have_text(
        "No plan that keeps the rules is better than this draft."
    )
    trying.move(network, code)
    expect(trying.verdict).to_contain_text("Your draft keeps every rule.")
    cost = check(str(trying.save("csv", tmp_path))).report.cost
    assert cost is not None
    best = json.loads((drawn / "summary.json").read_text("utf-8"))["bound_integer"]
    hundredths = -((best - cost) * 10_000 // cost)  # rounded up
    expect(trying.at("bound")).to_contain_text(f"more than {hundredths / 100:.2f}\u00a0% better")


def kept_moves(case: Case) -> Iterator[tuple[str, str]]:
    """Single practices, and networks that they can move to without breaking a rule."""
    problem = case.region.problem
    for i, own in case.network_of.items():
        for other in sorted({case.network_of[j] for j in problem.neighbours[i]} - {own}):
            moved = case.networks | {
                own: tuple(j for j in case.networks[own] if j != i),
                other: (*case.networks[other], i),
            }
            if case.judged(moved).holds:
                yield problem.codes[i], other


def test_steps_are_undone_to_the_beginning_and_done_again(trying: Trying) -> None:
    before = trying.network_of("XX00004"), trying.network_of("XX00030")
    trying.move("new", "XX00004", "XX00030")
    trying.move("none", "XX00030")
    assert trying.network_of("XX00030") == "none"
    expect(trying.at("findings")).to_contain_text("is in no network")
    assert "New network 1" in trying.network_of("XX00004")
    trying.at("undo").click()
    trying.at("undo").click()
    assert (trying.network_of("XX00004"), trying.network_of("XX00030")) == before
    expect(trying.at("undo")).to_have_attribute("aria-disabled", "true")
    trying.at("redo").click()
    assert "New network 1" in trying.network_of("XX00030")
    trying.at("reset").click()
    assert trying.network_of("XX00004") == before[0]
    trying.page.keyboard.press("Control+z")
    assert "New network 1" in trying.network_of("XX00004")


def test_practices_are_selected_on_the_map_by_click_and_by_box(trying: Trying) -> None:
    trying.at("map").scroll_into_view_if_needed()
    trying.page.mouse.click(*trying.spot("XX00049"))
    expect(trying.at("selected")).to_contain_text("XX00049")
    (x, y), (east, south) = trying.spot("XX00049"), trying.spot("XX00060")
    trying.page.keyboard.down("Shift")
    trying.page.mouse.move(min(x, east) - 8, min(y, south) - 8)
    trying.page.mouse.down()
    trying.page.mouse.move(max(x, east) + 8, max(y, south) + 8, steps=4)
    trying.page.mouse.up()
    trying.page.keyboard.up("Shift")
    expect(trying.at("selected")).to_contain_text("XX00060")
    trying.page.keyboard.press("Escape")
    expect(trying.at("chosen")).to_have_text("Nothing selected")


def test_the_map_moves_by_mouse_wheel_and_keys_and_selects_nothing(trying: Trying) -> None:
    def sight() -> list[float]:
        return trying.it.sight("draft-map")

    page, whole = trying.page, sight()
    x, y = trying.spot("XX00049")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    assert trying.spot("XX00049") == pytest.approx((x + 60, y + 30), abs=1)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    trying.it.eventually(lambda: sight()[1] - sight()[0] < whole[1] - whole[0], expected=True)
    trying.at("map").focus()
    for key, axis, side in (("ArrowLeft", 0, -1), ("ArrowUp", 2, 1)):
        before = sight()[axis]
        page.keyboard.press(key)
        assert side * (sight()[axis] - before) > 0
    page.keyboard.press("0")
    assert sight() == pytest.approx(whole)
    expect(trying.at("chosen")).to_have_text("Nothing selected")


def test_a_finger_selects_and_draws_boxes(browser: Browser, drawn: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(browser, drawn, **phone) as it:
        it.page.get_by_role("button", name="Try changes").tap()
        trying = Trying(it)
        trying.at("map").scroll_into_view_if_needed()
        it.page.touchscreen.tap(*trying.spot("XX00049"))
        expect(trying.at("selected")).to_contain_text("XX00049")
        trying.at("box").tap()
        expect(trying.at("box")).to_have_attribute("aria-pressed", "true")
        assert trying.at("map").evaluate("(it) => getComputedStyle(it).touchAction") == "none"
        assert it.troubles == []


def test_the_network_of_most_neighbours_is_suggested_and_a_choice_stays(
    trying: Trying, drawn: Path
) -> None:
    case = open_case(str(drawn), PlanInputs())
    place = case.region.problem.codes.index("XX00004")
    beside = [case.network_of[j] for j in case.region.problem.neighbours[place]]
    others = [network for network in beside if network != case.network_of[place]]
    trying.select("XX00004")
    suggested = trying.at("target").input_value()
    assert others.count(suggested) == max(map(others.count, others))
    trying.at("target").select_option("new")
    trying.select("XX00049")
    assert trying.at("target").input_value() == "new"


def test_the_map_zooms_to_what_is_in_pieces_and_back(trying: Trying) -> None:
    trying.move("XN0010", "XX00004")
    before = trying.it.sight("draft-map")
    trying.page.get_by_role("button", name="Show piece 1").first.click()
    assert trying.it.sight("draft-map") != before
    trying.page.locator("#draft-opened").get_by_role("button", name="Show the whole map").click()
    assert trying.it.sight("draft-map") == before


def test_locks_keep_practices_and_networks(trying: Trying) -> None:
    before = trying.network_of("XX00004")
    trying.row("XX00004").get_by_role("checkbox", name="Lock").check()
    trying.move("XN0010", "XX00004")
    expect(trying.told).to_have_text("1 practice stayed: locked.")
    assert trying.network_of("XX00004") == before
    trying.at("clear").click()
    trying.page.get_by_role("checkbox", name="Lock Quarrinthorpe 3 PCN").check()
    trying.move("XN0010", "XX00049")
    expect(trying.told).to_have_text("1 practice stayed: locked.")


def test_a_draft_is_kept_in_the_browser(trying: Trying) -> None:
    trying.move("new", "XX00004")
    trying.page.get_by_label("Note on Corrinworth PCN").fill("ask Ann")
    trying.page.get_by_label("Note on Corrinworth PCN").blur()
    trying.page.reload()
    trying.it.wait_until_drawn()
    trying.page.get_by_role("button", name="Go on with your draft").click()
    assert "New network 1" in trying.network_of("XX00004")
    assert trying.page.get_by_label("Note on Corrinworth PCN").input_value() == "ask Ann"


def test_a_network_and_the_practice_whose_code_it_has_are_told_apart(trying: Trying) -> None:
    """XX00009 continues none of today: it has the code of its hub."""
    network = trying.page.locator("#draft-networks").get_by_label("Note on Wistrelport Quay")
    network.fill("new")
    network.blur()
    assert trying.row("XX00009").get_by_label("Note on").input_value() == ""
    trying.page.locator("#draft-networks").get_by_label("Lock Wistrelport Quay").check()
    expect(trying.row("XX00009").get_by_role("checkbox", name="Lock")).not_to_be_checked()
    trying.move("none", "XX00009")
    expect(trying.told).to_have_text("1 practice stayed: locked.")
    expect(trying.at("notes")).to_have_text("Wistrelport Quay Medical Centre: new")


def test_a_draft_is_opened_again_elsewhere(
    trying: Trying, browser: Browser, drawn: Path, tmp_path: Path
) -> None:
    trying.move("new", "XX00004")
    trying.page.get_by_label("Note on Corrinworth PCN").fill("ask Ann")
    trying.page.get_by_label("Note on Corrinworth PCN").blur()
    record, table = trying.save("record", tmp_path), trying.save("csv", tmp_path)
    for file in (record, table):
        with opened(browser, drawn) as it:
            it.page.get_by_role("button", name="Try changes").click()
            there = Trying(it)
            there.at("file").set_input_files(file)
            expect(there.told).to_have_text(f"{file.name} is opened.")
            assert "New network 1" in there.network_of("XX00004")
            assert there.save("csv", tmp_path / "again").read_bytes() == table.read_bytes()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    trying.at("file").set_input_files(tmp_path / "other.csv")
    expect(trying.told).to_contain_text("is no draft: no columns practice_code and network_id")


def test_the_keyboard_is_enough(trying: Trying) -> None:
    page = trying.page
    trying.at("filter").focus()
    page.keyboard.type("XX00004")
    expect(page.locator("#draft-practices tbody tr:visible")).to_have_count(1)
    page.keyboard.press("Tab")  # into the frame that scrolls, and then to its first box
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(trying.at("selected")).to_contain_text("XX00004")
    trying.at("target").focus()
    page.keyboard.press("End")  # no network
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert trying.network_of("XX00004") == "none"


def test_nothing_sticks_out_of_the_page(trying: Trying) -> None:
    trying.move("XN0010", "XX00004")
    for width in (360, 768, 1024, 1920):
        trying.it.resize({"width": width, "height": 900})
        assert trying.page.evaluate("document.documentElement.scrollWidth") <= width
        map_ = trying.at("map").bounding_box()
        assert map_ is not None
        assert map_["width"] > 300


def test_paper_has_the_draft_once_it_is_opened(sample: Opened, trying: Trying) -> None:
    sample.page.emulate_media(media="print")
    expect(sample.page.locator("#what-if")).to_be_hidden()
    trying.page.emulate_media(media="print")
    expect(trying.page.locator("#draft-map")).to_be_visible()
    expect(trying.at("move")).to_be_hidden()


def test_the_rules_of_the_plan_are_saved_as_a_configuration(
    browser: Browser, tmp_path: Path
) -> None:
    from pcn_group.cli.report import command as report  # noqa: PLC0415

    run(
        report,
        write_plan(tmp_path),
        "--set",
        "limits.max_practices=2",
        "--set",
        'rules.together=[["A", "B"]]',
        "--out",
        tmp_path / "page",
    )
    with opened(browser, tmp_path / "page") as it:
        it.page.get_by_role("button", name="Try changes").click()
        trying = Trying(it)
        trying.move("N2", "B")
        rules, plan = trying.save("rules", tmp_path), trying.save("csv", tmp_path)
        record = json.loads(trying.save("record", tmp_path).read_text("utf-8"))
    assert load_configuration(rules, ()).rules.together == (("A", "B"),)
    report = check(str(plan), PlanInputs(config=rules)).report
    broken = [finding for finding in report.findings if finding.is_broken]
    assert {finding.rule for finding in broken} == {"band", "practices", "together"}
    assert record["broken"] == [f"{f.rule}: {f.where} {f.message}" for f in broken]


def test_names_that_would_do_harm_are_only_names(
    browser: Browser, hostile: Path, tmp_path: Path
) -> None:
    with opened(browser, hostile) as it:
        it.page.get_by_role("button", name="Try changes").click()
        trying = Trying(it)
        trying.move(NETWORKS[1], "P0", "P4")
        trying.move("new", "P1")
        saved = rows(trying.save("csv", tmp_path))
        assert it.troubles == it.fetched == []
    assert {row["practice_code"]: row["practice_name"] for row in saved} == {
        f"P{k}": name for k, name in enumerate(NAMES)
    }
    networks = {row["practice_code"]: row["network_id"] for row in saved}
    assert (networks["P0"], networks["P1"], networks["P2"]) == (NETWORKS[1], "NEW1", NETWORKS[0])


def test_a_region_too_large_for_it_has_a_page_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pcn_group.output.maps.layers import map_layers  # noqa: PLC0415
    from pcn_group.output.report.plan_page import report_html  # noqa: PLC0415

    case = open_case(str(write_plan(tmp_path)), PlanInputs())
    facts = facts_of(case)
    layers = map_layers(case.region, facts.described)
    assert "What if" in report_html(facts, layers, case.region)
    monkeypatch.setattr(draft_module, "LARGEST", 3)
    assert draft_data(facts, layers, case.region) == {}
    assert "What if" not in report_html(facts, layers, case.region)


def test_nobody_is_kept_out(browser: Browser, drawn: Path) -> None:
    assert barriers(browser, drawn, is_draft=True) == []
