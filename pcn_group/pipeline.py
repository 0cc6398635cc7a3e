"""The flow of a run: practices, region, search, check, plan, budget.

Each stage takes plain values and returns plain values; nothing here touches files or the terminal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pcn_group.base.errors import (
    Fault,
    InfeasibleError,
    InputError,
    NoPlanInTimeError,
)
from pcn_group.base.progress import Progress, Where
from pcn_group.base.wording import named
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.model import Configuration
from pcn_group.funding.budget import Budget
from pcn_group.geography.ways import compile_ways
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.plan.money import plan_budget
from pcn_group.plan.moves import (
    check_moves,
    most_moved,
    moved,
    too_many_move,
    with_most_moved,
)
from pcn_group.plan.network import Network, build_networks
from pcn_group.plan.repairs import who_else_moves
from pcn_group.plan.solved import SolvedPlan, reasons_beyond, reasons_outside
from pcn_group.practices.table import Practices
from pcn_group.region.problem import Problem
from pcn_group.region.region import FURTHER, Region, prepare_region
from pcn_group.region.today import Today
from pcn_group.solver import solve as solver
from pcn_group.solver.compiled import compile_kernels, compile_listing, is_first_run
from pcn_group.solver.moves import MovesSolution, solve_fewest_moves, solve_within_moves
from pcn_group.solver.search.state import Effort, Networks
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import check_solution

__all__ = [
    "Clock",
    "Run",
    "compile_all",
    "need_networks_of_today",
    "prices_of",
    "solve",
    "solve_run",
    "start_run",
    "with_plan",
    "with_who_else",
]

_SHOWN = 0.05
"""The least of prices that is told, in the reporting unit times patients"""

_CHECK = 0.05
"""The share of the time that is kept for the plain check, should the search take all the rest."""


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


@dataclass(frozen=True)
class Run:
    """A region to be searched, and what the search may spend on it.

    Attributes
    ----------
    region
        The region and its rules.
    effort
        What is left for all that is asked of the region, compiling aside.
    on_progress
        Told where the run stands.
    clock
        What each stage took so far.
    """

    region: Region
    effort: Effort
    on_progress: Callable[[Where], None]
    clock: Clock = field(default_factory=Clock)

    def tell(self, progress: Progress) -> None:
        """Pass on where a search stands, with costs in the reporting unit."""
        travel, cost, bound = self.region.travel, progress.cost, progress.bound
        prices = None
        if cost is not None and progress.networks is not None:
            prices = prices_of(self.region, progress.networks, cost)
        self.on_progress(
            Where(
                progress.stage,
                travel.unit,
                travel.to_unit(cost) if cost is not None else None,
                travel.to_unit(bound) if bound is not None else None,
                prices,
            )
        )


def solve(
    practices: Practices,
    configuration: Configuration | None = None,
    on_progress: Callable[[Where], None] = lambda _: None,
    *,
    repair: bool = False,
) -> SolvedPlan:
    """Group a region's practices into networks.

    Parameters
    ----------
    configuration
        The rules; without any, the defaults.
    on_progress
        Told now and then where the run stands.
    repair
        Whether the plan is to move the fewest patients, and only then to cost the least. The limit
        on moves of the plan's rules is what that came to.

    Raises
    ------
    InputError
        As `prepare_region`, for a fault in a tariff, and for a column that a funding line needs and
        the input lacks.
    InfeasibleError
        If it is proven that no plan satisfies the rules.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    configuration = configuration or Configuration()
    refuse_unfunded(practices.table, configuration.funding)
    run = start_run(practices, configuration, on_progress)
    return with_who_else(run, solve_run(run, fewest="patients" if repair else None))


def compile_all() -> None:
    """Compile whatever any command needs, so that numba's cache has it for later runs."""
    compile_ways()
    compile_kernels()
    compile_listing()


def start_run(
    practices: Practices,
    configuration: Configuration,
    on_progress: Callable[[Where], None],
    effort: Effort | None = None,
) -> Run:
    """Prepare a region and what searches it, the clock started.

    Parameters
    ----------
    effort
        What is left of the time, where the run is a part of something larger.

    Raises
    ------
    InputError
        As `prepare_region`.
    """
    clock = Clock()
    effort = Effort.starting_now(configuration.search) if effort is None else effort
    effort = effort.without(compile_ways)
    region = prepare_region(practices, configuration, on_progress)
    if is_first_run(region.problem):
        on_progress(Where("compile"))
    effort = effort.without(lambda: compile_kernels(region.problem))
    clock.lap("geography")
    return Run(region, effort, on_progress, clock)


def solve_run(run: Run, *, fewest: Literal["patients", "practices"] | None = None) -> SolvedPlan:
    """Group the practices of a region that is prepared; otherwise as `solve`.

    Parameters
    ----------
    fewest
        What as few as can be of are to move, before the plan is to cost the least; None where that
        plays no part.
    """
    region, clock = run.region, run.clock
    solution, fewest_moved = _solved(run, fewest)
    clock.lap("search")
    if solution.status == "no_plan_in_time":
        raise NoPlanInTimeError.within(
            region.configuration.search.time_limit, outside_band=solution.impossible is not None
        )
    run.tell(Progress("check", solution.cost, solution.bound, solution.networks))
    if fewest is not None:
        # What moves is matched by what counts, whatever limit the rules had.
        region = with_most_moved(region, 0, fewest)
    patients_moved, practices_moved = moved(region, solution.networks)
    if fewest is not None:
        most = practices_moved if fewest == "practices" else patients_moved
        region = with_most_moved(region, most or 0, fewest)
    moves = check_moves(region, solution.networks)
    verified = check_solution(region.problem, solution, moves, until=run.effort.deadline)
    clock.lap("check")
    networks = build_networks(
        region, solution.networks, reasons_outside(solution), reasons_beyond(solution)
    )
    return SolvedPlan(
        region=region,
        solution=solution,
        networks=networks,
        budget=_budget(region, networks),
        verified=verified,
        seconds=clock.seconds,
        patients_moved=patients_moved,
        practices_moved=practices_moved,
        fewest_moved=None if fewest is None else fewest_moved,
    )


