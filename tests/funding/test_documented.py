"""What docs/budgets.md says of tariffs and rounding is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from pcn_group.funding.budget import budget_of
from pcn_group.funding.scope import packaged_years, read_tariff, tariffs_of
from pcn_group.funding.tariff import Basis, TariffLine
from pcn_group.output.data.budget_files import BUDGET_FILES
from tests.funding.payees import member, scope
from tests.paths import ROOT

BUDGETS = (ROOT / "docs" / "budgets.md").read_text("utf-8")
UNITS: dict[Basis, str] = {
    "registered": "R",
    "weighted": "W",
    "adjusted": "A",
    "bed": "a bed",
    "network": "a network",
}


def test_every_line_is_in_the_table_with_its_rate_and_whether_it_is_confirmed() -> None:
    def begins(line: TariffLine) -> str:
        return f"{line.rate_gbp} {UNITS[line.per]}"

    rows = re.findall(r"^\| (20../..) \| `(\w+)` \| (.*) \| (yes|no) \|$", BUDGETS, re.MULTILINE)
    lines = [
        (tariff.financial_year, line)
        for tariff in tariffs_of(packaged_years())
        for line in tariff.lines
    ]
    assert [(year, name, sure == "yes") for year, name, _, sure in rows] == [
        (year, line.name, line.confirmed) for year, line in lines
    ]
    for (year, _, rate, _), (_, line) in zip(rows, lines, strict=True):
        assert rate.startswith(begins(line))
        assert ("a month" in rate) == (line.rate_is_for == "month")
        whole = len(line.months_in(year)) == 12 and line.months is None
        assert (rate == begins(line)) == whole


def test_the_tariff_shown_can_be_used(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", BUDGETS, re.DOTALL)
    path = tmp_path / "own.yaml"
    path.write_text(shown, "utf-8")
    assert [line.name for line in read_tariff(path).lines] == ["core", "winter"]


def test_the_rounding_on_paper() -> None:
    members = tuple(member(code, code, size) for code, size in zip("ABC", (3, 5, 6), strict=True))
    (year,) = budget_of(members, scope({"rate_gbp": "0.51430"})).years
    text = " ".join(BUDGETS.split())
    assert f"Together that is 7.2002: £{year.total}." in text
    assert f"and gets £{year.networks[2].amount}." in text


def test_the_files_are_listed() -> None:
    listed = re.findall(r"^\| `(\w+\.csv)` \|", BUDGETS, re.MULTILINE)
    assert tuple(listed) == BUDGET_FILES
