"""What hubs are worth with practices whole: against all sets there are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from pcn_group.solver.assignment.kernel import price, take
from pcn_group.solver.assignment.tables import NEVER, Hess, Pairs, Work


def region(rng: np.random.Generator, band: tuple[int, int], practices: int = 9) -> Hess:
    """Practices of 4,000 to 16,000 patients anywhere in a square, all beside one another."""
    weights = rng.integers(4_000, 16_000, practices)
    places = rng.uniform(0, 10_000, (practices, 2))
    distances = np.linalg.norm(places[:, None] - places, axis=2).astype(np.int64)
    others = [[j for j in range(practices) if j != i] for i in range(practices)]
    return Hess(
        weights=weights,
        cost=distances * weights[:, None],
        link_start=np.arange(practices + 1) * (practices - 1),
        links=np.array(others).reshape(-1),
        ends=np.array(band, dtype=np.int64),
        slopes=np.zeros(1, dtype=np.int64),
        paid=np.zeros(2, dtype=np.int64),
        fewest=1,
        most=practices,
        is_whole=True,
    )


def best_set(hess: Hess, part: Pairs, hub: int) -> int:
    """The least cost less duals of the sets in the band that a part allows around a hub."""
    n, best = len(hess.weights), NEVER
    held = (part.hub_of == hub) | (np.arange(n) == hub)
    for taken in product((False, True), repeat=n):
        inside = np.array(taken)
        if (inside & ~part.allowed[hub]).any() or (held & ~inside).any():
            continue
        if hess.ends[0] <= hess.weights[inside].sum() <= hess.ends[1]:
            best = min(best, int((hess.cost[inside, hub] - part.duals[inside]).sum()))
    return best


@pytest.mark.parametrize("seed", range(30))
def test_no_set_in_the_band_is_worth_less_than_its_hub(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hess = region(
        rng, ((30_000, 34_000), (40_000, 90_000), (1, 25_000), (30_000, 30_050))[seed % 4]
    )
    n = len(hess.weights)
    duals = (hess.cost.mean(axis=1) * rng.uniform(0.2, 1.6, n)).astype(np.int64)
    part = Pairs(rng.random((n, n)) < 0.9, np.full(n, -1), duals)
    np.fill_diagonal(part.allowed, val=True)
    part.hub_of[3], part.allowed[5, 3] = 5, True
    work = Work.of(n)
    if price(hess, part, work) == NEVER:  # it ends at the first hub that has to be one and cannot
        assert best_set(hess, part, 5) == NEVER
        return
    for hub in range(n):
        take(hess, part, hub, work)
        best = best_set(hess, part, hub)
        if best == NEVER:
            assert work.worth[hub] == NEVER
            continue
        # Rates are rounded, which comes to less than a patient-metre for each practice.
        assert best - n - 1 <= work.worth[hub] <= best
        assert work.in_part[hub] <= work.worth[hub]
        inside = work.taken == 1.0
        assert (inside | (work.taken == 0.0)).all()
        found = int((hess.cost[inside, hub] - duals[inside]).sum())
        assert best <= found <= best + n + 1
        assert hess.ends[0] <= hess.weights[inside].sum() <= hess.ends[1]


def test_a_bound_with_practices_whole_is_the_higher_one() -> None:
    hess = region(np.random.default_rng(1), (30_000, 34_000))
    part = Pairs(
        np.ones((9, 9), dtype=np.bool_), np.full(9, -1), hess.cost.mean(axis=1).astype(int)
    )
    work = Work.of(9)
    whole = price(hess, part, work)
    assert whole > price(hess._replace(is_whole=False), part, work)
