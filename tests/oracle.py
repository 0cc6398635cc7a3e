"""Small regions solved by looking at everything: what the clever code is measured against.

Networks are bit masks (bit i set: practice i is a member), so that a region of ten practices has
1,023 subsets to look at. Nothing here is borrowed from the package beside `Problem` itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from pcn_group.region.alignment import Alignment
from pcn_group.region.figure_limits import UNLIMITED, FigureLimit
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem, SizeRule

Plan = tuple[int, ...]
Worth = tuple[int | Fraction, ...]
"""What plans are compared by, the first that differs."""

RULES = ("together", "apart", "fixed", "hubs")
"""The kinds of rules about practices."""


def members(mask: int) -> tuple[int, ...]:
    """The practices of a network."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def mask_of(practices: tuple[int, ...] | list[int]) -> int:
    return sum(1 << i for i in practices)


def connected_sets(problem: Problem) -> list[int]:
    """Every connected set of practices, whatever its size."""
    nearby = [mask_of(list(neighbours)) for neighbours in problem.neighbours]
    return [mask for mask in range(1, 1 << len(problem.codes)) if _is_connected(mask, nearby)]


def _is_connected(mask: int, nearby: list[int]) -> bool:
    reached, frontier = 0, mask & -mask
    while frontier:
        reached |= frontier
        step = 0
        for i in members(frontier):
            step |= nearby[i]
        frontier = step & mask & ~reached
    return reached == mask


def patients(problem: Problem, mask: int) -> int:
    return sum(int(problem.weights[i]) for i in members(mask))


def cost(problem: Problem, mask: int) -> int:
    """Cost of a network by its best hub; `FORBIDDEN` or more where it has none."""
    inside = members(mask)
    travel = min(sum(int(problem.cost[i, hub]) for i in inside) for hub in hubs(problem, mask))
    if problem.alignment is not None:
        travel += problem.alignment.price * misaligned(problem.alignment, mask)
    travel += sum(int(limit.price * beyond(limit, mask)) for limit in problem.figure_limits)
    return travel + sum(
        hinge.below * max(0, hinge.at - patients(problem, mask))
        + hinge.above * max(0, patients(problem, mask) - hinge.at)
        for hinge in problem.size.hinges
    )


def hubs(problem: Problem, mask: int) -> Iterator[int]:
    """The columns of costs that a network may have as its hub: practices, and sites with room."""
    yield from members(mask)
    for number, site in enumerate(problem.sites):
        has_room = site.capacity is None or patients(problem, mask) <= site.capacity
        if mask >> site.anchor & 1 and has_room:
            yield len(problem.codes) + number


def beyond(limit: FigureLimit, mask: int) -> Fraction:
    """By how much a network is beyond a limit on a figure; of a mean or share, times patients."""
    figure, inside = limit.figure, members(mask)
    value = sum((Fraction(int(figure.amounts[i]), figure.scale) for i in inside), Fraction(0))
    patients = 1 if figure.adds == "sum" else sum(int(figure.base[i]) for i in inside)
    over = value - limit.at * patients
    return max(Fraction(0), over if limit.side == "max" else -over)


def misaligned(alignment: Alignment, mask: int) -> int:
    """The patients of a network who live in another neighbourhood than most of them do."""
    count = alignment.elsewhere.shape[1]
    return min(sum(int(alignment.elsewhere[i, a]) for i in members(mask)) for a in range(count))


def standing_aside(problem: Problem) -> dict[int, int]:
    """The networks of every plan: those fixed, and practices larger than a network may be alone.

    Each with its cost, which is travel alone.
    """
    size = problem.size
    most = size.largest if size.alone_above is None else size.alone_above
    fixed = [mask_of(network) for network in problem.fixed]
    alone = [
        1 << i
        for i, w in enumerate(problem.weights)
        if w > most and not any(mask >> i & 1 for mask in fixed)
    ]
    free = replace(problem, size=replace(size, hinges=()), figure_limits=())
    return {mask: cost(free, mask) for mask in (*fixed, *alone)}


def cost_aside(problem: Problem) -> int:
    """What these cost in every plan."""
    return sum(standing_aside(problem).values())


def keeps_company(problem: Problem, mask: int) -> bool:
    """Whether a network has no part of a group that is together, and no pair that is apart."""
    groups = (mask_of(group) for group in problem.together)
    pairs = (mask_of(pair) for pair in problem.apart)
    return all(mask & group in {0, group} for group in groups) and all(
        mask & pair != pair for pair in pairs
    )


