"""What `report` draws: one plan, several side by side, a curve, or alternatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.files import what_is_at
from pcn_group.output.data.alternatives import ALTERNATIVES_PAGE, is_alternatives
from pcn_group.output.data.comparison import COMPARISON_FILES, COMPARISON_PAGE
from pcn_group.output.data.curves import CURVE_PAGE, is_curve
from pcn_group.output.data.folder import PICTURES
from pcn_group.output.report.pages.alternatives import alternatives_html, open_alternatives
from pcn_group.output.report.pages.comparison import comparison_html
from pcn_group.output.report.pages.curve import curve_html, open_curve
from pcn_group.output.report.pages.files import pictures
from pcn_group.plan.case import open_case
from pcn_group.plan.compare import compare_plans, open_plans
from pcn_group.plan.folders import refuse_no_plan
from pcn_group.plan.inputs import CURRENT, PlanInputs

__all__ = ["Drawing", "drawing_of"]


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


def drawing_of(plans: Sequence[str]) -> Drawing:
    """Say what there is to draw of the plans that a user named, one or several.

    Raises
    ------
    InputError
        For one alone as `refuse_no_plan`.
    """
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
    return Drawing(folder, PICTURES, lambda inputs: pictures(open_case(plan, inputs)))


def _comparison(plans: Sequence[str], inputs: PlanInputs) -> dict[str, str]:
    region, placed = open_plans(plans, inputs)
    return {COMPARISON_PAGE: comparison_html(compare_plans(region, placed))}


def _curve(folder: Path, inputs: PlanInputs) -> dict[str, str]:
    return {CURVE_PAGE: curve_html(open_curve(folder, inputs))}


def _alternatives(folder: Path, inputs: PlanInputs) -> dict[str, str]:
    return {ALTERNATIVES_PAGE: alternatives_html(open_alternatives(folder, inputs))}
