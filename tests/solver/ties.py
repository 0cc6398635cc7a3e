"""Small regions in which very many plans cost the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pcn_group.region.problem import FORBIDDEN, Hinge, Problem, SizeRule
from tests import oracle

__all__ = ["one_address", "region_of_ties"]


def one_address(*weights: int, band: tuple[int, int], **rules: bool) -> Problem:
    """Practices in one building: no plan travels at all."""
    n = len(weights)
    return Problem(
        codes=tuple(f"P{i:02d}" for i in range(n)),
        weights=np.array(weights, dtype=np.int64),
        cost=np.zeros((n, n), dtype=np.int64),
        neighbours=tuple(tuple(j for j in range(n) if j != i) for i in range(n)),
        size=SizeRule(*band, *band, **rules),
        max_practices=n,
    )


def region_of_ties(seed: int, most: int = 9) -> Problem:
    """Equal practices at a few addresses of a grid, under all kinds of rules."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, most + 1))
    places = rng.integers(0, 3, (n, 2)) * int(rng.random() < 0.7)
    weights = (
        np.full(n, 10_000),
        rng.choice([5_000, 10_000, 15_000], n),
        rng.choice([8_000, 8_001], n),
        np.full(n, 3),
    )[rng.integers(4)]
    steps = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=-1)
    today = rng.integers(0, 3, n) * int(rng.random() < 0.4)
    price = int(rng.choice([1, 1000]))
    per_patient = steps * int(rng.choice([0, 1, 1000])) + price * (today[:, None] != today[None, :])
    cost = (weights[:, None] * per_patient).astype(np.int64)
    if rng.random() < 0.2:
        far = per_patient > 0.6 * per_patient.max()
        np.fill_diagonal(far, val=False)
        cost[far] = FORBIDDEN
    pairs = {(i - 1, i) for i in range(1, n)}
    within = 1 if rng.random() < 0.5 else 9
    pairs |= {(i, j) for i in range(n) for j in range(i + 1, n) if steps[i, j] <= within}
    problem = Problem(
        codes=tuple(f"P{i:02d}" for i in range(n)),
        weights=weights.astype(np.int64),
        cost=cost,
        neighbours=tuple(
            tuple(sorted({a + b - i for a, b in pairs if i in {a, b}})) for i in range(n)
        ),
        size=_size(rng, int(weights.sum()), n),
        max_practices=n if rng.random() < 0.7 else int(rng.integers(2, n + 1)),
    )
    if rng.random() < 0.5:
        about = {kind: rng.random() < 0.4 for kind in oracle.RULES}
        return oracle.with_random_rules(rng, problem, **about)
    return problem


def _size(rng: np.random.Generator, patients: int, n: int) -> SizeRule:
    fair = patients // int(rng.integers(1, max(2, n // 2 + 1)))
    low = max(1, round(fair * rng.choice([0.5, 0.8, 0.9, 1.0])))
    high = max(low, round(fair * rng.choice([1.0, 1.1, 1.3])))
    rule = SizeRule(low, high, low, high)
    if rng.random() < 0.25:
        hinge = Hinge(low, int(rng.choice([0, 1, 1000])), 0)
        rule = replace(rule, smallest=max(1, low // 2), hinges=(hinge,))
    if rng.random() < 0.25:
        hinge = Hinge(high, 0, int(rng.choice([0, 1, 1000])))
        rule = replace(rule, largest=2 * high, hinges=(*rule.hinges, hinge))
    if rng.random() < 0.15:
        rule = replace(rule, hinges=(*rule.hinges, Hinge((low + high) // 2, 1, 1)))
    return replace(
        rule,
        avoid_below=rule.smallest == low and rng.random() < 0.6,
        avoid_above=rule.largest == high and rng.random() < 0.6,
    )
