"""Practices at one place: what is drawn over what, and what is said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pcn_group.output.maps.colours import OUTSIDE
from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.facts import Facts, facts_of
from pcn_group.output.report.plan_map import map_figure
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from tests.output.report.plans import LONG


def crowded(folder: Path, *, band: str) -> tuple[Facts, dict[str, Any]]:
    """Draw a plan: a hub with a smaller practice at its place, eight at another, one alone.

    The hub is as near to all as can be, since most patients are there.
    """
    rows = [
        "HUB,Hub,20000,R,N,500000,200000",
        "IN,Within <it>,9000,R,N,500000,200000",
        *(f"M{k},{LONG},300,R,N,500900,200900" for k in range(8)),
        "FAR,Far,40000,R,F,509000,200000",
    ]
    path = folder / "crowded.csv"
    heading = "practice_code,practice_name,list_size,region_code,network_id,easting,northing"
    path.write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    case = open_case(str(path), PlanInputs(overrides=(f"band.max={band}",)))
    found = facts_of(case)
    return found, map_figure(found, map_layers(case.region, found.described), case.region)


def layer(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["meta"]["layer"] == name]


def test_a_hub_and_the_practice_at_its_place_are_both_seen(tmp_path: Path) -> None:
    found, figure = crowded(tmp_path, band="50000")
    (circles,) = layer(figure, "practices")
    codes = [found.practices[k].practice_code for k in circles["customdata"]]
    assert codes[-1] == "IN"  # over its hub, which it does not fill
    assert set(codes[-3:-1]) == {"HUB", "FAR"}
    marker = circles["marker"]
    look = dict(zip(codes, zip(marker["color"], marker["line"]["color"], strict=True), strict=True))
    assert look["HUB"] == look["FAR"] == ("#000000", "#ffffff")
    assert look["IN"] == ("rgba(0,0,0,0)", "#ffffff")
    assert look["M0"] == ("#ffffff", "#000000")


def test_every_practice_at_a_place_is_told(tmp_path: Path) -> None:
    found, figure = crowded(tmp_path, band="50000")
    (circles,) = layer(figure, "practices")
    told = {
        found.practices[k].practice_code: text
        for k, text in zip(circles["customdata"], circles["hovertext"], strict=True)
    }
    assert (
        told["HUB"]
        == told["IN"]
        == (
            "2 practices at this place"
            "<br><b>HUB</b> Hub<br>20,000 patients, in N, the hub, 0.000 km to the hub"
            "<br><b>IN</b> Within &lt;it&gt;<br>9,000 patients, in N, 0.000 km to the hub"
        )
    )
    first, *several, last = told["M7"].split("<br>")
    assert (first, len(several), last) == ("8 practices at this place", 6 * 2, "and 2 more")
    assert several[0] == f"<b>M0</b> {LONG[:39]}…"
    assert several[1].startswith("300 patients, in N, ")
    assert "at this place" not in told["FAR"]


def test_a_network_outside_the_band_is_seen_though_a_circle_covers_it(tmp_path: Path) -> None:
    found, figure = crowded(tmp_path, band="35000")
    (circles,) = layer(figure, "practices")
    number = [row.network_id for row in found.networks].index("F")
    (ring,) = (trace for trace in layer(figure, "exceptions") if trace["mode"] == "markers")
    assert ring["meta"]["network"] == number
    assert (ring["x"], ring["y"]) == ([509_000], [200_000])
    assert ring["marker"]["color"] == OUTSIDE
    assert ring["marker"]["size"] > max(circles["marker"]["size"])
    assert figure["data"].index(ring) > figure["data"].index(circles)