def networks(problem: Problem) -> dict[int, int]:
    """Every allowed network and its cost, without the networks of every plan."""
    size, aside = problem.size, sum(standing_aside(problem))
    costs = {
        mask: cost(problem, mask)
        for mask in connected_sets(problem)
        if not mask & aside
        and keeps_company(problem, mask)
        and size.smallest <= patients(problem, mask) <= size.largest
        and mask.bit_count() <= problem.max_practices
        and all(
            beyond(limit, mask) * limit.unit <= limit.allowed for limit in problem.figure_limits
        )
    }
    return {mask: value for mask, value in costs.items() if value < FORBIDDEN}


def all_plans(problem: Problem) -> Iterator[tuple[int, Plan]]:
    """Every plan with its cost: each partition into allowed networks and those of every plan."""
    aside = standing_aside(problem)
    costs = networks(problem) | aside

    def extend(left: int, chosen: Plan) -> Iterator[tuple[int, Plan]]:
        if not left:
            yield sum(costs[mask] for mask in chosen), chosen
        for mask in costs:
            # Taking the lowest practice left each time gives every partition once.
            if mask & left & -left and not mask & ~left:
                yield from extend(left & ~mask, (*chosen, mask))

    everyone = (1 << len(problem.codes)) - 1
    yield from extend(everyone & ~sum(aside), tuple(aside))


def best_cost(problem: Problem) -> int | None:
    """The least cost of any plan, or None where there is no plan."""
    best = best_plan(problem)
    return None if best is None else best[0]


def best_plan(problem: Problem) -> tuple[int, Plan] | None:
    """A least-cost plan and its cost, or None where there is no plan."""
    values = {mask: (c,) for mask, c in networks(problem).items()}
    best = _best(problem, values, (cost_aside(problem),))
    return None if best is None else (int(best[0][0]), best[1])


@dataclass(frozen=True, order=True)
class Lexicographic:
    """What the best plan outside the band comes to, in order of importance."""

    short: int
    above: int
    cost: int


def lexicographic_best(problem: Problem) -> Lexicographic | None:
    """The best plan when the sides of the band to be avoided give way.

    First the fewest patients short of the minimum, then the fewest above the maximum, then cost.
    Practices larger than the maximum stand alone and do not count as above. None where a side that
    does not give way, or another rule, leaves no plan.
    """
    best = least_outside(problem)
    return None if best is None else Lexicographic(int(best[0]), int(best[1]), int(best[-1]))


def least_outside(problem: Problem) -> Worth | None:
    """The same, with what is beyond each limit on a figure between patients above and cost."""
    free = relaxed(problem)
    nothing = (0,) * (2 + len(problem.figure_limits))
    best = _best(free, _outside(problem, free), (*nothing, cost_aside(free)))
    return None if best is None else best[0]


def _outside(problem: Problem, free: Problem) -> dict[int, Worth]:
    """What each allowed network has outside the bands that give way, in order, and its cost."""
    size = problem.size
    return {
        mask: (
            max(0, size.smallest - patients(free, mask)),
            max(0, patients(free, mask) - size.largest),
            *(beyond(limit, mask) * limit.avoid for limit in problem.figure_limits),
            value,
        )
        for mask, value in networks(free).items()
    }


def relaxed(problem: Problem) -> Problem:
    """The same region with the sides of bands to be avoided given way."""
    size = problem.size
    smallest = 1 if size.avoid_below else size.smallest
    largest = int(problem.weights.sum()) if size.avoid_above else size.largest
    return replace(
        problem,
        size=replace(size, smallest=smallest, largest=largest, alone_above=size.largest),
        figure_limits=tuple(
            replace(limit, allowed=UNLIMITED) if limit.avoid else limit
            for limit in problem.figure_limits
        ),
    )


def _best(
    problem: Problem, values: Mapping[int, Worth], nothing: Worth
) -> tuple[Worth, Plan] | None:
    """Least total of vectors over all partitions, by the set of practices left to cover."""
    by_lowest: dict[int, list[int]] = {}
    for mask in values:
        by_lowest.setdefault(mask & -mask, []).append(mask)
    done: dict[int, tuple[Worth, Plan] | None] = {0: (nothing, ())}

    def cheapest(left: int) -> tuple[Worth, Plan] | None:
        if left not in done:
            options = []
            for mask in by_lowest.get(left & -left, ()):
                rest = None if mask & ~left else cheapest(left & ~mask)
                if rest is not None:
                    total = tuple(a + b for a, b in zip(values[mask], rest[0], strict=True))
                    options.append((total, (mask, *rest[1])))
            done[left] = min(options, default=None)
        return done[left]

    aside = standing_aside(problem)
    answer = cheapest(((1 << len(problem.codes)) - 1) & ~sum(aside))
    return None if answer is None else (answer[0], (*aside, *answer[1]))


