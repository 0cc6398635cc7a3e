"""The pictures of a plan as files: a page, a map for slides, and areas for mapping programs.

`report` draws one plan, several side by side, a curve, or alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import Kind, in_the_way, refuse_foreign, write_all
from pcn_group.base.paths import what_is_at
from pcn_group.output.data.alternatives import ALTERNATIVES_PAGE, is_alternatives
from pcn_group.output.data.comparison import COMPARISON_FILES, COMPARISON_PAGE
from pcn_group.output.data.curves import CURVE_PAGE, is_curve
from pcn_group.output.data.folder import PICTURES
from pcn_group.output.maps.layers import map_files, map_layers
from pcn_group.output.report.alternatives_page import alternatives_html, open_alternatives
from pcn_group.output.report.comparison_page import comparison_html
from pcn_group.output.report.curve_page import curve_html, open_curve
from pcn_group.output.report.facts import facts_of
from pcn_group.output.report.pair_costs import pair_costs
from pcn_group.output.report.plan_page import report_html
from pcn_group.output.report.words import title, verdict
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.compare import compare_plans
from pcn_group.plan.inputs import CURRENT, PlanInputs
from pcn_group.plan.placed import open_plans
from pcn_group.plan.reading import refuse_no_plan

__all__ = [
    "Drawing",
    "drawing_of",
    "pictures",
    "refuse_other_pictures",
    "write_pictures",
]


def pictures(
    case: Case, index: str | None = None, alternatives: Path | None = None
) -> dict[str, str | bytes]:
    """Return the content of every file in `folder.PICTURES`; the same plan gives the same bytes.

    Parameters
    ----------
    case
        The plan.
    index
        As for `render`.
    alternatives
        As for `drawing_of`.

    Raises
    ------
    InputError
        As `pair_costs` and `network_areas`, with the practices that the plan has twice, and if it
        has no network.
    """
    # What draws is loaded here: a command that only may draw shall begin at once.
    from pcn_group.output.maps.pictures import map_pictures  # noqa: PLC0415

    case.refuse_empty()
    case.refuse_repeated()
    pairs = None if alternatives is None else pair_costs(alternatives, case)
    facts = facts_of(case)
    layers = map_layers(case.region, facts.described)
    return {
        "report.html": report_html(facts, layers, case.region, index, pairs),
        **map_pictures(layers, case, title(facts), verdict(facts)),
        **map_files(layers),
    }


def refuse_other_pictures(
    folder: Path, source: Path | None, beside: Collection[str], *, overwrite: bool
) -> None:
    """Stop before any work is done where the folder holds what is not of this kind.

    Parameters
    ----------
    source
        The folder of what is drawn, if it has one.
    beside
        The files that another folder may hold.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it is another folder with more in it than that.
    """
    if source is None or what_is_at(folder) is None or not folder.samefile(source):
        kind = Kind("holds more than pictures", beside.__contains__, Path.is_dir)
        refuse_foreign(folder, kind, overwrite=overwrite)
    elif faults := in_the_way(folder, beside):
        raise InputError(faults)


def write_pictures(
    folder: Path, contents: Mapping[str, str | bytes], root: Path | None = None
) -> None:
    """Write the pictures, each whole or not at all; old ones go first: they may be of another.

    Parameters
    ----------
    root
        As for `write_all`.
    """
    paths = {folder / name: content for name, content in sorted(contents.items())}
    write_all(paths, old=paths, root=root)


@dataclass(frozen=True)
class Drawing:
    """Something to draw.

    Attributes
    ----------
    source
        The folder it is in, where it is in one: pictures may go beside it.
    beside
        The files that any other folder may hold, the pictures included.
    draw
        Gives the content of each file, from what a command was given beside the plans; raises
        InputError with the faults of plans, practices and rules.
    """

    source: Path | None
    beside: tuple[str, ...]
    draw: Callable[[PlanInputs], Mapping[str, str | bytes]]


def drawing_of(plans: Sequence[str], alternatives: Path | None = None) -> Drawing:
    """Say what there is to draw of the plans that a user named, one or several.

    Parameters
    ----------
    alternatives
        The folder of those to one plan, of which its page is to say what pairs cost.

    Raises
    ------
    InputError
        For one alone as `refuse_no_plan`; with alternatives where there is not one plan.
    """
    drawing = _drawing_of(plans, alternatives)
    if alternatives is not None and drawing.beside != PICTURES:
        problem = "is for the page of one plan, where changes are tried"
        raise InputError([Fault("--with", problem, "Name one plan, or leave it out.")])
    return drawing


def _drawing_of(plans: Sequence[str], alternatives: Path | None) -> Drawing:
    if len(plans) > 1:
        return Drawing(
            None, (*COMPARISON_FILES, COMPARISON_PAGE), lambda inputs: _comparison(plans, inputs)
        )
    (plan,) = plans
    folder = Path(plan) if plan != CURRENT and what_is_at(Path(plan)) == "folder" else None
    if folder is not None and is_curve(folder):
        return Drawing(folder, (CURVE_PAGE,), lambda inputs: _curve(folder, inputs))
    if folder is not None and is_alternatives(folder):
        return Drawing(folder, (ALTERNATIVES_PAGE,), lambda inputs: _alternatives(folder, inputs))
    if plan != CURRENT:
        refuse_no_plan(Path(plan))
    return Drawing(
        folder,
        PICTURES,
        lambda inputs: pictures(open_case(plan, inputs), alternatives=alternatives),
    )


def _comparison(plans: Sequence[str], inputs: PlanInputs) -> dict[str, str]:
    region, placed = open_plans(plans, inputs)
    return {COMPARISON_PAGE: comparison_html(compare_plans(region, placed))}


def _curve(folder: Path, inputs: PlanInputs) -> dict[str, str]:
    return {CURVE_PAGE: curve_html(open_curve(folder, inputs))}


def _alternatives(folder: Path, inputs: PlanInputs) -> dict[str, str]:
    return {ALTERNATIVES_PAGE: alternatives_html(open_alternatives(folder, inputs))}
