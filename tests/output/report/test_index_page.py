"""The pages of a batch in a real browser, without a network, and what becomes of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from pcn_group.batch import crews
from pcn_group.batch.store import NATIONAL_PAGES, Store
from pcn_group.cli.batch import command as batch
from pcn_group.output.data.folder import PICTURES
from pcn_group.output.data.rows import ROLLUPS, SUMMARY_OF_REGIONS
from pcn_group.output.data.table import Table
from pcn_group.output.maps.backdrop import Backdrop
from pcn_group.output.report.index_page import Country, index_html
from pcn_group.output.report.regions_map import class_of
from tests.batch.several import country, crew_here, written
from tests.output.report.barriers import barriers
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.plans import SCRIPT

PAGE = "index.html"
Row = TypeVar("Row")
REGIONS = 3


def run_batch(folder: Path, *arguments: str) -> str:
    """Run a batch; give what it prints."""
    options = ("--out", str(folder / "out"), "--workers", "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crews, "local_crew", crew_here)
        done = CliRunner().invoke(batch, [str(folder / "practices.csv"), *options, *arguments])
    assert done.exception is None, done.output
    return done.stdout


@pytest.fixture(scope="module")
def drawn_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of three regions with its pages."""
    folder = tmp_path_factory.mktemp("batch")
    written(folder, country(REGIONS))
    run_batch(folder, "--report")
    return folder / "out"


@pytest.fixture(scope="module")
def page(browser: Browser, drawn_batch: Path) -> Iterator[Opened]:
    with opened(browser, drawn_batch, PAGE) as it:
        yield it


def percent(share: str) -> str:
    return f"{float(share):.1%}"


def test_it_opens_with_nothing_to_fetch_and_is_light(page: Opened, drawn_batch: Path) -> None:
    assert page.fetched == page.troubles == []
    assert (drawn_batch / PAGE).stat().st_size < 150_000


def test_a_region_leads_to_its_page_and_back(browser: Browser, drawn_batch: Path) -> None:
    with opened(browser, drawn_batch, PAGE) as it:
        it.page.locator("#regions").get_by_role("link", name="R1").click()
        it.page.wait_for_url((drawn_batch / "R1" / "report.html").as_uri())
        it.wait_until_drawn()
        expect(it.page.locator("h1")).to_contain_text("R1")
        it.page.get_by_role("link", name="All regions").click()
        it.page.wait_for_url(it.address)
        it.wait_until_drawn()
        assert it.troubles == []
    assert {path.name for path in (drawn_batch / "R1").iterdir()} >= set(PICTURES)


def test_figures_are_those_of_the_csv_files(page: Opened, drawn_batch: Path) -> None:
    for section, found in (
        ("regions", rows(drawn_batch / "summary.csv")),
        ("icbs", [r for r in rows(drawn_batch / "rollups.csv") if r["level"] == "icb"]),
    ):
        assert page.column(section, "Mean km") == [row["mean_km"] for row in found]
        assert page.column(section, "Exceptions") == [row["exceptions"] for row in found]
        assert page.column(section, "In the band") == [percent(r["share_in_band"]) for r in found]
        shown = [cell.strip("£").replace(",", "") for cell in page.column(section, "Budget")]
        assert shown == [row["budget_gbp"] for row in found]


def test_today_stands_beside_the_plan(page: Opened, drawn_batch: Path) -> None:
    (every, *_) = rows(drawn_batch / "rollups.csv")
    regions = rows(drawn_batch / "summary.csv")
    now, then = (
        sum(row[key] == "1.0" for row in regions)
        for key in ("current_share_in_band", "share_in_band")
    )
    expect(page.page.locator(".verdict")).to_have_text(
        f"Today {percent(every['current_share_in_band'])} of networks are inside the band, in the "
        f"plans {percent(every['share_in_band'])}. All networks are inside in {now} of 3 regions "
        f"today, in {then} in the plans."
    )
    lines = page.page.locator(".shares a title").all_text_contents()
    shares = sorted(regions, key=lambda row: float(row["current_share_in_band"]))
    assert lines == [
        f"{row['region_code']} {row['region_name']}: today "
        f"{percent(row['current_share_in_band'])}, in the plan {percent(row['share_in_band'])}"
        for row in shares
    ]


