"""The best plan with one more rule, and what that rule costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pcn_group.base.errors import InfeasibleError
from pcn_group.config.model import Search
from pcn_group.infeasibility.clash import Clash, find_clash
from pcn_group.infeasibility.remedies import best_plan, silent
from pcn_group.plan.moves import Moves, amounts_of, match_networks, most_moved, too_many_move
from pcn_group.region.conflicts import never_together
from pcn_group.region.region import Region, firm_rules, with_apart, with_together
from pcn_group.solver.compiled import compile_kernels, is_first_run
from pcn_group.solver.moves import solve_within_moves
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import refuse_wrong_plan

__all__ = ["Price", "Questions"]

_REASON = 10.0
"""Seconds spent at most on why there is no plan in which something is so."""


@dataclass(frozen=True)
class Price:
    """The best plan in which something holds, compared with the best of all.

    Attributes
    ----------
    solution
        That plan, or that there is none.
    cost, short, above
        What it has more than the best of all: cost in small units, patients short of the minimum
        and above the maximum. None without a plan.
    further
        How much more is beyond each limit on a figure, in its units; empty without a plan.
    moves
        From the plan that is explained to this one; None without a plan.
    is_proven
        Whether both plans are proven best, or that there is none.
    reasons
        Why there is none, where that takes no search to say.
    clash
        What clashes, where it does.
    """

    solution: Solution
    cost: int | None = None
    short: int | None = None
    above: int | None = None
    further: tuple[int, ...] = ()
    moves: Moves | None = None
    is_proven: bool = False
    reasons: tuple[str, ...] = ()
    clash: Clash | None = None


class Questions:
    """Finds best plans of a region under one more rule, while there is time.

    Attributes
    ----------
    best
        The best plan of all.
    effort
        What is left of the time.
    tell
        As it was given.
    """

    def __init__(
        self,
        region: Region,
        networks: Mapping[str, Sequence[int]],
        settings: Search | Effort,
        tell: Callable[[str], None],
    ) -> None:
        """Find the best plan of all.

        Parameters
        ----------
        networks
            Of the plan that is explained, from which practices move.
        tell
            Told each question before it is looked into.
        """
        self._region = region
        self._networks = networks
        self.tell = tell
        if is_first_run():
            tell("compiling what this needs, once")
        self.effort = Effort.begun(settings).without(compile_kernels)
        tell("the best plan")
        self.best, self._is_moves = self._found(region)
        if self._is_moves:
            raise InfeasibleError(f"Proven: {too_many_move(region.configuration)}.")

    def together(self, a: int, b: int) -> Price:
        """Return the price of two practices being in one network."""
        if self._are_together(a, b):
            return self._price(self.best)
        region = with_together(self._region, (a, b))
        found = self._asked(region, f"the best plan with {self._named(a, b)} together")
        if found.networks:
            return self._price(found)
        group = next(group for group in region.problem.together if a in group)
        return self._none(region, found, (a, b), never_together(region.problem, group))

    def apart(self, a: int, b: int) -> Price:
        """Return the price of two practices not being in one network."""
        if not self._are_together(a, b):
            return self._price(self.best)
        region = with_apart(self._region, (a, b))
        found = self._asked(region, f"the best plan with {self._named(a, b)} apart")
        if found.networks:
            return self._price(found)
        tied = any({a, b} <= {*group} for group in region.problem.together)
        reasons = ["rules.together has them in one network"] if tied else []
        return self._none(region, found, (a, b), reasons)

    def _asked(self, region: Region, question: str) -> Solution:
        """Find the best plan of a region with one more rule, if time is left."""
        if not self.effort.seconds_left:
            return Solution("no_plan_in_time", (), 0, 0, self._region.problem, None)
        self.tell(question)
        found, self._is_moves = self._found(region, self.best)
        return found

    def _found(self, region: Region, before: Solution | None = None) -> tuple[Solution, bool]:
        """Find the best plan of a region, and whether more have to move than the rules allow."""
        most, in_practices = most_moved(region.configuration)
        if most is None or not self.effort.seconds_left:
            return best_plan(region.problem, self.effort, before), False
        today = region.today(in_practices=in_practices)
        found = solve_within_moves(region.problem, today, most, self.effort, silent)
        if found.solution.networks:
            refuse_wrong_plan(region.problem, found.solution)
        is_moves = found.solution.status == "infeasible" and found.fewest > most
        return found.solution, is_moves

    def _named(self, a: int, b: int) -> str:
        codes = self._region.problem.codes
        return f"{codes[a]} and {codes[b]}"

    def _are_together(self, a: int, b: int) -> bool:
        """Whether the best plan of all has both in one network."""
        return any(a in network and b in network for network in self.best.networks)

    def _price(self, found: Solution) -> Price:
        best, problem = self.best, self._region.problem
        named = {
            problem.codes[problem.hub_practice(network)]: network for network in found.networks
        }
        return Price(
            solution=found,
            cost=found.cost - best.cost,
            short=found.short - best.short,
            above=found.above - best.above,
            further=tuple(
                more - least for more, least in zip(found.further, best.further, strict=True)
            ),
            moves=match_networks(amounts_of(self._region), self._networks, named),
            is_proven=found.status == best.status == "optimal",
        )

    def _none(
        self, region: Region, found: Solution, centre: tuple[int, int], reasons: Sequence[str]
    ) -> Price:
        proven, clash = found.status == "infeasible", None
        if self._is_moves:
            reasons = [*reasons, too_many_move(region.configuration)]
        if proven and not reasons:
            clash = find_clash(region, firm_rules(region), centre, self.effort.at_most(_REASON))
        return Price(found, is_proven=proven, reasons=tuple(reasons), clash=clash)
