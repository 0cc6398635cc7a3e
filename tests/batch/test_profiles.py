"""The figures of all networks of a batch together."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.batch.several import batch_here, written

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,region_code,icb_code,nhs_region_code,need
A,Abbey,20000,500000,220000,R1,Q1,Y1,1
B,Bridge,15000,501000,220000,R1,Q1,Y1,2
C,Church,25000,502000,220000,R1,Q1,Y1,4
D,Dale,20000,503000,220000,R1,Q1,Y1,
E,Eton,26000,520000,220000,R2,Q2,Y1,1.5
F,Ford,21000,521000,220000,R2,Q2,Y1,3
"""
"""A and B, C and D, E and F are the networks that travel least."""

RULES = ("profile.figures=[{name: need}]",)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    batch_here(written(tmp_path, PRACTICES), tmp_path / "out", *RULES)
    return tmp_path / "out"


def test_all_networks_are_in_one_table(out: Path) -> None:
    profile = pd.read_csv(out / "profile.csv")

    networks = profile[profile["level"] == "network"]
    assert networks["region_code"].tolist() == ["R1", "R1", "R2"]
    assert networks["value"].tolist() == [
        round((20 + 30) / 35, 6),
        4,
        round((39 + 63) / 47, 6),
    ]
    assert networks["patients_known"].tolist() == [35_000, 25_000, 47_000]
    of_all = (20 + 30 + 100 + 39 + 63) / 107
    assert profile["level"].tolist() == [
        "network",
        "network",
        "region",
        "network",
        "region",
        "input",
    ]
    assert profile["value"].iloc[-1] == round(of_all, 6)
    assert (profile["patients"].iloc[-1], profile["patients_known"].iloc[-1]) == (127_000, 107_000)


def test_networks_are_apart_at_every_level(out: Path) -> None:
    spread = pd.read_csv(out / "profile_spread.csv")
    values, patients = pd.Series([50 / 35, 4, 102 / 47]), pd.Series([35, 25, 47])
    mean = 252 / 107

    assert list(zip(spread["level"], spread["code"], strict=True)) == [
        ("all", "all"),
        ("nhs_region", "Y1"),
        ("icb", "Q1"),
        ("icb", "Q2"),
    ]
    first, _, of_q1, of_q2 = spread.to_dict("records")
    assert first["region"] == first["input"] == round(mean, 6)
    assert of_q1["region"] == 2.5
    assert of_q2["region"] == of_q2["lowest"] == of_q2["highest"] == round(102 / 47, 6)
    assert first["p10"] == pytest.approx(values.quantile(0.1), abs=1e-6)
    assert first["p90_p10"] == pytest.approx(values.quantile(0.9) / values.quantile(0.1), abs=1e-6)
    between = ((values - mean) ** 2 * patients).sum() / patients.sum()
    assert first["between"] == pytest.approx(between**0.5, abs=1e-6)
    assert of_q2["between"] == 0


def test_without_figures_there_is_no_table_of_them(tmp_path: Path) -> None:
    batch_here(written(tmp_path, PRACTICES), tmp_path / "out")

    assert not [*(tmp_path / "out").rglob("profile*")]