def test_the_maps_show_both_and_lead_to_a_region(browser: Browser, drawn_batch: Path) -> None:
    with opened(browser, drawn_batch, PAGE) as it:
        told = {row["region_code"]: row for row in rows(drawn_batch / "summary.csv")}
        for canvas, key in (("today", "current_share_in_band"), ("plans", "share_in_band")):
            regions = it.marks(".region", canvas)
            assert [region["fill"] for region in regions] == [
                class_of(float(row[key])) for row in told.values()
            ]
        region = it.page.locator("#plans .region").nth(2)
        inside = it.page.evaluate(
            """(path) => {
                const { x, y, width, height } = path.getBoundingClientRect();
                const spots = [...Array(81).keys()].map((k) =>
                    [x + width * (k % 9 + 1) / 10, y + height * (Math.floor(k / 9) + 1) / 10]);
                return spots.find(([left, top]) => document.elementFromPoint(left, top) === path);
            }""",
            region.element_handle(),
        )
        it.page.mouse.move(*inside)
        expect(it.page.locator("#plans .tip")).to_contain_text("in the band")
        it.page.mouse.click(*inside)
        it.page.wait_for_url("**/R*/report.html")


def test_regions_sort_and_can_be_searched(page: Opened) -> None:
    page.page.locator("#regions th", has_text="Patients").locator("button").click()
    patients = [int(cell.replace(",", "")) for cell in page.column("regions", "Patients")]
    assert patients == sorted(patients)
    page.page.get_by_label("Find a region").fill("region 2")
    expect(page.page.locator("#regions tbody tr >> visible=true")).to_have_count(1)
    expect(page.page.locator("#filtered")).to_have_text("1 region found.")
    page.page.get_by_label("Find a region").fill("")
    expect(page.page.locator("#regions tbody tr >> visible=true")).to_have_count(REGIONS)


def test_it_fits_windows_and_paper(browser: Browser, drawn_batch: Path) -> None:
    with opened(browser, drawn_batch, PAGE, viewport={"width": 360, "height": 768}) as it:
        assert it.page.evaluate("document.documentElement.scrollWidth") <= 360
        it.page.emulate_media(media="print")
        it.resize({"width": 695, "height": 982})
        assert it.page.evaluate("document.documentElement.scrollWidth") <= 695


def test_without_maps_regions_can_be_searched_all_the_same(
    browser: Browser, drawn_batch: Path, tmp_path: Path
) -> None:
    whole = replace(national(drawn_batch, ["R0", "R1"], ""), land=None, backdrop=None)
    (tmp_path / PAGE).write_text(index_html(whole), "utf-8")
    with opened(browser, tmp_path, PAGE) as it:
        expect(it.page.locator("#map, .canvas")).to_have_count(0)
        it.page.get_by_label("Find a region").fill("r1")
        expect(it.page.locator("#regions tbody tr >> visible=true")).to_have_count(1)


def stored(table: Table[Row], path: Path) -> tuple[Row, ...]:
    return table.read(path, path.read_text("utf-8"), "Run the batch again.")


NOTHING = Backdrop(
    gpd.GeoDataFrame(geometry=[], crs=27700), gpd.GeoDataFrame({"name": []}, geometry=[]), ""
)


def national(drawn_batch: Path, codes: Sequence[str], name: str) -> Country:
    """A country of such regions, otherwise alike: all with large figures."""
    (region, *_) = stored(SUMMARY_OF_REGIONS, drawn_batch / "summary.csv")
    large = replace(region, region_name=name, patients=1_234_567, budget_gbp=Decimal("12345678.90"))
    land = gpd.GeoSeries([shapely.box(k, 0, k + 1, 1) for k in range(len(codes))], crs=27700)
    return Country(
        tuple(replace(large, region_code=code) for code in codes),
        tuple(replace(row, name=name) for row in stored(ROLLUPS, drawn_batch / "rollups.csv")),
        land,
        NOTHING,
        (30_000, 50_000),
        "km",
        "1",
        "2019/20",
    )