def random_problem(
    rng: np.random.Generator,
    n: int,
    *,
    asymmetric: bool = False,
    patients: bool = False,
    prices: bool = False,
    hinges: bool = False,
    forbidden: bool = False,
    limited: bool = False,
    oversize: bool = False,
    avoid_below: bool = False,
    avoid_above: bool = False,
) -> Problem:
    """A connected region of `n` practices with a band that some regions keep and some cannot.

    Each flag turns on one kind of rule. A side of the band is avoided only where it has no price.
    """
    places = rng.integers(0, 20_000, (n, 2))
    if n > 2 and rng.random() < 0.3:
        places[1] = places[0]  # a shared building
    weights = rng.integers(1_500, 16_000, n)
    if rng.random() < 0.3:
        weights[rng.integers(n)] = rng.integers(1, 100)
    metres = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    if patients:  # live around their practice, some of them nearer to another one
        homes = places[:, None, :] + rng.integers(-6_000, 6_000, (n, 3, 2))
        metres = np.hypot(*(homes[:, :, None, :] - places).transpose(3, 0, 1, 2)).mean(axis=1)
    per_patient = metres.copy()
    if asymmetric:
        per_patient *= rng.uniform(1, 1.5, (n, n))
    if prices:
        authority = rng.integers(0, 3, n)
        per_patient += 2_000 * (authority[:, None] != authority[None, :])
    cost = np.rint(weights[:, None] * per_patient).astype(np.int64)
    if forbidden:
        far = metres > rng.uniform(6_000, 20_000)
        np.fill_diagonal(far, val=False)
        cost[far] = FORBIDDEN
    size = _random_size(rng, weights, hinges=hinges, oversize=oversize)
    size = replace(
        size,
        avoid_below=avoid_below and size.smallest == size.band_min,
        avoid_above=avoid_above and size.largest == size.band_max,
    )
    return Problem(
        codes=tuple(f"P{i:03d}" for i in range(n)),
        weights=weights.astype(np.int64),
        cost=cost,
        neighbours=_random_neighbours(rng, metres),
        size=size,
        max_practices=int(rng.integers(1, n + 1)) if limited else n,
    )


def with_random_rules(
    rng: np.random.Generator,
    problem: Problem,
    *,
    together: bool = False,
    apart: bool = False,
    fixed: bool = False,
    hubs: bool = False,
) -> Problem:
    """The same region with rules about some practices; each flag turns on one kind."""
    n = len(problem.codes)
    order = rng.permutation(n).tolist()
    left = [*order]
    networks: list[tuple[int, ...]] = []
    while fixed and left and rng.random() < 0.6:
        count = int(rng.integers(1, 4))
        networks.append(tuple(sorted(left[:count])))
        left = left[count:]
    groups = []
    while together and len(left) > 1 and rng.random() < 0.7:
        count = int(rng.integers(2, 4))
        # Mostly a practice and its neighbours, now and then whoever comes.
        beside = [j for j in problem.neighbours[left[0]] if j in left]
        chosen = [left[0], *beside][:count] if beside and rng.random() < 0.8 else left[:count]
        groups.append(tuple(sorted(chosen)))
        left = [i for i in left if i not in chosen]
    company = {i: group for group in [*groups, *networks] for i in group}
    pairs = {
        (min(i, j), max(i, j))
        for i in range(n)
        for j in (*problem.neighbours[i], int(rng.integers(n)))
        if apart and i != j and j not in company.get(i, ()) and rng.random() < 0.2
    }
    changed = replace(
        problem,
        cost=problem.cost.copy(),
        together=tuple(sorted(group for group in groups if len(group) > 1)),
        apart=tuple(sorted(pairs)),
        fixed=tuple(sorted(networks)),
    )
    if hubs:
        shut = rng.random(n) < rng.choice([0.2, 0.5, 0.8])
        shut[[i for i in range(n) if any(mask >> i & 1 for mask in standing_aside(changed))]] = (
            False
        )
        changed.cost[:, shut] = FORBIDDEN
    for network in networks:  # a network that is fixed has a hub, whatever the rules
        inside = np.ix_(network, network)
        changed.cost[inside] = np.where(changed.cost[inside] < FORBIDDEN, changed.cost[inside], 1)
    return changed


