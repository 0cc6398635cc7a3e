"""The flow of a run: practices, geography, problem, solver, plan, funding.

Each stage takes plain values and gives plain values; nothing here touches files or the terminal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pcn_group.base.errors import (
    Fault,
    InfeasibleError,
    InputError,
    NoPlanInTimeError,
)
from pcn_group.base.progress import Progress, Where
from pcn_group.config.funding_scope import refuse_unfunded
from pcn_group.config.model import Configuration
from pcn_group.funding.budget import Budget
from pcn_group.geography.travel import TravelTable
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.plan.build import build_networks
from pcn_group.plan.membership import plan_budget
from pcn_group.plan.moves import check_moves
from pcn_group.plan.network import Network, mean_travel
from pcn_group.practices.table import Practices
from pcn_group.region.problem import Problem
from pcn_group.region.region import Prepared, prepare_region
from pcn_group.region.today import Today, moved
from pcn_group.solver.model.effort import Effort
from pcn_group.solver.moves.solve import MovesSolution, solve_fewest_moves, solve_within_moves
from pcn_group.solver.search.state import Networks
from pcn_group.solver.solve import Solution, check_solution, solve

__all__ = [
    "Clock",
    "Result",
    "need_networks_of_today",
    "no_plan_in_time",
    "plan_prepared",
    "plan_region",
    "reasons_outside",
    "with_plan",
]

_CHECK = 0.05
"""The share of the time that is kept for the plain check, should the search take all the rest."""


@dataclass(frozen=True)
class Result:
    """A plan with everything it came from.

    Attributes
    ----------
    practices
        All of them, and in `attached_to` which counts as part of which.
    units
        The practices that are attached to no other, with the patients of those that are attached to
        them: the positions in `problem`, `travel`, `solution` and `networks` are in this table.
    networks
        Sorted by identifier.
    budget
        Of one financial year.
    verified
        Whether the plain checker re-proved the certificate in the effort allowed.
    seconds
        By stage, in order.
    patients_moved, practices_moved
        How many move from the networks of today, each counted for itself; None where there are
        none.
    fewest_moved
        No plan that keeps the rules moves fewer patients; None where that was not asked.
    """

    practices: Practices
    units: pd.DataFrame
    configuration: Configuration
    problem: Problem
    travel: TravelTable
    solution: Solution
    networks: tuple[Network, ...]
    budget: Budget
    verified: bool
    seconds: dict[str, float]
    patients_moved: int | None
    practices_moved: int | None
    fewest_moved: int | None

    @property
    def gap(self) -> float:
        """(cost - bound) / cost."""
        cost = self.solution.cost
        return (cost - self.solution.bound) / cost if cost else 0.0

    @property
    def patients(self) -> int:
        """Registered patients of the region."""
        return int(self.problem.weights.sum())

    @property
    def mean_travel(self) -> float:
        """Per patient, in the reporting unit."""
        return mean_travel(self.networks)

    @property
    def share_in_band(self) -> float:
        """The share of networks inside the band."""
        return sum(network.in_band for network in self.networks) / len(self.networks)

    @property
    def exceptions(self) -> tuple[Network, ...]:
        """The networks outside the band."""
        return tuple(network for network in self.networks if not network.in_band)

    @property
    def keeps_the_band(self) -> bool:
        """Whether every network is in the band, oversize single practices and fixed ones aside."""
        largest, fixed = self.problem.size.band_max, self.problem.fixed
        return all(
            (len(n.members) == 1 and n.patients > largest) or tuple(sorted(n.members)) in fixed
            for n in self.exceptions
        )


def plan_region(
    practices: Practices,
    configuration: Configuration,
    report: Callable[[Where], None],
    *,
    repair: bool = False,
    effort: Effort | None = None,
) -> Result:
    """Group a region's practices into networks.

    Parameters
    ----------
    effort
        What is left of the time, where this is a part of something larger.
    repair
        Whether the plan is to move the fewest patients, and only then to cost the least. The limit
        on moves of the result is what that came to.

    Raises
    ------
    InputError
        For a fault in a matrix, an outline, a list of neighbours or a tariff, for rules that name a
        practice nowhere in the input, for rules that contradict each other, and for a column that a
        funding line needs and the input lacks.
    InfeasibleError
        If it is proven that no plan satisfies the rules.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    refuse_unfunded(practices.table, configuration.funding)
    clock = Clock()
    region = prepare_region(practices, configuration, report, effort)
    clock.lap("geography")
    return plan_prepared(region, clock, repair=repair)


