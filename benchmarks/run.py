"""Time the search on generated regions, beside the plain way to the same answer.

The plain way lists every candidate network and lets CP-SAT choose. Both run in this process, one
after the other, on the same region; what counts is their ratio. See docs/benchmarks.md.

Run: make bench
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from pcn_group.config import Configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.travel import build_travel
from pcn_group.practices.sample import make_sample
from pcn_group.problem import Problem, build_problem
from pcn_group.solver.compiled import compile_kernels
from pcn_group.solver.cuts import lay_out_tolls
from pcn_group.solver.instance import lay_out
from pcn_group.solver.pricing import Pricer
from pcn_group.solver.selection import Budget, select
from pcn_group.solver.solve import solve

SIZES = (20, 40, 60, 80)
SEEDS = (1, 2)
MOST_CANDIDATES = 100_000
"""Beyond this many, the plain way is left out."""


def region(practices: int, seed: int) -> Problem:
    table = make_sample(practices, seed).sort_values("practice_code", ignore_index=True)
    rules = Configuration()
    return build_problem(table, build_travel(table, rules), build_adjacency(table, rules), rules)


def searched(problem: Problem) -> tuple[str, int | None]:
    solution = solve(problem, Configuration().search, lambda _: None)
    return solution.status, solution.cost


def plain(problem: Problem) -> tuple[str, int | None]:
    instance = lay_out(problem)
    none = lay_out_tolls(instance.size, (), np.zeros(0, dtype=np.int64))
    duals = np.zeros(instance.size, dtype=np.int64)
    pricer = Pricer(instance, workers=2, deadline=time.monotonic() + 600)
    try:
        priced = pricer.price(duals, none, problem.cost_ceiling(), most=MOST_CANDIDATES)
    finally:
        pricer.close()
    if not priced.complete or len(priced.columns) > MOST_CANDIDATES:
        return "too many candidates", None
    selected = select(priced.columns, instance.size, duals, (), Budget(600, 1e6))
    if selected.chosen is None:
        return selected.verdict.value, None
    cost = int(priced.columns.take(np.array(selected.chosen)).costs.sum())
    return f"{len(priced.columns):,} candidates", cost


def timed(
    way: Callable[[Problem], tuple[str, int | None]], problem: Problem
) -> tuple[float, str, int | None]:
    start = time.perf_counter()
    label, cost = way(problem)
    return time.perf_counter() - start, label, cost


def main() -> None:
    compile_kernels()
    print(
        f"{'practices':>9} {'seed':>4} {'status':>8} {'seconds':>8} "
        f"{'plain':>8} {'ratio':>7}  plain way"
    )
    ratios = []
    for practices in SIZES:
        for seed in SEEDS:
            problem = region(practices, seed)
            seconds, status, cost = timed(searched, problem)
            plain_seconds, label, plain_cost = timed(plain, problem)
            ratio = ""
            if plain_cost is not None:
                if plain_cost != cost:
                    raise SystemExit(f"the two ways disagree: {cost} and {plain_cost}")
                ratios.append(plain_seconds / seconds)
                ratio = f"{ratios[-1]:.1f}"
            print(
                f"{practices:>9} {seed:>4} {status:>8} {seconds:>8.2f} {plain_seconds:>8.2f} "
                f"{ratio:>7}  {label}"
            )
    if ratios:
        print(f"median ratio, plain over search: {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
