"""Further bands as a user meets them: what is solved, refused, explained and judged."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

# The road of docs/method/model.md with a weighted list beside. A B and C D E cost 94,000
# patient-km and have 36,000 and 47,000 weighted patients; A B C and D E cost 110,000 and have
# 45,000 and 38,000. There are no other plans in the band.
ROAD = """\
practice_code,practice_name,list_size,easting,northing,weighted_list_size
A,Abbey,12000,500000,220000,12000
B,Bridge,20000,503000,220000,24000
C,Church,8000,507000,220000,9000
D,Dale,18000,509000,220000,19000
E,Elm,14000,512000,220000,19000
"""
RULES = """\
band: {{below: forbid, above: forbid}}
profile:
  figures: [{{name: weighted, column: weighted_list_size, label: Weighted list, adds: sum}}]
  bands: [{{figure: weighted, {band}}}]
"""
KEY = "profile.bands.weighted"


@pytest.fixture
def road(run: Command) -> Command:
    """Run a command on the road, under a band on the weighted lists."""
    Path("practices.csv").write_text(ROAD, encoding="utf-8")

    def command(band: str, *arguments: str) -> tuple[int, str]:
        Path("config.yaml").write_text(RULES.format(band=band), encoding="utf-8")
        name, *others = arguments
        done = run(name, "practices.csv", "--config", "config.yaml", *others)
        return done.code, done.out + done.err

    return command


def networks(plan: str = "plan") -> dict[str, dict[str, str]]:
    with Path(plan, "networks.csv").open(encoding="utf-8", newline="") as file:
        return {row["hub_practice_code"]: row for row in csv.DictReader(file)}


def summary() -> dict[str, object]:
    values: dict[str, object] = json.loads(Path("plan", "summary.json").read_text("utf-8"))
    return values


def solve(road: Command, band: str) -> int:
    code, told = road(band, "solve", "--out", "plan", "--quiet")
    assert "fault" not in told
    return int(code)


def test_a_band_that_the_best_plan_keeps_changes_nothing(road: Command) -> None:
    assert solve(road, "min: 30000, max: 47000") == 0
    assert summary()["cost_patient_km"] == 94_000.0


def test_the_best_plan_that_keeps_it_is_proven(road: Command, run: Command) -> None:
    assert solve(road, "max: 46000") == 0
    assert {hub: row["patients"] for hub, row in networks().items()} == {"B": "40000", "D": "32000"}
    assert summary()["status"] == "optimal"
    judged = run("check", "plan", "--practices", "practices.csv")
    assert judged.code == 0
    assert "proves that no plan costs less than 110,000.0 patient-km" in judged.out


def test_a_plan_that_breaks_it_is_told_by_how_much(road: Command, run: Command) -> None:
    assert solve(road, "max: 47000") == 0
    Path("config.yaml").write_text(RULES.format(band="max: 46000"), encoding="utf-8")
    plan = ("plan/groupings.csv", "--practices", "practices.csv")
    judged = run("check", *plan, "--config", "config.yaml")
    assert judged.code == 3
    assert "BROKEN: band: D Weighted list 47,000, 1,000 over 46,000" in judged.out


def test_it_gives_way_as_little_as_it_can(road: Command, run: Command) -> None:
    assert solve(road, "max: 44000, above: avoid") == 3
    found = networks()
    assert {hub: row["in_band"] for hub, row in found.items()} == {"B": "false", "D": "true"}
    assert found["B"]["patients_outside_band"] == "0"
    reason = "no plan keeps all bands, and this one gives way as little as it can"
    assert found["B"]["exception"] == f"Weighted list 45,000, 1,000 over 44,000: {reason}"
    judged = run("check", "plan", "--practices", "practices.csv")
    assert judged.code == 3
    assert "proves that no plan with as little outside the bands costs less" in judged.out
    assert "figures:" not in judged.out  # nothing in the files is wrong


@pytest.mark.parametrize(("price", "cost"), [(0.01, 94_030.0), (10, 120_000.0)])
def test_at_a_price_it_is_weighed_against_travel(road: Command, price: float, cost: float) -> None:
    assert solve(road, f"max: 44000, above: {{price: {price}, ceiling: 60000}}") == 3
    assert summary()["cost_patient_km"] == cost
    assert summary()["status"] == "optimal"


def test_a_band_that_no_plan_keeps_is_explained(road: Command) -> None:
    code, told = road("max: 44000", "solve", "--out", "plan", "--quiet")
    assert code == 4
    every = "every network between 30,000 and 50,000 patients, and Weighted list at most 44,000"
    assert every in " ".join(told.split())
    assert f"{KEY}.max (44,000)" in told
    assert f"{KEY}.max=45000, the nearest that does: 110,000.0 patient-km" in told
    assert not Path("plan").exists()


def test_other_good_plans_keep_it_as_well(road: Command, run: Command) -> None:
    for band, plans in (("max: 47000", 2), ("max: 46000", 1)):
        assert road(band, "solve", "--out", "plan", "--overwrite", "--quiet")[0] == 0
        asked = ("plan", "--practices", "practices.csv", "--within=20%", "--quiet")
        assert run("alternatives", *asked, "--out", f"others{plans}").code == 0
        lines = Path(f"others{plans}", "alternatives.csv").read_text("utf-8").splitlines()
        assert len(lines) == 1 + plans


def test_a_curve_has_only_plans_that_keep_it(road: Command) -> None:
    code, _ = road(
        "max: 46000", "tradeoff", "--against=band", "--floor=20000", "--out=curve", "--quiet"
    )
    assert code == 0
    with Path("curve", "curve.csv").open(encoding="utf-8", newline="") as file:
        last = [*csv.DictReader(file)][-1]
    assert (last["cost_patient_km"], last["patients_short"]) == ("110000.000", "0")


def test_commands_that_know_nothing_of_it_refuse_it(road: Command) -> None:
    code, told = road("max: 46000", "solve", "--out", "plan", "--quiet")
    assert code == 0, told
    code, told = road("max: 46000", "footprints", "--out", "levels")
    assert code == 2
    assert "profile.bands: is set, and footprints does not use it" in " ".join(told.split())


def test_values_too_fine_to_be_told_apart_are_refused(road: Command) -> None:
    code, told = road("max: 46000.0000001, min: 0.00000000001", "solve", "--out", "plan")
    assert code == 2
    assert f"{KEY}.min: adds up to" in " ".join(told.split())


def test_the_summary_says_how_much_is_beyond_a_band_that_gives_way_or_has_a_price(
    road: Command,
) -> None:
    for band in ("max: 44000, above: avoid", "max: 44000, above: {price: 0.01, ceiling: 60000}"):
        road(band, "solve", "--out", "plan", "--overwrite", "--quiet")
        least = 1_000.0 if "avoid" in band else 3_000.0
        assert summary()["beyond_further_bands"] == {f"{KEY}.max": least}
    road("max: 47000", "solve", "--out", "plan", "--overwrite", "--quiet")
    assert summary()["beyond_further_bands"] == {}  # a hard limit has nothing beyond it


def test_repair_says_that_further_bands_do_not_give_way_either(road: Command, run: Command) -> None:
    road("max: 47000", "solve", "--out", "plan", "--quiet")
    Path("config.yaml").write_text(RULES.format(band="max: 44000, above: avoid"), encoding="utf-8")
    done = run("repair", "plan", "--practices", "practices.csv", "--config", "config.yaml")
    assert done.code == 4
    told = "bands are hard: band.below, band.above and profile.bands.weighted.above have no effect."
    assert told in " ".join(done.err.split())


def test_a_price_has_what_is_beyond_a_band_that_gives_way(road: Command, run: Command) -> None:
    """The best plan has 1,000 above 44,000, with B apart from C 3,000, and it costs less."""
    road("max: 44000, above: avoid", "solve", "--out", "plan", "--quiet")
    asked = ("plan", "--practices", "practices.csv", "--practice", "C")
    shown = run("explain", *asked)
    assert "only with 2,000 more of Weighted list over 44,000." in " ".join(shown.out.split())
    told = json.loads(run("explain", *asked, "--json").out)
    assert told["best"]["beyond_further_bands"] == {f"{KEY}.max": 1_000.0}
    leave = told["practice"]["leave"]
    assert leave["more_beyond_further_bands"] == {f"{KEY}.max": 2_000.0}


def test_a_plan_farther_beyond_a_band_than_it_must_be_is_told_so(
    road: Command, run: Command
) -> None:
    road("max: 47000", "solve", "--out", "plan", "--quiet")
    Path("config.yaml").write_text(RULES.format(band="max: 44000, above: avoid"), encoding="utf-8")
    plan = ("plan/groupings.csv", "--practices", "practices.csv", "--config", "config.yaml")
    shown = run("explain", *plan)
    assert "and has Weighted list over 44,000 by 3,000 in all." in " ".join(shown.out.split())
