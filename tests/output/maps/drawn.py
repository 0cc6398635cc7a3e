"""Small plans, drawn, and what a picture shows."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

from pcn_group.output.data.plan_files import grouping_rows, network_rows
from pcn_group.output.data.region_tables import neighbour_rows
from pcn_group.output.data.rows import ADJACENCY, GROUPINGS, NETWORKS
from pcn_group.output.maps.layers import MapLayers, map_layers
from pcn_group.output.maps.pictures import map_pictures
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.network import Network, build_networks
from tests.paths import ROOT

VALLEY = ROOT / "tests" / "golden" / "valley"
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawn:
    """A plan, what there is to draw of it, and its tables."""

    case: Case
    networks: tuple[Network, ...]
    layers: MapLayers

    @property
    def tables(self) -> dict[str, str]:
        region, networks, unit = self.case.region, self.networks, self.case.region.travel.unit
        return {
            "networks": NETWORKS.csv(network_rows(networks, region), unit),
            "practices": GROUPINGS.csv(grouping_rows(networks, region.table, region.travel), unit),
            "neighbours": ADJACENCY.csv(neighbour_rows(region)),
        }


def drawn(plan: Path, *rules: str) -> Drawn:
    """Read a plan, and lay out what there is to draw."""
    case = open_case(str(plan), PlanInputs(overrides=rules))
    reasons = {True: "the plan has it so", False: "the plan has it so"}
    networks = build_networks(case.region, list(case.networks.values()), reasons)
    return Drawn(case, networks, map_layers(case.region, networks))


def odd_names(folder: Path) -> Path:
    """A plan whose names have all that does harm in HTML, JSON, XML, CSV or mathematics."""
    groupings = (
        "practice_code,practice_name,list_size,region_code,network_id,easting,northing\n"
        'A,"O\'Brien ""the"" <script>alert(1)</script>",20000,R,A,500000,220000\n'
        "B,Ŵyth & Né --> $x_1$ ]]> \\frac{1}{2},15000,R,A,501000,220000\n"
        f"C,{'Long name ' * 8},25000,R,C,502000,224000\n"
        "D,,20000,R,C,503000,220000\n"
        "E,$\\frac{1$ of it,40000,R,E,505000,223000\n"
    )
    path = folder / "groupings.csv"
    path.write_text(groupings, encoding="utf-8")
    return path


def left_out(folder: Path) -> Path:
    """A plan made by hand that leaves a practice in no network."""
    path = folder / "groupings.csv"
    path.write_text(
        "practice_code,practice_name,list_size,network_id,easting,northing\n"
        "A,Abbey,20000,A,500000,220000\n"
        "B,Bridge,15000,A,501000,220000\n"
        "C,Church,25000,,502000,224000\n",
        encoding="utf-8",
    )
    return path


def alone(folder: Path, place: tuple[float, float]) -> Path:
    """A plan of one practice."""
    path = folder / "groupings.csv"
    path.write_text(
        "practice_code,practice_name,list_size,network_id,easting,northing\n"
        f"A,Abbey,40000,A,{place[0]},{place[1]}\n",
        encoding="utf-8",
    )
    return path


def pictures(plan: Drawn, verdict: str = "A plan.", title: str = "Networks") -> tuple[bytes, str]:
    made = map_pictures(plan.layers, plan.case, title, verdict)
    png, svg = made["map.png"], made["map.svg"]
    assert isinstance(png, bytes)
    assert isinstance(svg, str)
    return png, svg


def texts(svg: str) -> list[str]:
    """The texts of a picture: matplotlib notes each beside its outlines."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))  # noqa: S314 - our own
    root = ET.fromstring(svg, parser)  # noqa: S314 - our own
    return [unescape(str(node.text)).strip() for node in root.iter(ET.Comment)]


def areas(svg: str) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return [g.get("id", "") for g in root.iter(f"{_SVG}g") if g.get("id", "").startswith("area-")]
