"""What a person sees while a run lasts, and at its end."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from pcn_group.cli.display import _STAGES, show_result
from pcn_group.config import Configuration
from pcn_group.pipeline import Result, plan_region
from pcn_group.solver.standing import Stage
from tests.solver.regions import region, silent


def test_every_stage_of_a_run_has_its_words() -> None:
    assert set(_STAGES) == set(get_args(Stage))


def with_networks(count: int) -> Result:
    """As many networks as asked for, all alike but for the identifier."""
    result = plan_region(region({"A": (0, 0, 31_000)}), Configuration(), silent)
    (network,) = result.networks
    many = (replace(network, network_id=f"N{k:04}") for k in range(count))
    return replace(result, networks=tuple(many))


@pytest.mark.parametrize(
    ("count", "shown", "said"), [(60, 60, ""), (1_728, 60, "And 1,668 more, in networks.csv.")]
)
def test_a_long_table_of_networks_is_cut(
    capsys: pytest.CaptureFixture[str], count: int, shown: int, said: str
) -> None:
    show_result(with_networks(count), Path("plan"))
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    rows = [k for k, line in enumerate(lines) if line.startswith("N0")]
    assert len(rows) == shown
    assert lines[rows[-1] + 1] == said
    assert any(f" {count:,} networks, " in line for line in lines)
