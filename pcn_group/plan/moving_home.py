"""What comes of it if one practice moves to a network that serves where most of its patients live.

Everybody else stays. Who else would have to move for a plan to keep the rules takes a search, which
`explain` makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pcn_group.plan.fit import Fit
from pcn_group.region.alignment import Alignment
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.verify.rules import check_plan

__all__ = ["MoveHome", "move_home"]


@dataclass(frozen=True)
class MoveHome:
    """A practice moved by itself.

    Attributes
    ----------
    network
        The number of the network that it joins.
    aligned
        How many more patients live where their network serves, in both networks.
    cost
        How much more the two cost, in small units; None where one has no permitted hub.
    breaks
        What is broken then and was not before.
    """

    network: int
    aligned: int
    cost: int | None
    breaks: tuple[str, ...]


def move_home(
    problem: Problem,
    networks: Sequence[Sequence[int]],
    labels: Sequence[str],
    fit: Fit,
    practice: int,
) -> MoveHome | None:
    """Move a practice to a network that serves where most of its patients live.

    Of several it is the one by which least is broken, and of these the cheapest. None where the
    practice is in one already, no other network serves there, or the practice is in a network that
    every plan has.

    Parameters
    ----------
    networks, labels
        The positions of the members of each network, and what the plan calls it.
    fit
        Of these networks.
    """
    own = next(number for number, members in enumerate(networks) if practice in members)
    wanted = fit.practices[practice].main
    kept = {tuple(sorted(members)) for members in problem.aside}
    if wanted is None or fit.networks[own].serves == wanted or tuple(networks[own]) in kept:
        return None
    alignment = Alignment.of(fit.neighbourhoods)
    found = [
        _moved(problem, networks, labels, alignment, (practice, own, number))
        for number, network in enumerate(fit.networks)
        if network.serves == wanted and tuple(networks[number]) not in kept
    ]
    return min(found, key=_how_bad, default=None)


def _moved(
    problem: Problem,
    networks: Sequence[Sequence[int]],
    labels: Sequence[str],
    alignment: Alignment,
    move: tuple[int, int, int],
) -> MoveHome:
    practice, origin, destination = move
    before = [networks[origin], networks[destination]]
    left = tuple(i for i in networks[origin] if i != practice)
    joined = tuple(sorted((*networks[destination], practice)))
    after = [members for members in (left, joined) if members]
    names = [labels[origin], labels[destination]]
    known = {where for where, _ in _broken(problem, before, names)}
    breaks = [
        f"{where[1]} {message}"
        for where, message in _broken(problem, after, names[-len(after) :])
        if where not in known
    ]
    costs = [[problem.network_cost(members) for members in some] for some in (before, after)]
    is_permitted = max(map(max, costs)) < FORBIDDEN
    return MoveHome(
        network=destination,
        aligned=alignment.misaligned_in_all(before) - alignment.misaligned_in_all(after),
        cost=sum(costs[1]) - sum(costs[0]) if is_permitted else None,
        breaks=tuple(breaks),
    )


def _broken(
    problem: Problem, networks: Sequence[Sequence[int]], labels: Sequence[str]
) -> Iterable[tuple[tuple[str, str], str]]:
    """Return the rules that networks break by themselves, with where, and what is said of it."""
    findings = check_plan(problem, networks, labels).findings
    return [((f.rule, f.where), f.message) for f in findings if f.is_broken and f.where in labels]


def _how_bad(move: MoveHome) -> tuple[int, bool, int, int]:
    return len(move.breaks), move.cost is None, move.cost or 0, move.network
