"""The chart of travel: few bars, and no number over another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pcn_group.output.report.document import filled
from pcn_group.output.report.facts import Facts, facts_of
from pcn_group.output.report.travel_chart import bins, travel_chart
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs

HEADING = "practice_code,practice_name,list_size,region_code,network_id,easting,northing"


def region(folder: Path, *rows: str) -> Facts:
    path = folder / "by-hand.csv"
    path.write_text("\n".join([HEADING, *rows]) + "\n", "utf-8")
    return facts_of(open_case(str(path), PlanInputs()))


def spread(folder: Path, *kilometres: float) -> Facts:
    """A network of a hub and of practices so far from it, with a hundred patients each."""
    rows = ["HUB,Hub,900000,R,N,500000,200000"]
    rows += [
        f"P{k},P,100,R,N,500000,{200_000 + 1000 * to_hub:.0f}"
        for k, to_hub in enumerate(kilometres)
    ]
    return region(folder, *rows)


def drawn(facts: Facts) -> tuple[str, str]:
    """The chart as SVG, and the table below it."""
    html = filled("travel.html", {"facts": facts, "chart": travel_chart(facts)})
    chart, table = html[html.index("<svg") :].split("</svg>")
    return f"{chart}</svg>", table


@pytest.mark.parametrize("farthest", [0.05, 0.3, 1.6, 5.99, 16, 40.1, 130])
def test_there_are_few_bars_however_far_one_practice_is(tmp_path: Path, farthest: float) -> None:
    found = bins(spread(tmp_path, farthest / 9, farthest))
    assert 1 <= len(found) <= 16
    low, high, patients = found[-1]
    assert low <= farthest < high
    assert patients >= 100
    assert sum(patients for _, _, patients in found) == 900_200


@pytest.mark.parametrize(
    ("farthest", "last"), [(400, "400 to under 450"), (4_000_000, "4,000,000 to under 4,500,000")]
)
def test_large_numbers_of_no_known_unit_have_few_bars_too(
    tmp_path: Path, farthest: int, last: str
) -> None:
    facts = spread(tmp_path, 1, 10)
    large = [
        replace(row, to_hub=row.to_hub and row.to_hub * farthest / 10) for row in facts.practices
    ]
    facts = replace(facts, practices=tuple(large), unit="units")
    assert len(bins(facts)) <= 16
    chart, table = drawn(facts)
    assert "units to the hub" in chart
    assert last in table


def test_numbers_over_bars_have_room_and_the_unit_is_told_once(tmp_path: Path) -> None:
    chart, _ = drawn(spread(tmp_path, *(k * 0.1 + 0.05 for k in range(1, 16))))
    svg = ET.fromstring(chart)  # noqa: S314 - our own
    bars = svg.findall("rect")
    numbers = [text for text in svg.findall("text") if text.get("class") is None]
    assert [len(bars), len(numbers)] == [16, 16]
    for bar, number in zip(bars, numbers, strict=True):
        assert 6.2 * len(number.text or "") <= float(bar.get("width", "0")) + 2
    ticks = [text.text for text in svg.findall("text") if text.get("class") == "tick"]
    assert ticks == [*(f"{k / 10:g}" for k in range(17)), "km to the hub"]


def test_a_number_without_room_is_in_the_table_alone(tmp_path: Path) -> None:
    rows = [f"HUB{k},Hub,400000,R,N,500000,200000" for k in range(4)]
    rows.append("P,P,100,R,N,501550,200000")
    chart, table = drawn(region(tmp_path, *rows))
    assert "1,600,000" in table
    assert "1,600,000" not in chart
    assert ">100<" in chart
