"""The linear relaxation: GLOP against SciPy's own solver, and what happens when GLOP fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.glop.parameters_pb2 import GlopParameters
from scipy import optimize

from pcn_group.solver import linear_program
from pcn_group.solver.bound.cuts import Cut
from pcn_group.solver.bound.master import Basis, Box, Relaxed, solve_master
from pcn_group.solver.columns import Columns
from pcn_group.solver.linear_program import OUTSIDE, LinearProgramError
from tests.depth import many
from tests.shares import some_cuts, times_counted

PRACTICES = 6
HOPELESS = GlopParameters(max_number_of_iterations=0, use_preprocessing=False)
WORKING = GlopParameters(use_dual_simplex=True, use_preprocessing=False)

pools = st.lists(
    st.tuples(
        st.sets(st.integers(0, PRACTICES - 1), min_size=1).map(sorted), st.integers(0, 10**8)
    ),
    max_size=30,
)
cuts = some_cuts(PRACTICES)


def box(over: float = 3e6, under: float = 2e8) -> Box:
    return Box(np.full(PRACTICES, over), np.full(PRACTICES, under))


def by_scipy(columns: Columns, some: list[Cut], limits: Box) -> float:
    """The same relaxation, written down anew from its definition and solved by HiGHS."""
    m = len(columns)
    unit = np.eye(PRACTICES)
    cover = np.hstack([columns.matrix(PRACTICES).toarray(), -unit, unit])
    sets = [columns.members_of(k).tolist() for k in range(m)]
    counted = [[times_counted(cut, one) for one in sets] + [0] * 12 for cut in some]
    return float(
        optimize.linprog(
            np.concatenate((columns.costs, limits.over, limits.under)),
            A_ub=np.array(counted, dtype=float) if some else None,
            b_ub=np.array([cut.most for cut in some], dtype=float) if some else None,
            A_eq=cover,
            b_eq=np.ones(PRACTICES),
        ).fun
    )


@settings(max_examples=many(150))
@given(pools, cuts)
def test_it_is_as_cheap_as_another_solver_says(
    pool: list[tuple[list[int], int]], some: list[Cut]
) -> None:
    columns = Columns.of([members for members, _ in pool], [cost for _, cost in pool])
    relaxed = solve_master(columns, some, box())
    assert relaxed.objective == pytest.approx(by_scipy(columns, some, box()), rel=1e-6, abs=1)


@settings(max_examples=many(150))
@given(pools, cuts)
def test_duals_are_in_the_box_and_pay_for_every_column(
    pool: list[tuple[list[int], int]], some: list[Cut]
) -> None:
    columns = Columns.of([members for members, _ in pool], [cost for _, cost in pool])
    limits = box()
    relaxed = solve_master(columns, some, limits)
    assert (relaxed.duals >= -limits.over - 2).all()
    assert (relaxed.duals <= limits.under + 1).all()
    assert (relaxed.cut_duals >= 0).all()
    cut_duals = list(zip(some, relaxed.cut_duals.tolist(), strict=True))
    for members, cost in pool:
        paid = sum(cut_dual * times_counted(cut, members) for cut, cut_dual in cut_duals)
        assert cost - int(relaxed.duals[members].sum()) + paid >= -100
    bound = int(relaxed.duals.sum()) - sum(cut_dual * cut.most for cut, cut_dual in cut_duals)
    assert bound == pytest.approx(relaxed.objective, rel=1e-6, abs=100)


def with_statuses(relaxed: Relaxed, columns: int) -> Basis:
    """The basis of a solution, for as many columns: those of it first, others in no basis."""
    new = np.full(max(0, columns - len(relaxed.values)), OUTSIDE, dtype=np.int8)
    statuses = np.concatenate((relaxed.basis.columns, new))[:columns]
    return replace(relaxed.basis, columns=statuses)


@settings(max_examples=many(150))
@given(pools, cuts, cuts, st.data())
def test_from_the_basis_of_another_program_it_ends_as_cheap(
    pool: list[tuple[list[int], int]], before: list[Cut], now: list[Cut], data: st.DataObject
) -> None:
    # What the other program had may be more columns, or fewer, under other cuts.
    earlier = data.draw(st.integers(0, len(pool)))
    columns = Columns.of([members for members, _ in pool], [cost for _, cost in pool])
    other = solve_master(columns.take(np.arange(earlier)), before, box())
    start = with_statuses(other, len(columns))
    relaxed = solve_master(columns, now, box(), start=start)
    assert relaxed.objective == pytest.approx(by_scipy(columns, now, box()), rel=1e-6, abs=1)
    fewer = columns.take(np.arange(earlier))
    again = solve_master(fewer, now, box(), start=with_statuses(relaxed, earlier))
    assert again.objective == pytest.approx(by_scipy(fewer, now, box()), rel=1e-6, abs=1)


def test_from_the_basis_of_its_solution_nothing_is_left_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Columns.of([[0, 1], [1, 2], [0, 2], [3, 4, 5], [0, 1, 2]], [10, 10, 10, 10, 18])
    relaxed = solve_master(pool, (), box(under=1e5))
    monkeypatch.setattr(linear_program, "_ATTEMPTS", (HOPELESS,))
    with pytest.raises(LinearProgramError):
        solve_master(pool, (), box(under=1e5))
    again = solve_master(pool, (), box(under=1e5), start=relaxed.basis)
    assert again.objective == pytest.approx(25)
    assert again.values.tolist() == relaxed.values.tolist()


def test_what_no_column_covers_is_left_out_at_its_price() -> None:
    relaxed = solve_master(Columns.of([[0, 1, 2, 3, 4]], [100]), (), box(under=1000.0))
    assert relaxed.under.tolist() == pytest.approx([0, 0, 0, 0, 0, 1])
    assert relaxed.objective == pytest.approx(1100)
    assert relaxed.duals[5] == pytest.approx(1000, abs=1)


def test_what_is_cheaper_covered_twice_is_at_its_price() -> None:
    pool = Columns.of([[0, 1, 2, 3], [3, 4, 5]], [100, 100])
    relaxed = solve_master(pool, (), box(over=50.0, under=1000.0))
    assert relaxed.over.tolist() == pytest.approx([0, 0, 0, 1, 0, 0])
    assert relaxed.values.tolist() == pytest.approx([1, 1])
    assert relaxed.objective == pytest.approx(250)


def test_a_cut_shuts_out_three_halves() -> None:
    pool = Columns.of([[0, 1], [1, 2], [0, 2], [3, 4, 5], [0, 1, 2]], [10, 10, 10, 10, 18])
    assert solve_master(pool, (), box(under=1e5)).objective == pytest.approx(25)
    with_cut = solve_master(pool, [Cut((0, 1, 2), (1, 1, 1), 2)], box(under=1e5))
    assert with_cut.objective == pytest.approx(28)
    assert with_cut.values.tolist() == pytest.approx([0, 0, 0, 1, 1])


def test_a_cut_on_thirds_shuts_out_a_wheel() -> None:
    wheel = [[0, 1], [0, 2], [0, 3], [1, 2, 3]]
    pool = Columns.of([*wheel, [0, 1, 2, 3], [4, 5]], [30, 30, 30, 60, 90, 10])
    fractional = solve_master(pool, (), box(under=1e5))
    assert fractional.objective == pytest.approx(70 + 10)
    assert fractional.values.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 2 / 3, 0, 1])
    with_cut = solve_master(pool, [Cut((0, 1, 2, 3), (2, 1, 1, 1), 3)], box(under=1e5))
    assert with_cut.objective == pytest.approx(90 + 10)


def test_a_cut_may_count_more_than_once() -> None:
    # Five halves allow two networks: one of all five counts twice, and that is all there may be.
    pool = Columns.of([[0, 1, 2, 3, 4], [5]], [50, 1])
    twice = Cut((0, 1, 2, 3, 4), (1, 1, 1, 1, 1), 2)
    assert solve_master(pool, [twice], box(under=1e5)).objective == pytest.approx(51)


def test_without_columns_everybody_is_left_out() -> None:
    relaxed = solve_master(Columns.of([], []), (), box(under=7.0))
    assert relaxed.objective == pytest.approx(42)
    assert relaxed.under.tolist() == pytest.approx([1] * PRACTICES)


def test_when_one_setting_fails_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_program, "_ATTEMPTS", (HOPELESS, WORKING))
    relaxed = solve_master(Columns.of([[0, 1, 2, 3, 4, 5]], [100]), (), box())
    assert relaxed.objective == pytest.approx(100)


def test_when_every_setting_fails_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_program, "_ATTEMPTS", (HOPELESS, HOPELESS))
    with pytest.raises(LinearProgramError, match=r"GLOP ended \w+, \w+$"):
        solve_master(Columns.of([[0, 1, 2, 3, 4, 5]], [100]), (), box())
