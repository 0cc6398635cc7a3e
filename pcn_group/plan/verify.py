"""The plain checker of a certificate: it re-proves the bound from the integers alone.

Deliberately a second implementation. It knows nothing of how the bound was found, computes in
64-bit integers only, and looks at every network the rules allow, save those whose every extension
is shown to be too dear.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from pcn_group.plan.certificate import Certificate, Toll
from pcn_group.problem import FORBIDDEN, Problem

__all__ = ["Verification", "verify_certificate"]

Ints = NDArray[np.int64]

_NEVER = 2**61  # more than any sum below can come to, see _too_large
_FREE, _INSIDE, _OUT = 0, 1, 2
_PROVEN, _REFUTED, _UNDECIDED = 0, 1, 2


@dataclass(frozen=True)
class Verification:
    """What the checker found.

    Attributes
    ----------
    verified
        Whether the bound is proven.
    reason
        What was proven, or why it was not.
    nodes
        The effort: partial networks looked at.
    is_refuted
        Whether the certificate was shown to be wrong; if neither this nor verified, the effort
        allowed did not settle it.
    """

    verified: bool
    reason: str
    nodes: int
    is_refuted: bool = False


class _Region(NamedTuple):
    """A problem and the tolls of its certificate, as arrays for the compiled search.

    The neighbours of `i` are `near[near_start[i]:near_start[i + 1]]`, and likewise the tolls that
    `i` is a party to.
    """

    weights: Ints
    near_start: Ints
    near: Ints
    toll_start: Ints
    toll_of: Ints
    toll_shares: Ints
    toll_wholes: Ints
    toll_amounts: Ints
    hinges: Ints
    smallest: int
    largest: int
    max_practices: int


def verify_certificate(
    problem: Problem, certificate: Certificate, *, node_limit: int = 2_000_000_000
) -> Verification:
    """Prove, or refute, that no plan costs less than the certificate's bound.

    Parameters
    ----------
    problem
        The region and its rules.
    certificate
        Duals, tolls and the bound to be proven.
    node_limit
        Give up, without a verdict, after looking at this many partial networks.
    """
    fault = _wrong_figures(problem, certificate)
    if fault:
        return Verification(verified=False, reason=fault, nodes=0, is_refuted=True)
    if _too_large(problem, certificate):
        reason = "its figures are too large to compute with"
        return Verification(verified=False, reason=reason, nodes=0)
    region = _lay_out(problem, certificate)
    nodes = 0
    for hub in range(len(problem.codes)):
        # A network costs what its best hub makes of it, so it is enough that with no member as
        # hub, the best or not, it is too cheap.
        order, values = _partners(problem, certificate, hub)
        if hub not in order:
            continue
        effort, verdict, found = _search(region, hub, order, values, node_limit - nodes)
        nodes += effort
        if verdict == _REFUTED:
            names = ", ".join(problem.codes[i] for i in found)
            reason = f"the network {names} has a negative reduced cost"
            return Verification(verified=False, reason=reason, nodes=nodes, is_refuted=True)
        if verdict == _UNDECIDED:
            reason = "not verified in the effort allowed"
            return Verification(verified=False, reason=reason, nodes=nodes)
    reason = "no network has a negative reduced cost"
    return Verification(verified=True, reason=reason, nodes=nodes)


def _wrong_figures(problem: Problem, certificate: Certificate) -> str:
    """Say what is wrong with the certificate before any network is looked at, if anything."""
    everyone = set(range(len(problem.codes)))
    if len(certificate.duals) != len(everyone):
        return "it does not have one dual for each practice"
    if any(certificate.duals[i] > problem.cost[i, i] for i in problem.oversize):
        return "an oversize practice has a dual above what it costs alone, as in every plan"
    if not all(_is_toll(toll, everyone) for toll in certificate.tolls):
        return "a toll is not on different practices with a share, less than a whole, for each"
    if any(toll.amount < 0 for toll in certificate.tolls):
        return "a toll is negative"
    return _wrong_sum(certificate)


def _is_toll(toll: Toll, everyone: set[int]) -> bool:
    members = set(toll.practices)
    return (
        len(members) == len(toll.practices) == len(toll.shares)
        and members <= everyone
        and 0 < min(toll.shares, default=0) <= max(toll.shares) < toll.whole
    )


def _wrong_sum(certificate: Certificate) -> str:
    paid = sum(toll.amount * toll.most for toll in certificate.tolls)
    bound = sum(int(u) for u in certificate.duals) - paid
    if certificate.bound != bound:
        return f"its figures add up to a bound of {bound}, not {certificate.bound}"
    return ""


def _too_large(problem: Problem, certificate: Certificate) -> bool:
    """Whether a sum or a product in the search might leave 64 bits.

    A value is added once for each practice at the most, or multiplied by patients of one network.
    """
    size, total = problem.size, sum(int(w) for w in problem.weights)
    patients = min(total, size.largest)
    finite = problem.cost[problem.cost < FORBIDDEN]
    value = max((abs(int(c)) for c in finite), default=0)
    value += max((abs(int(u)) for u in certificate.duals), default=0)
    ends = max(size.penalty(max(0, size.smallest)), size.penalty(patients))
    slopes = sum(hinge.below + hinge.above for hinge in size.hinges)
    tolls = sum(toll.amount * max(1, toll.most) for toll in certificate.tolls)
    shares = max((sum(toll.shares) + toll.whole for toll in certificate.tolls), default=0)
    sums = (len(problem.codes) + patients) * (value + slopes) + ends + tolls
    return max(sums, shares) >= _NEVER


def _partners(problem: Problem, certificate: Certificate, hub: int) -> tuple[Ints, Ints]:
    """Give who may be in a network of the hub, cheapest per patient first, and what each adds.

    The order is exact: a completion taken in any other order would not be a bound.
    """
    near = _near(problem, hub)
    values = np.zeros(len(problem.codes), dtype=np.int64)
    values[near] = problem.cost[near, hub] - certificate.duals[near]
    near.sort(key=lambda i: Fraction(int(values[i]), int(problem.weights[i])))
    return np.array(near, dtype=np.int64), values


def _near(problem: Problem, hub: int) -> list[int]:
    """Give who can be in a network with the hub, ascending.

    Such a network holds a way of neighbours between them, and all the patients on it.
    """
    patients: dict[int, int] = {}
    ways = [(int(problem.weights[hub]), hub)]
    while ways:
        size, i = heapq.heappop(ways)
        allowed = problem.cost[i, hub] < FORBIDDEN and i not in problem.oversize
        if i in patients or size > problem.size.largest or not allowed:
            continue
        patients[i] = size
        for j in problem.neighbours[i]:
            heapq.heappush(ways, (size + int(problem.weights[j]), j))
    return sorted(patients)


def _lay_out(problem: Problem, certificate: Certificate) -> _Region:
    n, size = len(problem.codes), problem.size
    near_start, near = _packed(problem.neighbours)
    parties: list[list[int]] = [[] for _ in range(n)]
    shares: list[list[int]] = [[] for _ in range(n)]
    for number, toll in enumerate(certificate.tolls):
        for i, share in zip(toll.practices, toll.shares, strict=True):
            parties[i].append(number)
            shares[i].append(share)
    toll_start, toll_of = _packed(parties)
    hinges = [(hinge.at, hinge.below, hinge.above) for hinge in size.hinges]
    return _Region(
        weights=problem.weights,
        near_start=near_start,
        near=near,
        toll_start=toll_start,
        toll_of=toll_of,
        toll_shares=_packed(shares)[1],
        toll_wholes=np.array([toll.whole for toll in certificate.tolls], dtype=np.int64),
        toll_amounts=np.array([toll.amount for toll in certificate.tolls], dtype=np.int64),
        hinges=np.array(hinges, dtype=np.int64).reshape(-1, 3),
        smallest=size.smallest,
        largest=size.largest,
        max_practices=problem.max_practices,
    )


def _packed(rows: tuple[tuple[int, ...], ...] | list[list[int]]) -> tuple[Ints, Ints]:
    starts = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    return starts, np.array([i for row in rows for i in row], dtype=np.int64)


@njit(cache=True)
def _search(
    region: _Region, hub: int, order: Ints, values: Ints, node_limit: int
) -> tuple[int, int, Ints]:
    """Look for a network around the hub with a negative reduced cost.

    Every connected set that holds the hub comes up once: choose a practice beside the set, first
    let it in, then keep it out. `chosen` is the list of these choices, undone from its end.
    """
    n = len(region.weights)
    state = np.full(n, _OUT)  # all but those who may join are out from the start
    state[order] = _FREE
    links = np.zeros(n, np.int64)  # how many neighbours are inside
    held = np.zeros(len(region.toll_amounts), np.int64)  # shares inside, by toll
    chosen = np.empty(n, np.int64)
    depth, members, patients, value = 0, 0, 0, 0
    nodes, entering = 0, hub
    while True:
        nodes += 1
        if nodes > node_limit:
            return nodes, _UNDECIDED, order[:0]
        if entering >= 0:
            chosen[depth] = entering
            depth += 1
            value += values[entering] + _move(region, entering, 1, state, links, held)
            patients += region.weights[entering]
            members += 1
            if patients >= region.smallest and value + _penalty(region, patients) < 0:
                return nodes, _REFUTED, np.flatnonzero(state == _INSIDE)
        entering = -1
        if members < region.max_practices and (
            value + _completion(region, order, values, state, patients) < 0
        ):
            entering = _beside(region, order, state, links, patients)
        if entering >= 0:
            continue
        # Nothing more this way: undo back to the last practice let in, and keep that one out.
        while depth > 0 and state[chosen[depth - 1]] == _OUT:
            depth -= 1
            state[chosen[depth]] = _FREE
        last = chosen[depth - 1]
        if last == hub:
            return nodes, _PROVEN, order[:0]
        value -= values[last] + _move(region, last, -1, state, links, held)
        patients -= region.weights[last]
        members -= 1
        state[last] = _OUT


@njit(cache=True)
def _move(region: _Region, practice: int, step: int, state: Ints, links: Ints, held: Ints) -> int:
    """Let a practice in (step 1) or out (-1), and give the tolls that this adds, or saves."""
    state[practice] = _INSIDE if step == 1 else _FREE
    for k in range(region.near_start[practice], region.near_start[practice + 1]):
        links[region.near[k]] += step
    tolls = 0
    for k in range(region.toll_start[practice], region.toll_start[practice + 1]):
        toll = region.toll_of[k]
        share, whole = region.toll_shares[k], region.toll_wholes[toll]
        before = held[toll]
        held[toll] += step * share
        # Paid once for every whole.
        wholes = abs(held[toll] // whole - before // whole)
        tolls += wholes * region.toll_amounts[toll]
    return tolls


@njit(cache=True)
def _beside(region: _Region, order: Ints, state: Ints, links: Ints, patients: int) -> int:
    """Give the cheapest free practice with a neighbour inside that still fits, or -1."""
    for i in order:
        if state[i] == _FREE and links[i] > 0 and patients + region.weights[i] <= region.largest:
            return int(i)
    return -1


@njit(cache=True)
def _penalty(region: _Region, patients: int) -> int:
    total: int = 0
    for at, below, above in region.hinges:
        total += below * max(0, at - patients) + above * max(0, patients - at)
    return total


@njit(cache=True)
def _completion(region: _Region, order: Ints, values: Ints, state: Ints, patients: int) -> int:
    """Give the least that the rest of a network can add: its members, and the size penalty.

    Any free practices may join, connected or not, the last of them in part. Both what they cost,
    cheapest first, and the penalty are convex in patients: so go on while the next patient brings
    the total down, or while the network is too small.
    """
    total, room = 0, region.largest - patients
    for i in order:
        weight = region.weights[i]
        if state[i] != _FREE or weight > room:
            continue
        taken = 0
        while taken < weight:
            stretch, slope = _stretch(region, patients)
            enough = patients >= region.smallest and values[i] + weight * slope >= 0
            if enough or stretch == 0:
                # Rounded down, the part of the last one is still a bound.
                rest: int = values[i] * taken // weight + _penalty(region, patients)
                return total + rest
            stretch = min(stretch, weight - taken)
            taken += stretch
            patients += stretch
        total += values[i]
    if patients < region.smallest:
        return _NEVER
    penalty: int = _penalty(region, patients)
    return total + penalty


@njit(cache=True)
def _stretch(region: _Region, patients: int) -> tuple[int, int]:
    """Give how many more patients until the penalty's slope or the rules change, and the slope."""
    end, slope = region.largest, 0
    if patients < region.smallest:
        end = region.smallest
    for at, below, above in region.hinges:
        if patients < at:
            slope -= below
            end = min(end, at)
        else:
            slope += above
    return end - patients, slope
