"""The plain checker of a certificate: it re-proves the bound from the integers alone.

Deliberately a second implementation. It knows nothing of how the bound was found, computes in
64-bit integers only, and looks at every network the rules allow, save those whose every extension
is shown to be too expensive.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.plan_limits import NO_AREA
from pcn_group.region.problem import FORBIDDEN, Problem, SizeRule
from pcn_group.verify.certificate import Certificate, CutDual
from pcn_group.verify.connecting import connected
from pcn_group.verify.division import Division
from pcn_group.verify.enumeration import (
    ANY,
    NEVER,
    NO_BOUND,
    REFUTED,
    UNDECIDED,
    Bound,
    Region,
    search,
)
from pcn_group.verify.multipliers import multipliers_for, shifted
from pcn_group.verify.tree import not_in_trees, verify_tree

__all__ = ["Verification", "effort_of_a_run", "verify_certificate"]

Ints = NDArray[np.int64]

_NODES, _NODES_EACH = 4_000_000, 20_000
_FIRST_NODES = 5_000
"""A hub that takes more partial networks is searched again with a higher bound on them."""


@dataclass(frozen=True)
class Verification:
    """What the checker found.

    Attributes
    ----------
    verified
        Whether the bound is proven.
    reason
        What was proven, or why it was not.
    is_refuted
        Whether the certificate was shown to be wrong; if neither this nor verified, the effort
        allowed did not settle it.
    """

    verified: bool
    reason: str
    is_refuted: bool = False


def effort_of_a_run(problem: Problem) -> int:
    """Return how many partial networks are looked at whenever a plan is made.

    About two seconds' worth, or a minute's for all of England; most regions need far less.
    """
    return max(_NODES, _NODES_EACH * len(problem.codes))


def verify_certificate(
    problem: Problem,
    certificate: Certificate,
    *,
    node_limit: int = 2_000_000_000,
    until: float = math.inf,
) -> Verification:
    """Prove, or refute, that no plan costs less than the certificate's bound.

    Parameters
    ----------
    problem
        The region and its rules.
    certificate
        Duals, cut duals and the bound to be proven.
    node_limit
        Give up, without a verdict, after looking at this many partial networks: of a tree none is.
    until
        Give up as well once `time.monotonic` is past this.
    """
    if certificate.tree is not None:
        return _verified_tree(problem, certificate, certificate.tree, until)
    fault = _wrong_figures(problem, certificate)
    if fault:
        return Verification(verified=False, reason=fault, is_refuted=True)
    if _too_large(problem, certificate):
        reason = "its figures are too large to compute with"
        return Verification(verified=False, reason=reason)
    return _verified_networks(problem, certificate, node_limit, until)


def _verified_networks(
    problem: Problem, certificate: Certificate, node_limit: int, until: float
) -> Verification:
    """Look for a network with a negative reduced cost."""
    whole = _build_region(problem, certificate)
    nodes = 0
    for hub, kind in product(_hubs(problem), _kinds(problem, certificate)):
        # A network costs what its best hub and the neighbourhood that it serves make of it, so it
        # is enough that with no hub and no neighbourhood, the best or not, it is too cheap.
        order, values = _partners(problem, certificate, hub, kind)
        if hub.anchor not in order or hub.largest < problem.size.smallest:
            continue
        region = whole._replace(largest=hub.largest)
        if time.monotonic() > until:
            return Verification(verified=False, reason="not verified in time")
        effort, verdict, found = _searched(
            problem, region, hub.anchor, order, values, kind, node_limit - nodes
        )
        nodes += effort
        if verdict == REFUTED:
            names = ", ".join(problem.codes[i] for i in found)
            reason = f"the network {names} has a negative reduced cost"
            return Verification(verified=False, reason=reason, is_refuted=True)
        if verdict == UNDECIDED:
            reason = "not verified in the effort allowed"
            return Verification(verified=False, reason=reason)
    reason = "no network has a negative reduced cost"
    return Verification(verified=True, reason=reason)


def _searched(
    problem: Problem,
    region: Region,
    anchor: int,
    order: Ints,
    values: Ints,
    kind: _Kind,
    node_limit: int,
) -> tuple[int, int, Ints]:
    """Search around a hub; again with a higher bound on networks if that takes long."""
    effort = 0
    for connects, limit in ((False, _FIRST_NODES), (True, node_limit)):
        other = _other_bound(problem, anchor, order, values, connects=connects)
        most = min(limit, node_limit - effort)
        nodes, verdict, found = search(
            region, anchor, order, values, other, kind.pays, kind.serves, most
        )
        effort += nodes
        if verdict != UNDECIDED or effort >= node_limit:
            break
    return effort, verdict, found


def _verified_tree(
    problem: Problem, certificate: Certificate, tree: Division, until: float
) -> Verification:
    """Prove a bound by a tree; networks of every plan cost what they cost."""
    unknown = not_in_trees(problem)
    if unknown:
        reason = f"its tree knows nothing of {unknown}"
        return Verification(verified=False, reason=reason)
    near = [_near(problem, hub) for hub in _hubs(problem)]
    alone = sum(_cost_aside(problem, list(network)) for network in problem.aside)
    proven, reason = verify_tree(problem, near, tree, certificate.bound - alone, until)
    return Verification(verified=proven, reason=reason)


def compile_verifier() -> None:
    """Verify a certificate of one practice, so that no time limit pays for compiling."""
    one, nothing = np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    size = SizeRule(band_min=1, band_max=1, smallest=1, largest=1)
    problem = Problem(("A",), one, nothing.reshape(1, 1), ((),), size, max_practices=1)
    verify_certificate(problem, Certificate(duals=nothing, cut_duals=(), bound=0))


def _wrong_figures(problem: Problem, certificate: Certificate) -> str:
    """Say what is wrong with the certificate before any network is looked at, if anything."""
    everyone = set(range(len(problem.codes)))
    if len(certificate.duals) != len(everyone):
        return "it does not have one dual for each practice"
    for network in problem.aside:
        members = list(network)
        if certificate.duals[members].sum() > _cost_aside(problem, members):
            return "a network that is in every plan has duals above what it costs"
    if not all(_is_cut_dual(cut_dual, everyone) for cut_dual in certificate.cut_duals):
        return "a toll is not on different practices with a share, less than a whole, for each"
    if any(cut_dual.amount < 0 for cut_dual in certificate.cut_duals):
        return "a toll is negative"
    duals = certificate.limit_duals
    if len(duals) != len(problem.plan_limits) or any(dual < 0 for dual in duals):
        return "it does not have one dual, not negative, for each limit on a plan"
    return _wrong_sum(problem, certificate)


def _cost_aside(problem: Problem, members: list[int]) -> int:
    """Return what a network of every plan costs, which is nothing for its size."""
    patients = int(problem.weights[members].sum())
    hubs = (hub for hub in _hubs(problem) if hub.anchor in members and patients <= hub.most)
    cost = min(int(problem.cost[members, hub.column].sum()) for hub in hubs)
    if problem.alignment is not None:
        cost += problem.alignment.price * int(problem.alignment.elsewhere[members].sum(0).min())
    return cost


def _is_cut_dual(cut_dual: CutDual, everyone: set[int]) -> bool:
    members = set(cut_dual.practices)
    return (
        len(members) == len(cut_dual.practices) == len(cut_dual.shares)
        and members <= everyone
        and 0 < min(cut_dual.shares, default=0) <= max(cut_dual.shares) < cut_dual.whole
    )


def _wrong_sum(problem: Problem, certificate: Certificate) -> str:
    paid = sum(cut_dual.amount * cut_dual.most for cut_dual in certificate.cut_duals)
    for dual, limit in zip(certificate.limit_duals, problem.plan_limits, strict=True):
        paid += dual * (limit.total - limit.amount_in_all(problem.aside))
    bound = sum(int(u) for u in certificate.duals) - paid
    if certificate.bound != bound:
        return f"its figures add up to a bound of {bound}, not {certificate.bound}"
    return ""


@dataclass(frozen=True)
class _Hub:
    """A practice or a site that may be a hub.

    Attributes
    ----------
    column
        Of costs.
    anchor
        The practice that each of its networks has.
    most
        Patients that it has room for.
    largest
        The most patients of a network that is not aside.
    """

    column: int
    anchor: int
    most: int
    largest: int


def _hubs(problem: Problem) -> list[_Hub]:
    n, largest, everybody = len(problem.codes), problem.size.largest, int(problem.weights.sum())
    hubs = [_Hub(i, i, everybody, largest) for i in range(n)]
    for column, site in enumerate(problem.sites, start=n):
        room = everybody if site.capacity is None else site.capacity
        hubs.append(_Hub(column, site.anchor, room, min(room, largest)))
    return hubs


@dataclass(frozen=True)
class _Kind:
    """Networks of some practices, and what they pay beside cost and cuts, at least.

    Attributes
    ----------
    inside
        Their practices.
    pays
        What each network pays.
    each
        What each practice pays.
    serves
        The neighbourhood that they serve, where they pay for that; else `ANY`.
    """

    inside: frozenset[int]
    pays: int
    each: Ints
    serves: int = ANY


def _kinds(problem: Problem, certificate: Certificate) -> list[_Kind]:
    """Return kinds of networks with what they pay for limits on a plan and misaligned patients.

    Every network is of one of these kinds, in which it is said exactly what it pays: of one area,
    or everyone's; and each of these with every neighbourhood that it may serve.
    """
    everyone = frozenset(range(len(problem.codes)))
    limits = list(zip(certificate.limit_duals, problem.plan_limits, strict=True))
    across = sum(dual * limit.step for dual, limit in limits if limit.areas is not None)
    others = [each for each in limits if each[1].areas is None and each[1].alignment is None]
    plainly = sum(dual * limit.step for dual, limit in others)
    areas = next((limit.areas for _, limit in limits if limit.areas is not None), None)
    by_area = [(everyone, plainly)]
    if areas is not None and across > 0:
        inside = (
            frozenset(i for i in everyone if areas[i] in {area, NO_AREA})
            for area in sorted({*areas, NO_AREA})
        )
        by_area = [*((some, plainly) for some in inside), (everyone, plainly + across)]
    misaligned, serving = _price_of_misaligned(problem, certificate), [0] * _count(problem)
    for dual, limit in limits:
        if limit.neighbourhood is not None:
            serving[limit.neighbourhood] += dual * limit.step
    if problem.alignment is None or not (misaligned or any(serving)):
        nothing = np.zeros(len(everyone), dtype=np.int64)
        return [_Kind(some, pays, nothing) for some, pays in by_area]
    by_neighbourhood = (misaligned * problem.alignment.elsewhere).T
    return [
        _Kind(some, pays + serving[a], each, a if any(serving) else ANY)
        for some, pays in by_area
        for a, each in enumerate(by_neighbourhood)
    ]


def _count(problem: Problem) -> int:
    return 0 if problem.alignment is None else problem.alignment.elsewhere.shape[1]


def _price_of_misaligned(problem: Problem, certificate: Certificate) -> int:
    """Return what a misaligned patient costs: the price, and the dual of the limit on them."""
    limits = zip(certificate.limit_duals, problem.plan_limits, strict=True)
    duals = sum(
        dual
        for dual, limit in limits
        if limit.alignment is not None and limit.neighbourhood is None
    )
    return duals + (0 if problem.alignment is None else problem.alignment.price)


def _too_large(problem: Problem, certificate: Certificate) -> bool:
    """Whether a sum or a product in the search might leave 64 bits.

    A value is added once for each practice at the most, or multiplied by patients of one network.
    """
    size, total = problem.size, sum(int(w) for w in problem.weights)
    patients = min(total, size.largest)
    highest = problem.cost.max(where=problem.cost < FORBIDDEN, initial=0)
    value = max(int(highest), -int(problem.cost.min(initial=0)))
    value += max((abs(int(u)) for u in certificate.duals), default=0)
    if problem.alignment is not None:
        worst = int(problem.alignment.elsewhere.max(initial=0))
        value += _price_of_misaligned(problem, certificate) * worst
    ends = max(size.penalty(max(0, size.smallest)), size.penalty(patients))
    slopes = sum(hinge.below + hinge.above for hinge in size.hinges)
    cut_duals = sum(cut_dual.amount * max(1, cut_dual.most) for cut_dual in certificate.cut_duals)
    shares = max(
        (sum(cut_dual.shares) + cut_dual.whole for cut_dual in certificate.cut_duals), default=0
    )
    limits = sum(certificate.limit_duals)
    figures = sum(_largest_pay(limit) for limit in problem.figure_limits)
    sums = (len(problem.codes) + patients) * (value + slopes) + ends + cut_duals + limits + figures
    return max(sums, shares) >= NEVER


def _largest_pay(limit: FigureLimit) -> int:
    """Return what no sum of amounts times its price exceeds."""
    amounts = sum(abs(int(amount)) for amount in limit.amounts) + abs(limit.limit)
    return amounts * max(1, limit.rate.numerator)


def _partners(
    problem: Problem, certificate: Certificate, hub: _Hub, kind: _Kind
) -> tuple[Ints, Ints]:
    """Return the practices that fit around a hub, cheapest per patient first, and what each adds.

    Those that are not of the kind are left out.
    """
    near = [i for i in _near(problem, hub) if i in kind.inside]
    near = _with_whole_groups(problem, near, hub.anchor)
    values = np.zeros(len(problem.codes), dtype=np.int64)
    values[near] = problem.cost[near, hub.column] + kind.each[near] - certificate.duals[near]
    return _cheapest_first(problem, near, values), values


def _other_bound(
    problem: Problem, anchor: int, order: Ints, values: Ints, *, connects: bool
) -> Bound:
    """Return what practices add when they pay for limits on figures, cheapest first likewise.

    Where it `connects`, they pay for being connected as well.
    """
    if not problem.figure_limits and not connects:
        return NO_BOUND._replace(values=values)
    near, others, once = order.tolist(), values, 0
    if connects:
        others = connected(problem, anchor, near, others)
    if problem.figure_limits:
        multipliers = multipliers_for(problem, anchor, near, others)
        others, once = shifted(problem, others, near, multipliers)
        if connects and any(multipliers):
            others = connected(problem, anchor, near, others)
    return Bound(_cheapest_first(problem, near, others), others, once)


def _cheapest_first(problem: Problem, near: list[int], values: Ints) -> Ints:
    """Return practices in the exact order of what a patient of theirs adds.

    A completion taken in any other order would not be a bound.
    """
    value: list[int] = values[near].tolist()
    patients: list[int] = problem.weights[near].tolist()

    def difference(a: int, b: int) -> int:
        return value[a] * patients[b] - value[b] * patients[a]

    order = sorted(range(len(near)), key=cmp_to_key(difference))
    return np.array(near, dtype=np.int64)[order]


def _near(problem: Problem, hub: _Hub) -> list[int]:
    """Return the practices that can be in a network with the hub, ascending.

    Such a network holds a way of neighbours between them, and all the patients on it.
    """
    reached, alone = set[int](), int(problem.weights[hub.anchor])
    ways = [(alone, hub.anchor)] if alone <= hub.largest else []
    aside = {i for network in problem.aside for i in network}
    shut = aside.union(_cannot_link(problem, hub.anchor))
    while ways:
        patients, i = heapq.heappop(ways)
        if i in reached or i in shut or problem.cost[i, hub.column] >= FORBIDDEN:
            continue
        reached.add(i)
        for j in problem.neighbours[i]:
            more = patients + int(problem.weights[j])
            if j not in reached and more <= hub.largest:
                heapq.heappush(ways, (more, j))
    return sorted(reached)


def _with_whole_groups(problem: Problem, near: list[int], anchor: int) -> list[int]:
    """Leave out practices whose groups cannot all be in a network of a hub with this anchor."""
    short = {i for group in problem.together if not set(group) <= set(near) for i in group}
    return [] if anchor in short else [i for i in near if i not in short]


def _cannot_link(problem: Problem, practice: int) -> set[int]:
    """Return the practices that cannot be with this one, or with any that must be with it."""
    own = next((set(group) for group in problem.together if practice in group), {practice})
    return {b for pair in problem.apart for a, b in (pair, pair[::-1]) if a in own}


def _build_region(problem: Problem, certificate: Certificate) -> Region:
    n, size = len(problem.codes), problem.size
    near_start, near = _packed(problem.neighbours)
    parties: list[list[int]] = [[] for _ in range(n)]
    shares: list[list[int]] = [[] for _ in range(n)]
    for number, cut_dual in enumerate(certificate.cut_duals):
        for i, share in zip(cut_dual.practices, cut_dual.shares, strict=True):
            parties[i].append(number)
            shares[i].append(share)
    cut_start, cut_of = _packed(parties)
    group_of = np.full(n, -1)
    for number, group in enumerate(problem.together):
        group_of[list(group)] = number
    group_start, groups = _packed(problem.together)
    figures = problem.figure_limits
    amounts = [limit.amounts for limit in figures] or [np.zeros((0, n), dtype=np.int64)]
    cannot_link_start, cannot_link = _packed([sorted(_cannot_link(problem, i)) for i in range(n)])
    hinges = [(hinge.at, hinge.below, hinge.above) for hinge in size.hinges]
    return Region(
        weights=problem.weights,
        near_start=near_start,
        near=near,
        cut_start=cut_start,
        cut_of=cut_of,
        cut_shares=_packed(shares)[1],
        cut_wholes=np.array([cut_dual.whole for cut_dual in certificate.cut_duals], dtype=np.int64),
        cut_amounts=np.array(
            [cut_dual.amount for cut_dual in certificate.cut_duals], dtype=np.int64
        ),
        group_of=group_of,
        group_start=group_start,
        groups=groups,
        cannot_link_start=cannot_link_start,
        cannot_link=cannot_link,
        hinges=np.array(hinges, dtype=np.int64).reshape(-1, 3),
        smallest=size.smallest,
        largest=size.largest,
        max_practices=problem.max_practices,
        elsewhere=np.zeros((n, 1), dtype=np.int64)
        if problem.alignment is None
        else problem.alignment.elsewhere,
        amounts=np.ascontiguousarray(np.vstack(amounts).T),
        figures=np.array(
            [(each.limit, each.most, *each.rate.as_integer_ratio()) for each in figures],
            dtype=np.int64,
        ).reshape(-1, 4),
    )


def _packed(rows: tuple[tuple[int, ...], ...] | list[list[int]]) -> tuple[Ints, Ints]:
    starts = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    return starts, np.array([i for row in rows for i in row], dtype=np.int64)
