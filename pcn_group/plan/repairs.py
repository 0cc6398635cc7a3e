"""Who else has to move if a practice goes to the network that serves where its patients live.

The practice is put there, beside the hub (or the practice in whose area that lies), and both stay:
the rest of the plan is repaired around them, so that the rules hold again and the fewest patients
move, and of such plans the cheapest is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pcn_group.plan.fit import fit_of
from pcn_group.plan.moving_home import move_home
from pcn_group.plan.who_else import NOT_WORKED_OUT, Answer, WhoElse
from pcn_group.region.alignment import Alignment
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.problem import Problem
from pcn_group.region.today import Today, continued
from pcn_group.solver.moves import solve_fewest_moves
from pcn_group.solver.search.state import Effort
from pcn_group.verify.rules import check_plan

__all__ = ["who_else_moves"]


def who_else_moves(
    problem: Problem,
    neighbourhoods: Neighbourhoods,
    networks: Sequence[Sequence[int]],
    effort: Effort,
) -> Iterator[tuple[int, WhoElse]]:
    """Work out who else moves for each practice that straddles or lives elsewhere.

    Those with the most misaligned patients come first, as long as there is time. Left out are those
    that have no network to go to.

    Parameters
    ----------
    problem, neighbourhoods
        The region, and where patients live.
    networks
        Of a plan that keeps its rules.
    effort
        What all searches together may take.
    """
    fit = fit_of(neighbourhoods, networks, problem.weights)
    to_talk = [i for i, own in fit.practices.items() if own.straddles or own.lives_elsewhere]
    labels = [str(number) for number in range(len(networks))]
    for i in sorted(to_talk, key=lambda i: (-fit.practices[i].misaligned, i)):
        home = move_home(problem, networks, labels, fit, i)
        if home is not None:
            repair = _Repair(problem, Alignment.of(neighbourhoods), networks, i, home.network)
            yield i, repair.answer(effort)


@dataclass(frozen=True)
class _Repair:
    """A plan that is repaired after a practice has gone to another network."""

    problem: Problem
    alignment: Alignment
    networks: Sequence[Sequence[int]]
    practice: int
    home: int

    def answer(self, effort: Effort) -> WhoElse:
        """Move as few others as it takes."""
        problem, moved = self.problem, self._moved()
        if not effort.seconds_left:
            return NOT_WORKED_OUT
        if not any(finding.is_broken for finding in check_plan(problem, moved).findings):
            return self._told("nobody", moved)
        # Worth more than all others, neither it nor the hub that it goes to leaves the network
        # again, unless there is no plan in which they are together.
        amounts, enough = problem.weights.copy(), int(problem.weights.sum()) + 1
        amounts[[self.practice, problem.hub_practice(self.networks[self.home])]] = enough
        owner = np.empty(len(amounts), dtype=np.int64)
        for number, members in enumerate(moved):
            owner[[*members]] = number
        today = Today(owner, amounts, len(moved))
        found = solve_fewest_moves(problem, today, replace(effort, gap=0.0), lambda _: None)
        if found.solution.status == "infeasible" or found.fewest >= enough:
            return WhoElse("no plan")
        others = tuple(_movers(today, found.solution.networks))
        patients = int(amounts[[*others]].sum())
        if not found.solution.networks or patients >= enough:
            return NOT_WORKED_OUT
        answer: Answer = "proven" if found.fewest == patients else "found"
        return self._told(answer, found.solution.networks, others)

    def _moved(self) -> list[tuple[int, ...]]:
        """Return the networks after it has gone, without one that nobody is left in."""
        after = [
            {*members, self.practice} if number == self.home else {*members} - {self.practice}
            for number, members in enumerate(self.networks)
        ]
        return [tuple(sorted(members)) for members in after if members]

    def _told(
        self, answer: Answer, after: Sequence[Sequence[int]], others: tuple[int, ...] = ()
    ) -> WhoElse:
        plans, misaligned = (self.networks, after), self.alignment.misaligned_in_all
        costs = [sum(map(self.problem.network_cost, plan)) for plan in plans]
        return WhoElse(
            answer=answer,
            others=others,
            patients=int(self.problem.weights[[*others]].sum()),
            aligned=misaligned(plans[0]) - misaligned(plans[1]),
            cost=costs[1] - costs[0],
        )


def _movers(today: Today, networks: Sequence[Sequence[int]]) -> Iterable[int]:
    """Return the practices that leave the network that continues theirs, ascending."""
    labels = continued(np.array([today.shares(members) for members in networks], dtype=np.int64))
    return sorted(
        i
        for label, members in zip(labels, networks, strict=True)
        for i in members
        if today.labels[i] != label
    )
