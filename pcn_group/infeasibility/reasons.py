"""Why there is no plan in the band: the clash, the least outside the band, what would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pcn_group.base.progress import OnProgress
from pcn_group.infeasibility.clash import Clash, find_clash
from pcn_group.infeasibility.remedies import Remedy, best_plan, remedies, silent, yielding
from pcn_group.region.region import Region
from pcn_group.region.scenario import BAND, rules_in_force, strict_problem
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
    region: Region,
    effort: Effort,
    *,
    centre: Sequence[int] = (),
    least: Solution | None = None,
    on_progress: OnProgress = silent,
) -> Reasons:
    """Work out why a region has no plan in the band, which must be proven already.

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
        least = best_plan(yielding(region.problem), some, on_progress=on_progress)
    # Where there is no plan whatever the sizes, it is not the band that clashes.
    rules = rules_in_force(region)
    sizes = () if least.status != "infeasible" else [r for r in rules if r.key in BAND]
    blamed = [rule for rule in rules if rule not in sizes]
    some = effort.at_most(effort.seconds_left / 3)
    clash = find_clash(region, blamed, centre or _worst(region, least), some)
    instance = build_instance(strict_problem(region, sizes))
    found = remedies(region, clash, least, effort, on_progress)
    return Reasons(
        clash=clash,
        indivisible=tuple(instance.in_problem(part) for part in instance.indivisible_parts()),
        least=least,
        remedies=found,
        is_complete=effort.seconds_left > 0,
    )


def _worst(region: Region, least: Solution) -> tuple[int, ...]:
    """Return the network that is farthest outside the band, the first of equals, if any."""
    problem = region.problem
    size = problem.size

    def outside(network: tuple[int, ...]) -> int:
        patients = int(problem.weights[list(network)].sum())
        return max(size.smallest - patients, patients - size.largest, 0)

    inside = (network for network in least.networks if network not in problem.aside)
    return max(inside, key=outside, default=())
