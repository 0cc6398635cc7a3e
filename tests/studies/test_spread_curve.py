"""The curve of travel against how far networks differ, against all plans of small regions."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pcn_group.base.errors import InfeasibleError, InputError
from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.practices.profile.figures import MILLION, Everyone, Figures, as_rows
from pcn_group.practices.table import Practices
from pcn_group.studies.spread_curve import SpreadCurve, spread_curve
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import sample

NEED = "profile.figures=[{name: need, column: weighted_list_size, adds: share}]"


def region(seed: int, practices: int = 8) -> Practices:
    """Practices with a figure between 0.5 and 2, given as what each adds."""
    found = sample(practices, seed)
    table, rng = found.table.copy(), np.random.default_rng(seed)
    counts = (table["list_size"] * rng.uniform(0.5, 2.0, practices)).round().astype(int)
    table["weighted_list_size"] = counts.astype(float)
    lists, millionths = table["list_size"].tolist(), [MILLION * count for count in counts]
    rows = as_rows("need", table["practice_code"].tolist(), millionths, lists)
    everyone = {"need": Everyone(sum(millionths), sum(lists))}
    return replace(found, table=table, figures=Figures(rows, everyone, sum(lists)))


def rules(*more: str) -> Configuration:
    settings = ("band.min=14000", "band.max=30000", "search.workers=1", NEED, *more)
    return load_configuration(None, settings)


@cache
def curve(seed: int, most: int = 6) -> SpreadCurve:
    return spread_curve(region(seed), rules(), "need", most, lambda _: None)


def every_plan(shown: SpreadCurve) -> list[tuple[int, float]]:
    """The cost and the spread of every plan, by looking at every partition."""
    problem = shown.region.problem.firm()
    aside = {oracle.mask_of(network) for network in problem.aside}
    return [
        (
            cost,
            max(
                abs(float(shown.figure.value(oracle.members(mask)) or 0) - shown.value)
                for mask in plan
                if mask not in aside
            ),
        )
        for cost, plan in oracle.all_plans(problem)
    ]


@pytest.mark.parametrize("seed", range(40 if DEEP else 6))
def test_every_plan_on_the_curve_is_the_cheapest_of_those_as_even(seed: int) -> None:
    try:
        shown = curve(seed)
    except InfeasibleError:
        pytest.skip("no plan keeps the band")
    plans = every_plan(shown)
    to_unit = shown.region.travel.to_unit
    for point in shown.points:
        assert point.status == "optimal"
        best = min(cost for cost, spread in plans if spread <= point.spread + 1e-9)
        assert point.cost == pytest.approx(to_unit(best))
    assert shown.points[0].cost == pytest.approx(to_unit(min(cost for cost, _ in plans)))


@pytest.mark.parametrize("seed", range(40 if DEEP else 6))
def test_the_last_plan_is_the_most_even_there_is(seed: int) -> None:
    try:
        shown = curve(seed)
    except InfeasibleError:
        pytest.skip("no plan keeps the band")
    least = min(spread for _, spread in every_plan(shown))
    step = 10**-shown.places
    assert shown.within < least <= shown.within + step + 1e-9
    assert shown.points[-1].spread <= shown.within + step + 1e-9


def test_points_go_from_the_least_travel_to_the_least_spread() -> None:
    points = curve(0).points
    assert [point.spread for point in points] == sorted((p.spread for p in points), reverse=True)
    assert [point.cost for point in points] == sorted(point.cost for point in points)
    for point in points:
        assert point.lowest <= curve(0).value <= point.highest


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("age", (), r"is no figure of the profile \(it has need\)"),
        ("need", (NEED.replace("share", "sum"),), "is a sum, and networks of other sizes"),
    ],
)
def test_what_cannot_be_drawn_is_refused(name: str, settings: tuple[str, ...], told: str) -> None:
    base = ("band.min=14000", "band.max=30000", "search.workers=1")
    configuration = load_configuration(None, (*base, *(settings or (NEED,))))
    with pytest.raises(InputError, match=told):
        spread_curve(region(0), configuration, name, 4, lambda _: None)


def test_a_band_on_the_figure_stays_in_force() -> None:
    free = curve(0)
    most = round(free.points[1].highest, 2)
    band = f"profile.bands=[{{figure: need, max: {most}}}]"
    kept = spread_curve(region(0), rules(band), "need", 4, lambda _: None)
    assert all(point.highest <= most for point in kept.points)
    assert kept.points[-1].spread == pytest.approx(free.points[-1].spread, abs=0.1)
    for point in kept.points:
        assert len(point.rules.profile.bands) == 1
    priced = band.replace("max: ", "above: {price: 2, ceiling: 9}, max: ")
    with pytest.raises(InputError, match="has a band with a price"):
        spread_curve(region(0), rules(priced), "need", 4, lambda _: None)


def test_a_curve_is_files_that_hold_what_the_screen_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    region(0).table.to_csv("practices.csv", index=False)
    arguments = ["tradeoff", "practices.csv", "--against", "need", "--points", "4"]
    arguments += [f"--set={rule}" for rule in ("band.min=14000", "band.max=30000", NEED)]
    shown = CliRunner().invoke(group, arguments, standalone_mode=False)
    assert shown.exception is None, shown.output
    rows = pd.read_csv("tradeoff/curve.csv")
    assert rows.columns[:6].tolist() == [
        "plan",
        "figure",
        "spread",
        "region",
        "lowest",
        "highest",
    ]
    assert (rows["spread"].diff().dropna() < 0).all()
    for plan in rows["plan"]:
        stored = json.loads((Path("tradeoff") / plan).with_suffix(".json").read_text("utf-8"))
        assert len(stored["configuration"]["profile"]["bands"]) == (plan != "plan-1.csv")
    assert "Proven: no plan has all networks within" in shown.stdout
    again = CliRunner().invoke(group, [*arguments, "--json"], standalone_mode=False)
    told = json.loads(again.stdout)
    assert told["against"] == "need"
    assert [plan["spread"] for plan in told["plans"]] == rows["spread"].tolist()
