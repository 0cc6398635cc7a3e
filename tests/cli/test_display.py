"""What a person sees while a run lasts."""

from typing import get_args

from pcn_group.cli.display import _STAGES
from pcn_group.solver.standing import Stage


def test_every_stage_of_a_run_has_its_words() -> None:
    assert set(_STAGES) == set(get_args(Stage))
