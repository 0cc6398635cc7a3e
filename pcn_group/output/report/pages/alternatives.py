"""The page of alternatives: the plans, what all of them agree on, and what each open pair costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcn_group.base.wording import plural
from pcn_group.geography.areas import network_areas
from pcn_group.output.data.alternatives import read_alternatives
from pcn_group.output.report.facts.facts import Row, csv_rows
from pcn_group.output.report.facts.words import heading
from pcn_group.output.report.figures.alternatives_map import Agreed, agreed_figure
from pcn_group.output.report.html.document import Document, render
from pcn_group.output.report.html.markup import (
    Cell,
    Column,
    figure,
    percent,
    table,
    text,
    travel_or_count,
)
from pcn_group.output.report.html.panel import section
from pcn_group.output.report.pages.several import Drawn, drawn, plan_view
from pcn_group.plan.compare import open_plans
from pcn_group.plan.inputs import PlanInputs

__all__ = ["Found", "alternatives_html", "open_alternatives"]


@dataclass(frozen=True)
class Found:
    """Alternatives as the command wrote them, with their plans.

    Attributes
    ----------
    rows, pairs
        The rows of `alternatives.csv` and `togetherness.csv`.
    summary
        What `summary.json` holds.
    plans
        Of each row.
    """

    rows: tuple[Row, ...]
    pairs: tuple[Row, ...]
    summary: Mapping[str, Any]
    plans: tuple[Drawn, ...]

    @property
    def unit(self) -> str:
        """Of travel."""
        return self.plans[0].facts.unit

    @property
    def open_pairs(self) -> tuple[Row, ...]:
        """The pairs that good plans differ in, those that cost least first."""
        found = [row for row in self.pairs if row["verdict"] == "open"]
        return tuple(sorted(found, key=lambda row: float(row[self.price])))

    @property
    def price(self) -> str:
        """The column of the pairs with what it costs to decide otherwise than the best plan."""
        return f"price_patient_{self.unit}"

    @property
    def best_cost(self) -> float:
        """Of the first plan, in patient-units."""
        return float(self.rows[0][f"cost_patient_{self.unit}"])


def open_alternatives(folder: Path, inputs: PlanInputs) -> Found:
    """Read alternatives and place their plans.

    Raises
    ------
    InputError
        As `read_alternatives` and `open_plans`.
    """
    texts, summary = read_alternatives(folder)
    rows = csv_rows(texts["alternatives.csv"])
    region, plans = open_plans([str(folder / row["plan"]) for row in rows], inputs)
    return Found(
        rows=rows,
        pairs=csv_rows(texts["togetherness.csv"]),
        summary=summary,
        plans=tuple(drawn(region, plan) for plan in plans),
    )


def alternatives_html(found: Found) -> str:
    """Return the page of alternatives: the same ones give the same bytes.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    facts = found.plans[0].facts
    title = heading(facts, plural(len(found.rows), "good plan"))
    parts = {
        "pairs": ("What is open, and what it costs", _pairs(found)),
        "plans": ("The plans", _plans(found)),
        "map": ("The plan chosen", plan_view(found.plans)),
    }
    document = Document(
        title=title,
        header=f'<h1>{text(title)}</h1><p class="verdict">{text(_verdict(found))}</p>',
        main=_agreed_section() + "".join(section(name, *part) for name, part in parts.items()),
        contents={"agreed": "What is undisputed"}
        | {name: heading for name, (heading, _) in parts.items()},
        data={
            "agreed-figure": agreed_figure(_agreed(found)),
            "drawn": [plan.data() for plan in found.plans],
        },
        footer=f"Made by pcn-group {facts.version}.",
        scripts=("plan_view.js", "alternatives.js"),
        styles=("several.css",),
    )
    return render(document)


def _verdict(found: Found) -> str:
    """Say how many plans there are, and what they agree on."""
    summary = found.summary
    within, known = f"{100 * summary['within']:g}%", plural(summary["plans_known"], "plan")
    count = (
        f"Proven: {known} within {within} of the best, and no more"
        if summary["plans_are_all"]
        else f"There are more plans within {within} of the best than can be listed; {known} known"
    )
    groups = summary["always_together"]
    inside, every = sum(map(len, groups)), len(found.plans[0].facts.practices)
    settled = ", as far as is settled" if summary["pairs_not_settled"] else ""
    return (
        f"{count}. Together in all of them{settled}: {inside:,} of {every:,} practices, in "
        f"{plural(len(groups), 'group')}; {plural(len(found.open_pairs), 'pair')} of practices "
        "can be decided either way."
    )