def plan_prepared(region: Prepared, clock: Clock | None = None, *, repair: bool = False) -> Result:
    """Group the practices of a region that is laid out; otherwise as `plan_region`."""
    clock, configuration = clock or Clock(), region.configuration
    problem, own, travel = region.problem, region.units, region.travel
    solution, fewest = _solved(region, repair=repair)
    clock.lap("search")
    if solution.status == "no_plan_in_time":
        raise no_plan_in_time(configuration)
    region.tell(Progress("check", solution.cost, solution.bound))
    patients_moved, practices_moved = moved(own, configuration, solution.networks)
    if repair and patients_moved is not None:
        configuration = _with_most_moved(configuration, patients_moved)
    moves = check_moves(own, configuration, solution.networks)
    verified = check_solution(problem, solution, moves, until=region.effort.deadline)
    clock.lap("check")
    networks = build_networks(problem, solution.networks, own, travel, reasons_outside(solution))
    budget = _budget(region.practices, networks, configuration)
    return Result(
        region.practices,
        own,
        configuration,
        problem,
        travel,
        solution,
        networks,
        budget,
        verified,
        clock.seconds,
        patients_moved,
        practices_moved,
        fewest if repair else None,
    )


def need_networks_of_today(today: Today) -> None:
    """Stop with an InputError where no practice has a network today that it could leave."""
    if today.count == 0:
        problem = "no practice has a network today, so nobody can move"
        remedy = "Give an input with the networks of today, such as the practice map."
        raise InputError([Fault("current_network", problem, remedy)])


def no_plan_in_time(configuration: Configuration) -> NoPlanInTimeError:
    """Say that the time limit passed without a plan."""
    return NoPlanInTimeError(
        f"No plan was found in {configuration.search.time_limit:g} seconds, nor a proof that there "
        "is none. Allow more with --time-limit."
    )


def _solved(region: Prepared, *, repair: bool) -> tuple[Solution, int]:
    """Search a region as its rules ask; give the solution, and what no plan moves less than.

    Raises
    ------
    InfeasibleError
        If it is proven that no plan satisfies the rules.
    """
    problem, limits = region.problem, region.configuration.limits
    effort = region.effort.at_most((1 - _CHECK) * region.effort.seconds_left)
    most, what = limits.max_moved_patients, "patients"
    if limits.max_moved_practices is not None:
        most, what = limits.max_moved_practices, "practices"
    if repair or most is not None:
        need_networks_of_today(region.today())
    if repair:
        found = solve_fewest_moves(problem, region.today(), effort, region.tell)
    elif most is not None:
        today = region.today(in_practices=what == "practices")
        found = solve_within_moves(problem, today, most, effort, region.tell)
    else:
        found = MovesSolution(solve(problem, effort, region.tell), 0)
    if found.solution.status != "infeasible":
        return found.solution, found.fewest
    if most is not None and not repair and found.fewest > most:
        raise InfeasibleError(
            f"Proven: no plan that keeps the band and the other rules moves {most:,} {what} or "
            f"fewer (limits.max_moved_{what}). The command repair finds how few it can be."
        )
    reason = why_infeasible(region.terms, region.effort, region.tell)
    if repair or most is not None:
        reason += (
            "\nWhere it is about who moves the band does not give way, whatever band.below and "
            "band.above say."
        )
    raise InfeasibleError(reason)


def _with_most_moved(configuration: Configuration, patients: int) -> Configuration:
    limits = {"max_moved_patients": patients, "max_moved_practices": None}
    return configuration.model_copy(
        update={"limits": configuration.limits.model_copy(update=limits)}
    )


def with_plan(result: Result, networks: Networks, cost: int) -> Result:
    """Return the same with another plan of the region, checked likewise.

    Parameters
    ----------
    result
        A plan that is proven the best: what bounds it bounds the others.
    networks, cost
        The other plan, with as few patients outside the band.
    """
    problem, own = result.problem, result.units
    solution = replace(
        result.solution,
        status="optimal" if cost == result.solution.bound else "within_gap",
        networks=networks,
        cost=cost,
        is_first=False,
    )
    # The certificate was checked with the best plan.
    check_solution(problem, replace(solution, certificate=None))
    patients_moved, practices_moved = moved(own, result.configuration, networks)
    described = build_networks(
        problem, networks, own, result.travel, reasons_outside(result.solution)
    )
    return replace(
        result,
        solution=solution,
        networks=described,
        budget=_budget(result.practices, described, result.configuration),
        patients_moved=patients_moved,
        practices_moved=practices_moved,
    )


def _budget(
    practices: Practices, networks: Sequence[Network], configuration: Configuration
) -> Budget:
    members = [(network.network_id, network.members) for network in networks]
    return plan_budget(practices.table, members, configuration.funding)


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap on a stage."""
        now = time.monotonic()
        self.seconds[stage] = now - self._last
        self._last = now


def reasons_outside(solution: Solution) -> dict[bool, str]:
    """Say why networks may be under (True) or over (False) the band."""
    if not solution.relaxed:
        return {True: "allowed at a price", False: "allowed at a price"}
    if solution.status == "feasible":
        unproven = "no plan keeps the band, but this may not be the least that is needed"
        return {True: unproven, False: unproven}
    short, above = f"{solution.short:,}", f"{solution.above:,}"
    return {
        True: f"no plan keeps the band, and every plan has at least {short} short of it in all",
        False: f"no plan keeps the band, and every plan as little short of it has {above} above it",
    }
