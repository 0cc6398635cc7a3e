"""Best plans of a region in which each patient outside the band has a price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pcn_group.base.errors import InfeasibleError, NoPlanInTimeError, PcnGroupError
from pcn_group.base.progress import OnProgress, Progress, Stage
from pcn_group.pipeline import Run
from pcn_group.region.problem import Hinge, Problem
from pcn_group.solver.convex_hull import STEEPEST, Evaluation, Point
from pcn_group.solver.search.state import Networks
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import check_solution, solve, solve_fewest_outside, solve_without

__all__ = ["PricedBand"]


class PricedBand:
    """A region whose networks may be outside the band, within hard limits on size.

    The plans found are kept: a further search starts from the best of them.

    Attributes
    ----------
    problem
        The region under the hard limits, without a price on patients outside.
    """

    def __init__(self, run: Run) -> None:
        self.problem = run.region.problem
        self._run = run
        self._effort = replace(run.effort, gap=0.0)
        self._known: list[Point[Networks]] = []

    def outside(self, network: Sequence[int]) -> tuple[int, int]:
        """Return a network's patients short of the minimum, and above the maximum.

        None of one that every plan has: fixed, or an oversize practice alone.
        """
        if tuple(sorted(network)) in self.problem.aside:
            return 0, 0
        patients, rule = int(self.problem.weights[list(network)].sum()), self.problem.size
        return max(0, rule.band_min - patients), max(0, patients - rule.band_max)

    def fewest(self) -> tuple[Point[Networks], Solution]:
        """Find the plan with the fewest patients outside, and of those the one of least cost.

        Raises
        ------
        InfeasibleError, NoPlanInTimeError
            If there is no plan within the limits, or none was found in time.
        """
        solution = solve_fewest_outside(self.problem, self._effort, self._tell("curve"))
        if solution.status == "infeasible":
            count, rule = len(self.problem.codes), self.problem.size
            raise InfeasibleError(
                f"Proven: no plan of these {count:,} practices that keeps the rules has every "
                f"network between {rule.smallest:,} and {rule.largest:,} patients. Give a lower "
                "--floor or a higher --ceiling."
            )
        if solution.status == "no_plan_in_time":
            raise NoPlanInTimeError.within(self._run.region.configuration.search.time_limit)
        return self._kept(self.problem, solution), solution

    def at(self, price: int) -> Evaluation[Networks]:
        """Find the best plan at a price on each patient outside, in small units of cost."""
        too_steep = price * int(self.problem.weights.sum()) > STEEPEST
        if too_steep or not self._effort.seconds_left:
            return Evaluation(price, None, 0)
        problem, start = self._priced(price), self._best_known(price, self._known)
        solution = solve(problem, self._effort, self._tell("curve"), start=start)
        point = self._kept(problem, solution) if solution.networks else None
        return Evaluation(price, point, solution.bound)

    def without(
        self, price: int, network: Sequence[int]
    ) -> tuple[Point[Networks] | None, Solution]:
        """Find the best plan at a price in which all of a network's practices are in the band."""
        problem = self._priced(price)
        if not self._effort.seconds_left:
            return None, Solution("no_plan_in_time", (), 0, 0, problem, None)
        allowed = [point for point in self._known if not self._is_refused(point.plan, network)]
        start = self._best_known(price, allowed)
        tell = self._tell("without")
        solution = solve_without(problem, network, self._effort, tell, start)
        if self._is_refused(solution.networks, network):
            raise PcnGroupError("A plan has the exception that was refused. Please report this.")
        return (self._kept(problem, solution) if solution.networks else None), solution

    def _tell(self, stage: Stage) -> OnProgress:
        """Pass on the stage alone: costs that include a price on patients would mislead."""
        return lambda _: self._run.tell(Progress(stage, None, None))

    def _priced(self, price: int) -> Problem:
        rule = self.problem.size
        outside = (Hinge(rule.band_min, price, 0), Hinge(rule.band_max, 0, price))
        return self.problem.with_size(replace(rule, hinges=(*rule.hinges, *outside)))

    def _best_known(self, price: int, plans: Iterable[Point[Networks]]) -> Networks | None:
        best = min(plans, key=lambda point: point.at(price), default=None)
        return None if best is None else best.plan

    def _kept(self, problem: Problem, solution: Solution) -> Point[Networks]:
        """Check a plan independently, and keep it."""
        check_solution(problem, solution, until=self._effort.deadline)
        networks = solution.networks
        cost = sum(self.problem.network_cost(network) for network in networks)
        self._known.append(Point(networks, cost, sum(sum(self.outside(net)) for net in networks)))
        return self._known[-1]

    def _is_refused(self, networks: Networks, practices: Sequence[int]) -> bool:
        """Whether some of the practices are in a network outside the band."""
        concerned = (network for network in networks if not set(practices).isdisjoint(network))
        return any(sum(self.outside(network)) > 0 for network in concerned)
