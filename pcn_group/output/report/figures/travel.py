"""The distribution of travel: patients by distance to the hub, drawn and as a table."""

from __future__ import annotations

from itertools import pairwise

from pcn_group.output.report.facts.facts import Facts
from pcn_group.output.report.html.markup import Cell, Column, figure, table

__all__ = ["bins", "travel_chart"]

_STEPS = (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100)
_MOST_BINS = 16
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 760, 276, 20, 42, 34

_LETTER = 6.4
"""The width of a digit above a bar, in the units of the drawing"""


def bins(facts: Facts) -> list[tuple[float, float, int]]:
    """Return the patients from each distance up to the next, in steps of a round width.

    The bars are so few that a number of six digits has room above each.
    """
    travel = [
        (float(row[facts.travel_column]), int(row["list_size"]))
        for row in facts.practices
        if row[facts.travel_column]
    ]
    farthest = max((to_hub for to_hub, _ in travel), default=0.0)
    width = next((step for step in _STEPS if farthest < step * _MOST_BINS), farthest / 10)
    # 0.3 / 0.1 is a little less than 3.
    edges = [round(k * width, 6) for k in range(int(round(farthest / width, 6)) + 2)]
    return [
        (low, high, sum(size for to_hub, size in travel if low <= to_hub < high))
        for low, high in pairwise(edges)
    ]


def travel_chart(facts: Facts) -> str:
    """Draw patients by distance to the hub, with the same figures in a table."""
    found = bins(facts)
    rows = [
        ("", (Cell(f"{low:g} to under {high:g}"), Cell(figure(patients))))
        for low, high, patients in found
    ]
    columns = [Column(f"{facts.unit} to the hub"), Column("Patients", is_number=True)]
    return (
        "<p>How far patients are from the hub of their network, a practice's at their mean. "
        f"The mean is {facts.mean_travel:.3f} {facts.unit}.</p>"
        f"{_svg(facts, found)}"
        f"<details><summary>The same as a table</summary>"
        f"{table('Patients by travel to the hub', columns, rows)}</details>"
    )


def _svg(facts: Facts, found: list[tuple[float, float, int]]) -> str:
    bars, words = [], []
    each = (_WIDTH - 2 * _LEFT) / len(found)
    floor = _HEIGHT - _BOTTOM
    most = max((patients for _, _, patients in found), default=0) or 1
    scale = (floor - _TOP) / most
    for k, (low, _, patients) in enumerate(found):
        x, tall = _LEFT + k * each, scale * patients
        if patients:
            bars.append(
                f'<rect x="{x + 1:.1f}" y="{floor - tall:.1f}" width="{each - 2:.1f}" '
                f'height="{tall:.1f}" rx="2"/>'
            )
            number = f"{patients:,}"
            if len(number) * _LETTER <= each:
                words.append(
                    f'<text x="{x + each / 2:.1f}" y="{floor - tall - 6:.1f}">{number}</text>'
                )
        words.append(f'<text class="tick" x="{x:.1f}" y="{floor + 16}">{low:g}</text>')
    words += [
        f'<text class="tick" x="{_WIDTH - _LEFT}" y="{floor + 16}">{found[-1][1]:g}</text>',
        f'<text class="tick" x="{_WIDTH / 2:g}" y="{floor + 34}">{facts.unit} to the hub</text>',
    ]
    mean = _LEFT + facts.mean_travel / found[-1][1] * (_WIDTH - 2 * _LEFT)
    words.append(f'<text class="mean" x="{mean + 4:.1f}" y="12">mean</text>')
    bars.append(f'<line class="mean" x1="{mean:.1f}" x2="{mean:.1f}" y1="2" y2="{floor}"/>')
    return (
        f'<div class="drawing" tabindex="0" role="region" aria-label="Patients by travel, drawn">'
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="Patients by travel to the hub; the table below has the figures">'
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _LEFT}" y1="{floor}" y2="{floor}"/>'
        f"{''.join((*bars, *words))}</svg></div>"
    )
