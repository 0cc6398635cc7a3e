"""The page of one plan."""

from __future__ import annotations

from typing import Any

from pcn_group.output.maps.layers import MapLayers
from pcn_group.output.report.facts.facts import Facts
from pcn_group.output.report.facts.words import title
from pcn_group.output.report.figures.plan_map import map_figure
from pcn_group.output.report.html.document import Document, render
from pcn_group.output.report.html.panel import layer_boxes, network_choice, practice_search, section
from pcn_group.output.report.pages.plan_sections import header, sections
from pcn_group.region.region import Region

__all__ = ["map_section", "page_data", "report_html"]


def report_html(facts: Facts, layers: MapLayers, region: Region, batch: str | None = None) -> str:
    """Return the page of a plan: the same plan gives the same bytes.

    Parameters
    ----------
    facts
        What the page says.
    layers, region
        What there is to draw, and the region.
    batch
        As for `render`.
    """
    heading = title(facts)
    parts = sections(facts, layers.networks["colour"].tolist())
    body = "".join(section(name, *part) for name, part in parts.items())
    document = Document(
        title=heading,
        header=header(facts, heading),
        main=map_section(facts) + body,
        contents={"map": "Map"} | {name: heading for name, (heading, _) in parts.items()},
        data=page_data(facts, map_figure(facts, layers, region)),
        footer=f"Made by pcn-group {facts.version}.",
        scripts=("plan_view.js", "page.js"),
    )
    return render(document, batch)


def page_data(facts: Facts, figure: dict[str, Any]) -> dict[str, Any]:
    """Return what the scripts read: the figure, and the practices and networks it is about."""
    number = {row["network_id"]: k for k, row in enumerate(facts.networks)}
    return {
        "figure": figure,
        "plan": {
            "unit": facts.unit,
            "networks": [
                {
                    "number": k,
                    "id": row["network_id"],
                    "name": row["network_name"],
                    "practices": row["practices"],
                    "patients": row["patients"],
                    "mean": row[f"mean_{facts.unit}"],
                    "longest": row[f"max_{facts.unit}"],
                    "exception": row["exception"],
                }
                for k, row in enumerate(facts.networks)
            ],
            "practices": [
                {
                    "code": row["practice_code"],
                    "name": row["practice_name"],
                    "list": row["list_size"],
                    "network": number.get(row["network_id"], -1),
                    "travel": row[facts.travel_column],
                    "hub": row["is_hub"] == "true",
                    "x": round(float(row["easting"])),
                    "y": round(float(row["northing"])),
                }
                for row in facts.practices
            ],
        },
    }


def map_section(facts: Facts) -> str:
    """Return the map with its search, layers, legend and what is said of the network picked."""
    layers = [
        ("labels", "Numbers of networks", True),
        ("ways", "Ways to the hub", True),
        ("neighbours", "Neighbours", False),
    ]
    if facts.moved is not None:
        layers.append(("today", "Networks of today", False))
    if facts.exceptions:
        layers.append(("exceptions", "Outside the band", True))
    return f"""
<section id="map" aria-labelledby="map-title">
<h2 id="map-title">Map</h2>
<div class="map">
<div class="canvas" id="canvas" role="img"
 aria-label="Map of the networks. The tables below have all that it shows."></div>
<div class="panel">
{practice_search()}
<fieldset class="layers"><legend>Layers</legend>{layer_boxes(layers)}</fieldset>
<p class="legend"><span class="key hub"></span>hub
<span class="key circle"></span>practice, by list size</p>
{network_choice()}
</div>
</div>
<noscript><p>The map needs JavaScript; the tables below have all that it shows.</p></noscript>
</section>"""
