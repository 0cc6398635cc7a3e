"""Why there is no plan in the band: what clashes, the least that is outside, what would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pcn_group.base.progress import OnProgress
from pcn_group.infeasibility.best import best_plan, silent
from pcn_group.infeasibility.clash import Clash, find_clash
from pcn_group.infeasibility.remedies import Remedy, remedies, yielding
from pcn_group.region.scenario import BAND, Terms
from pcn_group.solver.model.effort import Effort
from pcn_group.solver.model.instance import build_instance
from pcn_group.solver.solve import Solution

__all__ = ["Reasons", "reasons_for"]


@dataclass(frozen=True)
class Reasons:
    """Why there is no plan in the band, in positions of practices.

    Attributes
    ----------
    clash
        Around one place; there may be others elsewhere.
    indivisible
        The connected parts whose patients no whole number of networks can hold.
    least
        The plan with the fewest patients outside the band, were both sides to be avoided only;
        without networks where there is none even so, or none was found.
    remedies
        What helps, each solved.
    is_complete
        Whether all was looked into before time was over.
    """

    clash: Clash
    indivisible: tuple[tuple[int, ...], ...]
    least: Solution
    remedies: tuple[Remedy, ...]
    is_complete: bool = True


def reasons_for(
    terms: Terms,
    effort: Effort,
    *,
    centre: Sequence[int] = (),
    least: Solution | None = None,
    report: OnProgress = silent,
) -> Reasons:
    """Say why a region has no plan in the band, which must be proven.

    Parameters
    ----------
    centre
        Positions of the practices around which to look for what clashes; without any, those of the
        network farthest outside the band in the plan with the least outside.
    least
        That plan, where it is known.
    """
    if least is None:
        some = effort.at_most(effort.seconds_left / 4)
        least = best_plan(yielding(terms.problem), some, report=report)
    # Where there is no plan whatever the sizes, it is not the band that clashes.
    sizes = () if least.status != "infeasible" else [r for r in terms.rules if r.key in BAND]
    rules = [rule for rule in terms.rules if rule not in sizes]
    some = effort.at_most(effort.seconds_left / 3)
    clash = find_clash(terms, rules, centre or _worst(terms, least), some)
    instance = build_instance(terms.strict(sizes))
    found = remedies(terms, clash, least, effort, report)
    return Reasons(
        clash=clash,
        indivisible=tuple(instance.in_problem(part) for part in instance.indivisible_parts()),
        least=least,
        remedies=found,
        is_complete=effort.seconds_left > 0,
    )


def _worst(terms: Terms, least: Solution) -> tuple[int, ...]:
    """Return the network that is farthest outside the band, the first of equals, if any."""
    problem = terms.problem
    size = problem.size

    def outside(network: tuple[int, ...]) -> int:
        patients = int(problem.weights[list(network)].sum())
        return max(size.smallest - patients, patients - size.largest, 0)

    inside = (network for network in least.networks if network not in problem.aside)
    return max(inside, key=outside, default=())