def with_who_else(run: Run, plan: SolvedPlan) -> SolvedPlan:
    """Return a plan with who else moves where a practice does, as far as there is time for it.

    Nothing is worked out where no plan keeps the band: others would have to move in any case.

    Parameters
    ----------
    run
        What the plan was found in; its rules are those that are to hold then.
    """
    neighbourhoods = run.region.neighbourhoods
    if neighbourhoods is None or plan.solution.relaxed is not None:
        return plan
    run.tell(Progress("who else", None, None))
    effort = run.effort.at_most(run.region.configuration.search.who_else)
    networks = [network.members for network in plan.networks]
    found = dict(who_else_moves(run.region.problem, neighbourhoods, networks, effort))
    run.clock.lap("who_else")
    return replace(plan, who_else=found)


def prices_of(region: Region, networks: Sequence[Sequence[int]], cost: int) -> float | None:
    """Return what of the cost of a plan is not travel, in the reporting unit.

    None where it is all travel, but for rounding: by half a step at most for each practice.
    """
    travel, weights = region.travel, region.problem.weights
    least = max(_SHOWN, travel.to_unit(len(weights) / 2))
    way = 0.0
    for members in networks:
        inside = list(members)
        way += float(weights[inside] @ travel.to_hubs[inside, region.problem.hub(members)])
    prices = travel.to_unit(cost - way)
    return prices if prices >= least else None


def need_networks_of_today(today: Today) -> None:
    """Stop with an InputError where no practice has a network today that it could leave."""
    if today.count == 0:
        problem = "no practice has a network today, so nobody can move"
        remedy = "Give an input with the networks of today, such as the practice map."
        raise InputError([Fault("current_network", problem, remedy)])


def _solved(run: Run, fewest: Literal["patients", "practices"] | None) -> tuple[Solution, int]:
    """Search a region as its rules ask; return the solution, and the fewest that must move.

    Raises
    ------
    InfeasibleError
        If it is proven that no plan satisfies the rules.
    """
    region = run.region
    problem = region.problem
    effort = run.effort.at_most((1 - _CHECK) * run.effort.seconds_left)
    most, in_practices = most_moved(region.configuration)
    if fewest is not None or most is not None:
        need_networks_of_today(region.today())
    if fewest is not None:
        today = region.today(in_practices=fewest == "practices")
        found = solve_fewest_moves(problem, today, effort, run.tell)
    elif most is not None:
        today = region.today(in_practices=in_practices)
        found = solve_within_moves(problem, today, most, effort, run.tell)
    else:
        found = MovesSolution(solver.solve(problem, effort, run.tell), 0)
    if found.solution.status != "infeasible":
        return found.solution, found.fewest
    if most is not None and fewest is None and found.fewest > most:
        raise InfeasibleError(
            f"Proven: {too_many_move(region.configuration)}. The command repair finds how few it "
            "can be."
        )
    reason = why_infeasible(region, run.effort, run.tell)
    if fewest is not None or most is not None:
        reason += f"\n{_hard(problem)}"
    raise InfeasibleError(reason)


def _hard(problem: Problem) -> str:
    """Say that bands do not give way where moves are limited, by the keys that have no effect."""
    further = [
        f"{FURTHER}.{limit.figure.name}.{'below' if limit.side == 'min' else 'above'}"
        for limit in problem.figure_limits
        if limit.avoid
    ]
    are = "bands are" if further else "the band is"
    keys = named(("band.below", "band.above", *further))
    return f"Where moves are limited or fewest, {are} hard: {keys} have no effect."


def with_plan(best: SolvedPlan, networks: Networks, cost: int) -> SolvedPlan:
    """Return another plan of the same region, checked likewise.

    Parameters
    ----------
    best
        A plan that is proven the best: what bounds it bounds the others.
    networks, cost
        The other plan, with as few patients outside the band.
    """
    solution = replace(
        best.solution,
        status="optimal" if cost == best.solution.bound else "within_gap",
        networks=networks,
        cost=cost,
        is_first=False,
    )
    # The certificate was checked with the best plan.
    check_solution(best.region.problem, replace(solution, certificate=None))
    patients_moved, practices_moved = moved(best.region, networks)
    reasons = reasons_outside(best.solution), reasons_beyond(best.solution)
    described = build_networks(best.region, networks, *reasons)
    return replace(
        best,
        solution=solution,
        networks=described,
        budget=_budget(best.region, described),
        patients_moved=patients_moved,
        practices_moved=practices_moved,
        who_else={},
    )


def _budget(region: Region, networks: Sequence[Network]) -> Budget:
    members = [(network.network_id, network.members) for network in networks]
    names = {network.network_id: network.name for network in networks}
    return plan_budget(region.table, members, region.configuration.funding, names)