def _random_neighbours(
    rng: np.random.Generator, metres: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> tuple[tuple[int, ...], ...]:
    """Join every practice to the nearest earlier one, and some to their nearest two as well."""
    n = len(metres)
    pairs = {(int(metres[i, :i].argmin()), i) for i in range(1, n)}
    for i in range(n):
        if rng.random() < 0.6:
            nearest = [int(j) for j in metres[i].argsort() if j != i][:2]
            pairs |= {(min(i, j), max(i, j)) for j in nearest}
    return tuple(tuple(sorted({a + b - i for a, b in pairs if i in (a, b)})) for i in range(n))


def _random_size(
    rng: np.random.Generator, weights: np.ndarray, *, hinges: bool, oversize: bool
) -> SizeRule:
    fair = int(weights.sum()) // int(rng.integers(1, max(2, len(weights) // 2 + 1)))
    band_min = max(1, round(fair * rng.uniform(0.5, 1.0)))
    band_max = max(band_min, round(fair * rng.uniform(1.0, 1.5)))
    if oversize:
        band_max = min(band_max, max(1, int(weights.max()) - 1))
        band_min = min(band_min, band_max)
    smallest, largest, terms = band_min, band_max, []
    if hinges and rng.random() < 0.5:
        smallest = max(1, band_min // 2)
        terms.append(Hinge(at=band_min, below=int(rng.integers(1, 6_000)), above=0))
    if hinges and rng.random() < 0.5:
        largest = band_max * 2
        terms.append(Hinge(at=band_max, below=0, above=int(rng.integers(1, 6_000))))
    if hinges and rng.random() < 0.5:
        price = int(rng.integers(1, 2_000))
        terms.append(Hinge(at=(band_min + band_max) // 2, below=price, above=price))
    return SizeRule(band_min, band_max, smallest, largest, tuple(terms))


@st.composite
def problems(draw: st.DrawFn, max_practices: int = 10) -> Problem:
    """Small connected regions under every mixture of rules."""
    n = draw(st.integers(1, max_practices))
    seed = draw(st.integers(0, 2**32 - 1))
    kinds = ["asymmetric", "prices", "hinges", "forbidden", "limited", "oversize"]
    kinds += ["avoid_below", "avoid_above", "patients"]
    rules = {kind: draw(st.booleans()) for kind in kinds}
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n, **rules)
    about_practices = {kind: draw(st.booleans()) for kind in RULES}
    return with_random_rules(rng, problem, **about_practices)


def first_of_the_best(problem: Problem) -> Plan | None:
    """Of all best plans the first by the written rule; None where there is no plan.

    The sides of the band that are to be avoided give way, if they must.
    """
    free = problem if best_cost(problem) is not None else relaxed(problem)
    return first_by_rule(problem, _outside(problem, free))


def first_by_rule(problem: Problem, values: Mapping[int, Worth]) -> Plan | None:
    """Of all plans of least value the first by rule.

    Practice by practice: of the networks it is in in some such plan the one whose list of practices
    comes first.
    """
    by_lowest: dict[int, list[int]] = {}
    for mask in sorted(values, key=members):
        by_lowest.setdefault(mask & -mask, []).append(mask)
    width = len(next(iter(values.values()), ()))
    done: dict[int, Worth | None] = {0: (0,) * width}

    def worth(mask: int, left: int) -> Worth | None:
        """The least value of a plan of these practices with this network."""
        rest = None if mask & ~left else least(left & ~mask)
        return None if rest is None else tuple(map(sum, zip(values[mask], rest, strict=True)))

    def least(left: int) -> Worth | None:
        if left not in done:
            worths = [worth(mask, left) for mask in by_lowest.get(left & -left, ())]
            done[left] = min((each for each in worths if each is not None), default=None)
        return done[left]

    aside = standing_aside(problem)
    left, plan = ((1 << len(problem.codes)) - 1) & ~sum(aside), list(aside)
    while left:
        if least(left) is None:
            return None
        chosen = next(m for m in by_lowest[left & -left] if worth(m, left) == least(left))
        plan.append(chosen)
        left &= ~chosen
    return tuple(plan)
