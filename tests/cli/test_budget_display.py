"""What `pcn-group budget` prints: figures are never cut short, however large."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from pcn_group.cli.screens.budget import show_budget
from pcn_group.funding.scope import Scope
from tests.output.workbook.paid import Paid, line, member, tariff

ENGLAND = Paid(
    (
        *(member("R", f"N{k}", f"P{k}", 30_303_172 + k) for k in range(2)),
        *(member("R", "", f"X{k:02}", 7) for k in range(12)),
    ),
    Scope(
        (
            tariff(
                "2023/24",
                line("leadership_and_management", "22.52369", "adjusted"),
                line("access", "7.57837", "registered", confirmed=False),
            ),
        ),
        "all",
    ),
)
"""Two networks of 60,606,345 patients."""

Shown = Callable[..., list[str]]


class Screen(io.StringIO):
    """Keeps what is printed; a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What is printed of England: piped, or on a terminal of so many columns."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")

    def show(columns: int, *, terminal: bool = True) -> list[str]:
        screen = Screen() if terminal else io.StringIO()
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", "25")
        monkeypatch.setattr("sys.stdout", screen)
        show_budget(ENGLAND.budget, (), Path("budget"))
        return [row.rstrip() for row in screen.getvalue().splitlines()]

    return show


def cells(lines: list[str]) -> list[list[str]]:
    """The table: what stands in the columns."""
    return [line.replace("adjusted patient", "adjusted_patient").split() for line in lines[:5]]


WHOLE = [
    ["2023/24", "rate", "a", "units", "amount", "a", "head", "confirmed"],
    [
        "leadership_and_management",
        "£22.52369",
        "adjusted_patient",
        "60,606,345.00",
        "£1,365,078,526.81",
        "£22.5237",
        "yes",
    ],
    ["access", "£7.57837", "patient", "60,606,345", "£459,297,306.76", "£7.5784", "no"],
    ["in", "all", "£1,365,078,526.81", "£22.5237"],
]


@pytest.mark.parametrize(("columns", "terminal"), [(80, False), (200, False), (200, True)])
def test_the_whole_table_is_shown_piped_or_where_it_fits(
    shown: Shown, columns: int, *, terminal: bool
) -> None:
    heading, _, *rows = cells(shown(columns, terminal=terminal))
    assert [heading, *rows] == WHOLE


def test_what_is_piped_is_the_same_whatever_the_terminal(shown: Shown) -> None:
    assert shown(40, terminal=False) == shown(200, terminal=False)


def test_columns_go_where_figures_do_not_fit(shown: Shown) -> None:
    lines = shown(100)
    assert lines[0].split() == ["2023/24", "rate", "a", "units", "amount", "confirmed"]
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(("columns", "folded"), [(84, False), (80, True)])
def test_names_are_folded_before_figures_are_cut(
    shown: Shown, columns: int, *, folded: bool
) -> None:
    lines = shown(columns)
    assert max(map(len, lines)) <= columns
    assert lines[0].split() == ["2023/24", "rate", "units", "amount", "confirmed"]
    text = "\n".join(lines)
    assert ("leadership_and_management" not in text) == folded
    assert "…" not in text
    for figure in ("£22.52369", "60,606,345", "£1,365,078,526.81", "£459,297,306.76"):
        assert figure in text


def test_of_many_practices_in_no_network_the_first_are_named(shown: Shown) -> None:
    (told,) = [row for row in shown(80, terminal=False) if row.startswith("Paid nothing")]
    first = ", ".join(f"X{k:02} (Practice X{k:02})" for k in range(10))
    assert told == f"Paid nothing, in no network: {first} and 2 more, with 84 patients."
