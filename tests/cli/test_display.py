"""What a person sees while a run lasts, and at its end."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from pcn_group.base.progress import Stage
from pcn_group.cli.screens.run import _STAGES, show_result
from pcn_group.config.model import Configuration
from pcn_group.output.data.summary import summary
from pcn_group.pipeline import solve
from pcn_group.plan.solved import SolvedPlan
from pcn_group.solver.search import expansion
from tests.solver.regions import region, silent


def test_every_stage_of_a_run_has_its_words() -> None:
    assert set(_STAGES) == set(get_args(Stage))


def with_networks(count: int) -> SolvedPlan:
    """As many networks as asked for, all alike but for the identifier."""
    result = solve(region({"A": (0, 0, 31_000)}), Configuration(), silent)
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


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_choice_among_equal_plans_that_was_not_settled_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, is_settled: bool
) -> None:
    if not is_settled:
        monkeypatch.setattr(expansion, "first_of_equals", lambda *_: None)
    square = {"A": (0, 0, 20_000), "B": (1, 0, 20_000), "C": (0, 1, 20_000), "D": (1, 1, 20_000)}
    result = solve(region(square), Configuration(), silent)
    assert summary(result)["first_of_equals"] is is_settled
    show_result(result, Path("plan"))
    said = " ".join(capsys.readouterr().out.split())
    assert ("Other plans may cost as little" in said) is not is_settled


@pytest.mark.parametrize("has_limit", [True, False])
def test_a_rule_that_keeps_large_networks_from_their_own_search_is_named(
    capsys: pytest.CaptureFixture[str], *, has_limit: bool
) -> None:
    line = {f"P{k:02}": (k, 0, 1_500) for k in range(40)}
    rules = {"limits": {"max_practices": 25}} if has_limit else {}
    result = solve(region(line), Configuration.model_validate(rules), silent)
    stopped = replace(result.solution, status="feasible")
    show_result(replace(result, solution=stopped), Path("plan"))
    said = " ".join(capsys.readouterr().out.split())
    assert ("does not know limits.max_practices" in said) is has_limit


class Screen(io.TextIOWrapper):
    """Keeps what is printed; says whether it is a terminal."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def lines(self) -> list[str]:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding).splitlines()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What is printed of three networks: one in the band, one under it, one over it."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    rules = Configuration.model_validate({"band": {"min": 30_000, "max": 50_000}})
    places = {"A": (0, 0, 31_000), "B": (9, 0, 19_000), "C": (90, 0, 64_000)}
    plan = solve(region({"A": (0, 0, 31_000)}), rules, silent)
    (network,) = plan.networks
    networks = tuple(
        replace(
            network,
            network_id=code,
            name=f"Practice {code} with a long name",
            patients=patients,
            in_band=code == "A",
            exception="" if code == "A" else "so it is",
        )
        for code, (_, _, patients) in places.items()
    )

    def show(columns: int, encoding: str = "utf-8", *, terminal: bool = False) -> list[str]:
        screen = Screen(encoding, terminal=terminal)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr("sys.stdout", screen)
        show_result(replace(plan, networks=networks), Path("plan"))
        return screen.lines

    return show


Shown = Callable[..., list[str]]


def test_the_day_of_the_lists_and_the_verdict_come_first_then_the_table_then_the_exceptions(
    shown: Shown,
) -> None:
    lines = [line.rstrip() for line in shown(80)]
    spare = (
        "1 of 3 networks is under 33,000; A (Practice A with a long name) has the fewest to spare: "
        "1,000."
    )
    assert lines[:13] == [
        "lists of 1 January 2019",
        "Proven best: no plan that keeps the rules costs less.",
        "1 practice, 31,000 patients, 3 networks, 1 in the band; mean 0.00 km to the hub.",
        "",
        "                                                                       mean  max",
        "network named after              practices patients    30k 50k   spare   km   km",
        "─" * 80,
        "A       Practice A with a long …         1   31,000 █████│▎  │   1,000 0.00 0.00",
        "B       Practice B with a long …         1   19,000 ███▏ │   │   under 0.00 0.00",
        "C       Practice C with a long …         1   64,000 █████│███│██  over 0.00 0.00",
        "",
        spare,
        "Cost 0.0 patient-km, no plan under 0.0 patient-km: gap 0.00%.",
    ]
    assert lines[13:15] == [
        f"Exception: {code} (Practice {code} with a long name), so it is." for code in "BC"
    ]
    assert lines[15].startswith("Budget 2019/20, lists of 1 January 2019: £")
    assert lines[-1] == "Written to plan"


@pytest.mark.parametrize(("columns", "width"), [(80, 80), (90, 90), (100, 100), (200, 100)])
def test_the_table_fits_the_terminal(shown: Shown, columns: int, width: int) -> None:
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown(columns, terminal=True)]
    assert max(map(len, lines)) <= columns
    assert {len(line) for line in lines if line.startswith(("A ", "B ", "C ", "──"))} == {width}


def test_what_is_piped_is_plain_and_80_wide_whatever_the_terminal(shown: Shown) -> None:
    lines = shown(200)
    assert "\x1b" not in "".join(lines)
    assert {len(line) for line in lines if line.startswith(("A ", "B ", "C ", "──"))} == {80}


def test_colours_are_for_terminals_that_want_them(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]")
    assert colour.search("".join(shown(80, terminal=True)))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colour.search("".join(shown(80, terminal=True)))


def test_an_old_terminal_gets_bars_it_can_show(shown: Shown) -> None:
    lines = shown(80, "cp1252")
    (row,) = [line for line in lines if line.startswith("C ")]
    assert "|  64,000|#####:###:##| over|" in row
    assert len(row) <= 82
