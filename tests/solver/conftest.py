"""What tests of the search share: the less annealing does, the more is left to the exact search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pcn_group.solver.search import anneal
from tests.depth import DEEP


@pytest.fixture(scope="module", autouse=True)
def few_moves() -> Iterator[None]:
    """A tenth of the moves of annealing: in small regions they take longer than all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        if not DEEP:
            patch.setattr(anneal, "_MOVES_PER_PRACTICE", 500)
        yield