def _agreed(found: Found) -> Agreed:
    region = found.plans[0].region
    place = {code: i for i, code in enumerate(region.problem.codes)}
    groups = tuple(
        tuple(place[code] for code in group if code in place)
        for group in found.summary["always_together"]
    )
    groups = tuple(group for group in groups if group)
    inside = {i for group in groups for i in group}
    alone = [(i,) for i in range(len(region.units)) if i not in inside]
    columns = ["practice_code", "practice_name", "list_size", "easting", "northing"]
    return Agreed(
        practices=region.units[columns],
        groups=groups,
        areas=network_areas(
            region.units, [*groups, *alone], region.configuration.adjacency.outline
        ),
        pairs=tuple(
            row
            for row in found.open_pairs
            if row["practice_code"] in place and row["other_practice_code"] in place
        ),
        price=found.price,
        unit=found.unit,
    )


def _agreed_section() -> str:
    return """
<section id="agreed" aria-labelledby="agreed-title">
<h2 id="agreed-title">What is undisputed</h2>
<p>In colour: practices that are together in every good plan. In grey: those that are with nobody
always. Click a practice, or choose one here, to see what is open about it: a line to each practice
that some good plans have it together with and others apart, and below the map what it costs to
decide otherwise than the best plan.</p>
<p class="choice"><label for="practice">What is open about</label>
<select id="practice" autocomplete="off"></select></p>
<div class="canvas alone" id="agreed-map" role="img"
 aria-label="Map of the groups that are always together. The table below has the open pairs."></div>
<div id="open" role="status" aria-live="polite"></div>
</section>"""


def _pairs(found: Found) -> str:
    if not found.open_pairs:
        return "<p>Nothing is open: every pair of practices is decided in all good plans.</p>"
    columns = [
        Column("Practice"),
        Column("And"),
        Column("In the best plan"),
        Column(f"The other way costs, patient-{found.unit}", is_number=True),
        Column("Of the best cost", is_number=True),
        Column("Settled"),
    ]
    rows = [
        (
            _about(row),
            (
                Cell(_pick(row["practice_code"])),
                Cell(text(row["other_practice_code"])),
                Cell(text(row["in_best"])),
                Cell(figure(row[found.price])),
                Cell(f"{float(row[found.price]) / found.best_cost:.2%}", row[found.price]),
                Cell("yes" if row["settled"] == "true" else "no"),
            ),
        )
        for row in found.open_pairs
    ]
    return table("The open pairs, those that cost least first", columns, rows, is_sortable=True)


def _about(row: Row) -> str:
    """Return the attributes by which the script knows a pair."""
    first, second = text(row["practice_code"]), text(row["other_practice_code"])
    return f' data-first="{first}" data-second="{second}"'


def _pick(name: str) -> str:
    return f'<button type="button" class="pick">{text(name)}</button>'


def _plans(found: Found) -> str:
    unit = found.unit
    named = {
        f"cost_patient_{unit}": f"Patient-{unit}",
        "over_best": "Over the best",
        f"mean_{unit}": f"Mean {unit}",
        f"max_{unit}": f"Longest {unit}",
        "networks": "Networks",
        "share_in_band": "In the band",
        "patients_moved": "Patients moved from the best",
        "practices_moved": "Practices moved",
    }
    columns = [
        Column("Plan"),
        *(Column(heading, is_number=True) for heading in named.values()),
    ]
    rows = [
        (
            f' data-plan="{number}"',
            (
                Cell(_pick(row["plan"])),
                *(Cell(_value(key, row[key]), row[key]) for key in named),
            ),
        )
        for number, row in enumerate(found.rows)
    ]
    caption = "The plans, each in its own folder; the first is the best"
    return table(caption, columns, rows, is_sortable=True, kind="dense")


def _value(key: str, value: str) -> str:
    if key == "over_best":
        return f"{float(value):.2%}"
    return percent(value) if key == "share_in_band" else travel_or_count(key, value)
