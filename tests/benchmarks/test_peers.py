"""The peers that prove something prove the same as looking at everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import Instance, generated, write_region
from benchmarks.programs import PEERS, Peer
from benchmarks.runs import run_peer
from pcn_group.region.problem import Problem
from tests import oracle

EXACT = [peer for peer in PEERS if peer.script in {"hess.py", "monolith.py", "enumeration.py"}]
SEEDS = (4, 8)


def given(problem: Problem, folder: Path) -> Instance:
    places = np.zeros((len(problem.codes), 2))
    shared = write_region(problem, places, folder)
    return Instance(generated(8, seed=1, limit=30), folder, problem, shared, None)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("peer", EXACT, ids=lambda peer: peer.script)
def test_an_exact_peer_finds_and_proves_the_least_cost(
    peer: Peer, seed: int, tmp_path: Path
) -> None:
    if not peer.is_ready:
        pytest.skip("the peers are not installed: make bench installs them")
    problem = oracle.random_problem(np.random.default_rng(seed), 8)
    run = run_peer(peer, given(problem, tmp_path))
    assert run.score is not None, run.note
    assert run.score.holds
    assert run.score.cost == oracle.best_cost(problem)
    assert run.proves
    assert run.process is not None
    assert 5 < run.process.peak_mib < 1_000