NAME = "NHS Bournemouth, Christchurch and Poole Integrated Care Board"
AUTHORITY = "King's Lynn and West Norfolk"


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (["15N"], "NHS Devon CCG"),
        ([f"W{k}U3Z" for k in range(3)], NAME),
        ([f"E3800{k:04}" for k in range(135)], NAME),
        ([f"{AUTHORITY} {k}" for k in range(12)], ""),
    ],
)
def test_any_codes_and_names_have_room(
    browser: Browser, drawn_batch: Path, tmp_path: Path, codes: list[str], name: str
) -> None:
    (tmp_path / PAGE).write_text(index_html(national(drawn_batch, codes, name)), "utf-8")
    with opened(browser, tmp_path, PAGE, viewport={"width": 1366, "height": 768}) as it:
        frames = it.page.locator(".frame").evaluate_all(
            "(all) => all.map(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])"
        )
        assert all(wanted <= there for wanted, there in frames)
        headings = it.page.locator("#regions thead th").all_text_contents()
        assert ("Name" in headings) == bool(name)
        it.page.get_by_label("Find a region").fill(codes[-1])
        expect(it.page.locator("#regions tbody tr >> visible=true")).to_have_count(1)
        for width in (1366, 700):
            it.resize({"width": width, "height": 768})
            assert it.page.evaluate("document.documentElement.scrollWidth") <= width
            assert it.page.evaluate(CROWDED) == []
            widths = it.page.locator(".shares svg").evaluate_all(
                "(all) => all.map((svg) => svg.getBoundingClientRect().width)"
            )
            assert all(300 < column <= 34 * 16 for column in widths)


CROWDED = """() => [...document.querySelectorAll(".shares svg")].flatMap((svg) => {
    const { width } = svg.viewBox.baseVal;
    const begins = svg.querySelector(".grid").x1.baseVal.value;
    const ends = (text) => text.getBBox().x + text.getBBox().width;
    const texts = [...svg.querySelectorAll("text")];
    const names = [...svg.querySelectorAll("a")].flatMap((line) => {
        const [first, second] = line.querySelectorAll("text");
        const over = second ? ends(first) > second.getBBox().x : false;
        return over || ends(second ?? first) > begins - 4 ? [first] : [];
    });
    return [...texts.filter((text) => ends(text) > width), ...names].map((t) => t.textContent);
})"""
"""The texts of the chart that reach over an edge, another text or the shares"""


def test_regions_without_a_plan_say_why_and_hostile_names_harm_nothing(
    browser: Browser, drawn_batch: Path, tmp_path: Path
) -> None:
    first, second, third = stored(SUMMARY_OF_REGIONS, drawn_batch / "summary.csv")
    figures = ("cost", "bound", "gap", "networks", "share_in_band", "exceptions", "mean")
    none: dict[str, Any] = dict.fromkeys((*figures, "budget_gbp"))
    lost = replace(second, status="infeasible", reason=SCRIPT, region_name=SCRIPT, **none)
    regions = (first, lost, replace(third, region_code="King's & <b>"))
    land = gpd.GeoSeries([shapely.box(k, 0, k + 1, 1) for k in range(REGIONS)], crs=27700)
    rollups = stored(ROLLUPS, drawn_batch / "rollups.csv")
    whole = Country(regions, rollups, land, NOTHING, (30_000, 50_000), "km", "1", "2019/20")
    (tmp_path / PAGE).write_text(index_html(whole), "utf-8")
    with opened(browser, tmp_path, PAGE) as it:
        assert it.column("without", "Reason") == [SCRIPT]
        assert it.column("regions", "Name")[1] == SCRIPT
        assert it.column("regions", "Proof")[1] == "proven to have no plan"
        hrefs = it.page.locator("#regions tbody a").evaluate_all(
            "(links) => links.map((link) => link.getAttribute('href'))"
        )
        assert hrefs == ["R0/report.html", "King%27s%20%26%20%3Cb%3E/report.html"]
        assert it.troubles == []
    bare = replace(whole, rollups=(replace(whole.every, share_in_band=None),))
    assert "No region has a plan." in index_html(bare)


def test_pages_go_with_the_next_batch_that_has_none(drawn_batch: Path, tmp_path: Path) -> None:
    shutil.copytree(drawn_batch.parent, tmp_path / "again")
    out = tmp_path / "again" / "out"
    (out / "plotly.min.js").write_text("", "utf-8")  # what pages of an earlier version shared
    told = run_batch(tmp_path / "again", "--resume", "--report")
    assert not (out / "plotly.min.js").exists()
    assert told.endswith(f"Written to {out}\nDrawn in {out / PAGE}\n")
    for name in (*NATIONAL_PAGES, *(f"R{k}/{name}" for k in range(REGIONS) for name in PICTURES)):
        assert (out / name).read_bytes() == (drawn_batch / name).read_bytes(), name
    Store(out).refuse_foreign(overwrite=False)
    assert "Drawn" not in run_batch(tmp_path / "again", "--resume")
    left = {path.name for path in out.rglob("*")}
    assert not left & {*NATIONAL_PAGES, *PICTURES}


def test_nobody_is_kept_out(browser: Browser, drawn_batch: Path) -> None:
    assert barriers(browser, drawn_batch, PAGE) == []
