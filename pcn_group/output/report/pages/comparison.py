"""The page of plans side by side: the first beside each other one, figures, moves, networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pcn_group.base.wording import plural
from pcn_group.output.data.comparison import comparison_files
from pcn_group.output.report.facts.facts import csv_rows
from pcn_group.output.report.facts.words import heading
from pcn_group.output.report.html.document import Document, render
from pcn_group.output.report.html.markup import text
from pcn_group.output.report.html.panel import layer_boxes, network_choice, practice_search, section
from pcn_group.output.report.pages.comparison_tables import (
    figures_table,
    matches_table,
    moves_table,
)
from pcn_group.output.report.pages.pair import Pair, pairs_of
from pcn_group.plan.compare import Comparison

__all__ = ["comparison_html"]

_LAYERS = (
    ("moves", "What moves", True),
    ("labels", "Numbers of networks", True),
    ("ways", "Ways to the hub", False),
    ("exceptions", "Outside the band", True),
)


def comparison_html(comparison: Comparison) -> str:
    """Return the page of plans side by side: the same plans give the same bytes.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    pairs = list(pairs_of(comparison))
    figures = csv_rows(comparison_files(comparison)["comparison.csv"])
    facts = pairs[0].sides[0].facts
    title = heading(facts, f"{len(comparison.plans)} plans compared")
    parts = {
        "figures": ("Figures", figures_table(figures) + _notes(comparison)),
        "moves": ("What moves", _of_each(pairs, moves_table)),
        "networks": ("Networks", _of_each(pairs, matches_table)),
    }
    document = Document(
        title=title,
        header=_header(title, pairs),
        main=_maps(pairs) + "".join(section(name, *part) for name, part in parts.items()),
        contents={"map": "Maps"} | {name: heading for name, (heading, _) in parts.items()},
        data={"pairs": [pair.data() for pair in pairs]},
        footer=f"Made by pcn-group {facts.version}.",
        scripts=("plan_view.js", "comparison.js"),
        styles=("several.css",),
    )
    return render(document)


def _header(title: str, pairs: Sequence[Pair]) -> str:
    low, high = pairs[0].sides[0].facts.band
    verdicts = _of_each(pairs, lambda pair: f'<p class="verdict">{text(_verdict(pair))}</p>')
    return (
        f"<h1>{text(title)}</h1>{verdicts}"
        f"<p>All plans are judged by the same rules; the band is {low:,} to {high:,} patients.</p>"
    )


def _verdict(pair: Pair) -> str:
    """Say in a sentence what becomes of the first plan."""
    first, other = pair.sides
    patients = sum(int(row["list_size"]) for row in pair.moving)
    what = "nothing moves"
    if pair.moving:
        verb = "moves" if len(pair.moving) == 1 else "move"
        what = f"{plural(len(pair.moving), 'practice')} with {plural(patients, 'patient')} {verb}"
    gone = sum(not row["to_network"] for row in pair.matches)
    new = sum(not row["from_network"] for row in pair.matches)
    counts = {"unchanged": pair.unchanged, "not continued": gone, "new": new}
    told = [
        f"{count:,} {words}" for words, count in counts.items() if count or words == "unchanged"
    ]
    return (
        f"From {first.name} to {other.name} {what}. Of {plural(len(pair.matches), 'network')} "
        f"in one plan or both: {', '.join(told)}."
    )


def _of_each(pairs: Sequence[Pair], content: Callable[[Pair], str]) -> str:
    """Return something for each pair, of which the page shows that of the pair chosen."""
    return "".join(
        f'<div data-pair="{number}"{" hidden" if number else ""}>{content(pair)}</div>'
        for number, pair in enumerate(pairs)
    )


def _maps(pairs: Sequence[Pair]) -> str:
    """Return the two maps, and what is common to both."""
    first, others = pairs[0].sides[0].name, [pair.sides[1].name for pair in pairs]
    layers = [each for each in _LAYERS if each[0] != "exceptions" or _any_outside(pairs)]
    return f"""
<section id="map" aria-labelledby="map-title">
<h2 id="map-title">Maps</h2>
<div class="sides">
{_side("first", f"<h3>{text(first)}</h3>")}
{_side("other", _chooser(others))}
<div class="panel">
<div>{practice_search()}</div>
<fieldset class="layers"><legend>Layers, on both maps</legend>{layer_boxes(layers)}</fieldset>
<div>{network_choice()}</div>
</div>
</div>
<noscript><p>The maps need JavaScript; the tables below have all that they show.</p></noscript>
</section>"""


def _side(which: str, heading: str) -> str:
    return (
        f'<div class="side">{heading}<div class="canvas" id="{which}" role="img" '
        f'aria-label="Map of the {which} plan. The tables below have all that it shows."></div>'
        "</div>"
    )


def _chooser(names: Sequence[str]) -> str:
    """Return the name of the other plan, or the choice of it."""
    if len(names) == 1:
        return f"<h3>{text(names[0])}</h3>"
    options = "".join(f'<option value="{k}">{text(name)}</option>' for k, name in enumerate(names))
    return (
        '<h3><label for="chooser">Compared with</label> '
        f'<select id="chooser" autocomplete="off">{options}</select></h3>'
    )


def _any_outside(pairs: Sequence[Pair]) -> bool:
    return any(side.facts.exceptions for pair in pairs for side in pair.sides)


def _notes(comparison: Comparison) -> str:
    items = [
        f"<li><b>{text(plan.name)}</b>: {text(note)}.</li>"
        for number, plan in enumerate(comparison.plans)
        for note in comparison.notes(number)
    ]
    return f"<h3>Notes</h3><ul>{''.join(items)}</ul>" if items else ""
