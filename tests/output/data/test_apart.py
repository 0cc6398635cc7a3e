"""How far networks are apart, plan by plan: in comparisons and among alternatives."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pcn_group.cli.alternatives import command as alternatives
from pcn_group.cli.compare import command as compare
from pcn_group.output.data.alternatives import read_alternatives
from pcn_group.output.data.rows_of_several import ALTERNATIVES
from tests.output.data.judged import solved

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,region_code,current_network,need
A,Abbey,20000,500000,220000,R,N1,1
B,Bridge,15000,501000,220000,R,N1,2
C,Church,25000,502000,220000,R,N2,4
D,Dale,20000,503000,220000,R,N2,3
"""
RULES = ("--set", "profile.figures=[{name: need}, {name: beds, column: need, adds: sum}]")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    solved("practices.csv", *RULES)
    return tmp_path


def printed(command: object, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)  # type: ignore[arg-type]
    return result.stdout


def test_a_comparison_has_columns_for_each_figure(folder: Path) -> None:
    (folder / "other.csv").write_text(
        "practice_code,network_id\nA,X\nB,Y\nC,Y\nD,X\n", encoding="utf-8"
    )

    screen = printed(compare, "plan", "other.csv", "--practices", "practices.csv", "--out", "c")

    rows = pd.read_csv(folder / "c" / "comparison.csv")
    first, other = (20 + 30) / 35, (100 + 60) / 45
    assert rows["need_lowest"].tolist() == [round(first, 6), 2]
    assert rows["need_highest"].tolist() == [round(other, 6), round((30 + 100) / 40, 6)]
    mean = 210 / 80
    spread = (35 * (first - mean) ** 2 + 45 * (other - mean) ** 2) / 80
    assert rows["need_between"].iloc[0] == round(spread**0.5, 6)
    assert rows[["beds_lowest", "beds_highest", "beds_between"]].iloc[0].tolist() == [3, 7, 2]
    told = [line.split() for line in screen.splitlines()]
    assert ["apart", *(f"{each:.2f}" for each in rows["need_between"])] in told


def test_alternatives_have_them_too_and_are_read_again(folder: Path) -> None:
    screen = printed(alternatives, "plan", "--within", "100%", "--out", "a")

    rows = pd.read_csv(folder / "a" / "alternatives.csv")
    assert rows["need_between"].notna().all()
    assert "networks apart in" in screen
    found = read_alternatives(folder / "a").rows
    assert [float(row.between["need"] or 0) for row in found] == rows["need_between"].tolist()
    assert {*found[0].lowest} == {"need", "beds"}
    own = pd.read_csv(folder / "a" / "plan-01" / "profile_spread.csv").set_index("figure")
    assert own["between"].tolist() == rows[["need_between", "beds_between"]].iloc[0].tolist()


def test_the_page_of_alternatives_has_a_column_for_each_figure(folder: Path) -> None:
    printed(alternatives, "plan", "--within", "100%", "--out", "a", "--report")

    page = (folder / "a" / "alternatives.html").read_text("utf-8")
    rows = pd.read_csv(folder / "a" / "alternatives.csv")
    assert "Need: apart" in page
    for value in rows["need_between"]:
        assert f'data-key="{value}">{value:.2f}</td>' in page


def test_tables_without_figures_are_as_they_were() -> None:
    assert not any(heading.endswith("_lowest") for heading in ALTERNATIVES.csv([]).split(","))
