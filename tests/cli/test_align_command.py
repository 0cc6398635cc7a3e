"""Networks that fit neighbourhoods, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.region.mapped import polygon, shapes

BAND = ("--set", "band.min=30000", "--set", "band.max=60000")
LISTS = ("--practices", "road.csv", "--practices", "map.geojson")
"""Six practices a kilometre apart along a road; the first four stand in West, the others in East.
The networks of today are the first three and the last three."""


@pytest.fixture(autouse=True)
def _road(run: Command) -> None:
    """The folder it runs in has the road and the map."""
    assert run
    rows = [
        f"{code},Practice {code},15000,{500_500 + 1000 * k},220500,R1,U{1 + k // 3}"
        for k, code in enumerate("ABCDEF")
    ]
    heading = "practice_code,practice_name,list_size,easting,northing,region_code,current_network"
    Path("road.csv").write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    towns = {"W": (0, 0, 4000, 1000), "X": (4000, 0, 6000, 1000)}
    text = shapes(*(({"neighbourhood_code": code}, polygon(box)) for code, box in towns.items()))
    Path("map.geojson").write_text(text, encoding="utf-8")


def aligned(run: Command, *more: str, code: int = 0) -> dict[str, Any]:
    ended = run("align", "current", *LISTS, *BAND, "--json", "--overwrite", *more)
    assert (ended.code, ended.err) == (code, "")
    found: dict[str, Any] = json.loads(ended.out)
    return found


def networks(plan: str) -> list[str]:
    """The practices of each network of a plan that was written."""
    rows = [line.split(",") for line in Path(plan, "groupings.csv").read_text("utf-8").split("\n")]
    heading, *rows = [row for row in rows if len(row) > 1]
    at, code = heading.index("network_id"), heading.index("practice_code")
    labels = sorted({row[at] for row in rows})
    members = (sorted(row[code] for row in rows if row[at] == label) for label in labels)
    return sorted("".join(codes) for codes in members)


def test_the_best_fit_with_the_fewest_moves(run: Command) -> None:
    found = aligned(run)
    assert found["misaligned_bound"] == 0
    assert (found["before"]["misaligned"], found["after"]["misaligned"]) == (15_000, 0)
    assert found["before"]["networks"][1] == {
        "network_id": "U2", "serves": "X", "aligned": 30_000, "misaligned": 15_000, "in_none": 0,
    }  # fmt: skip
    assert networks("aligned") == ["ABCD", "EF"]
    assert found["patients_moved"] == 15_000


def test_or_with_the_least_travel(run: Command) -> None:
    assert aligned(run, "--then", "travel")["after"]["misaligned"] == 0
    assert networks("aligned") == ["AB", "CD", "EF"]


def test_a_share_that_is_there_already_moves_nobody(run: Command) -> None:
    found = aligned(run, "--at-least", "80%")
    assert found["patients_moved"] == 0
    assert found["misaligned_bound"] is None
    assert aligned(run, "--at-least", "90%")["patients_moved"] == 15_000


def test_one_large_practice_may_do_what_two_small_ones_do(run: Command) -> None:
    # C lives in X, and F and G live in Z; the networks of today are ABC, DEFG and HI.
    sizes = dict(zip("ABCDEFGHI", (15, 15, 20, 15, 15, 5, 5, 15, 15), strict=True))
    rows = [
        f"{code},Practice {code},{size}000,{500_500 + 1000 * k},220500,R1,U{(k > 2) + (k > 6)}"
        for k, (code, size) in enumerate(sizes.items())
    ]
    heading = "practice_code,practice_name,list_size,easting,northing,region_code,current_network"
    Path("road.csv").write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    towns = {"W": (0, 0, 2000, 1000), "X": (2000, 0, 5000, 1000), "Z": (5000, 0, 9000, 1000)}
    text = shapes(*(({"neighbourhood_code": code}, polygon(box)) for code, box in towns.items()))
    Path("map.geojson").write_text(text, encoding="utf-8")

    patients = aligned(run, "--at-least", "83%")
    assert (patients["patients_moved"], patients["practices_moved"]) == (10_000, 2)
    assert (patients["patients_moved_bound"], patients["practices_moved_bound"]) == (10_000, None)
    practices = aligned(run, "--at-least", "83%", "--then", "practices")
    assert (practices["patients_moved"], practices["practices_moved"]) == (20_000, 1)
    assert (practices["patients_moved_bound"], practices["practices_moved_bound"]) == (None, 1)
    assert practices["configuration"]["limits"]["max_moved_practices"] == 1
    assert run("check", "aligned", *LISTS).code == 0


def test_it_says_that_no_plan_moves_fewer_practices(run: Command) -> None:
    told = " ".join(run("align", "current", *LISTS, *BAND, "--then", "practices").out.split())
    assert "Proven: no plan that keeps the rules moves fewer practices, and of those that" in told
    assert "1 practice of 15,000 patients moves (proven the fewest)" in told


def test_it_starts_from_a_plan_as_well(run: Command) -> None:
    rows = "".join(f"{code},{'L' if code in 'AB' else 'M'}\n" for code in "ABCDEF")
    Path("by-hand.csv").write_text(f"practice_code,network_id\n{rows}", encoding="utf-8")
    ended = run("align", "by-hand.csv", *LISTS, *BAND, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["before"]["misaligned"] == 30_000


def test_a_plan_is_not_called_the_networks_of_today(run: Command) -> None:
    rows = "".join(f"{code},{'L' if code in 'AB' else 'M'}\n" for code in "ABCDEF")
    Path("by-hand.csv").write_text(f"practice_code,network_id\n{rows}", encoding="utf-8")
    told = " ".join(run("align", "by-hand.csv", *LISTS, *BAND).out.split())
    assert told.startswith("before serves")
    assert "; of by-hand.csv 66.7%, and 30,000 are not." in told
    assert "today" not in told.partition("Proven")[0]


def test_what_is_proven_is_told(run: Command) -> None:
    told = " ".join(run("align", "current", *LISTS, *BAND).out.split())
    assert "U2 X 30,000 66.7% 15,000" in told
    today = "of today's networks 83.3%, and 15,000 are not."
    assert f"100.0% of the patients are aligned, 0 are not; {today}" in told
    tied = run("align", "current", *LISTS, *BAND, "--set", "rules.together=[[D, E]]", "--overwrite")
    assert (
        f"83.3% of the patients are aligned, 15,000 are not; {today} "
        "Proven: no plan that keeps the rules has fewer than 15,000 misaligned patients."
    ) in " ".join(tied.out.split())


def test_check_judges_the_plan_by_what_it_was_made_for(run: Command) -> None:
    aligned(run)
    assert run("check", "aligned", *LISTS).code == 0
    limited = ("--set", "limits.min_aligned=0.9", *BAND)
    ended = run("check", "current", *LISTS, *limited)
    assert ended.code == 3
    told = " ".join(ended.out.split())
    assert "15,000 patients who live in another neighbourhood than their network serves" in told


def test_solve_pays_for_misaligned_patients(run: Command) -> None:
    two = ("--set", "limits.networks=2", *BAND, "--quiet", "--overwrite")
    assert run("solve", "road.csv", "map.geojson", *two).code == 0
    assert networks("plan") == ["ABC", "DEF"]
    price = ("--set", "prices.neighbourhood=1.1")
    assert run("solve", "road.csv", "map.geojson", *two, *price).code == 0
    assert networks("plan") == ["ABCD", "EF"]
    assert run("check", "plan", *LISTS).code == 0


def test_one_network_for_each_neighbourhood(run: Command) -> None:
    one = ("--set", "neighbourhoods.networks=one", *BAND, "--quiet")
    assert run("solve", "road.csv", "map.geojson", *one).code == 0
    assert networks("plan") == ["ABC", "DEF"]  # there is no room for three
    ended = run("check", "plan", *LISTS, *one[:2], "--set", "band.min=15000")
    assert "is served by" not in ended.out


def test_what_is_proven_names_one_network_for_each_neighbourhood(run: Command) -> None:
    three = ("--set", "limits.networks=3", "--set", "neighbourhoods.networks=one", *BAND)
    ended = run("align", "current", *LISTS, *three)
    assert ended.code == 4
    assert (
        "has 3 networks, each between 30,000 and 60,000 patients, and one for each neighbourhood."
    ) in " ".join(ended.err.split())


def test_the_curve_goes_on_to_the_best_fit(run: Command) -> None:
    curve = ("tradeoff", "road.csv", "map.geojson", "--against", "neighbourhoods", *BAND)
    ended = run(*curve, "--set", "limits.networks=2", "--json", "--report")
    found = json.loads(ended.out)
    assert [plan["patients_misaligned"] for plan in found["plans"]] == [15_000, 0]
    assert [plan["status"] for plan in found["plans"]] == ["optimal", "optimal"]
    assert found["misaligned_bound"] == 0
    assert "misaligned patients" in Path("tradeoff", "curve.html").read_text("utf-8")


def test_without_a_map_it_says_so(run: Command) -> None:
    ended = run("align", "current", "--practices", "road.csv", *BAND)
    assert ended.code == 2
    assert (
        "there is no map of neighbourhoods. Give one among the practice files, beside" in ended.err
    )
    ended = run("solve", "road.csv", "--set", "prices.neighbourhood=1")
    assert ended.code == 2
    assert "prices.neighbourhood: is about neighbourhoods, and there is no map of them" in ended.err


def test_a_share_that_no_plan_has_is_proven_not_to_be_had(run: Command) -> None:
    strict = ("--set", "band.min=45000", "--set", "band.max=45000")
    ended = run("align", "current", *LISTS, *strict, "--at-least", "90%")
    assert ended.code == 4
    assert (
        "Proven: no plan of these 6 practices has every network between 45,000 and 45,000 "
        "patients, and 90% of the patients aligned."
    ) in " ".join(ended.err.split())
    assert "limits.min_aligned" in ended.err
    assert not Path("aligned").exists()


def test_a_map_alone_goes_with_the_practices_of_the_plan(run: Command) -> None:
    assert run("solve", "road.csv", *BAND, "--out", "plan", "--quiet").code == 0
    whole = run("align", "plan", *LISTS, "--out", "whole", "--json")
    alone = run("align", "plan", "--practices", "map.geojson", "--out", "alone", "--json")
    assert (alone.code, alone.err) == (0, "")
    assert json.loads(alone.out)["after"] == json.loads(whole.out)["after"]
    told = run("check", "plan", "--practices", "map.geojson")
    assert "in the neighbourhood that their network serves" in told.out
    assert "earlier lists" not in told.out


def test_a_map_alone_does_not_say_where_patients_live(run: Command) -> None:
    assert run("solve", "road.csv", *BAND, "--out", "plan", "--quiet").code == 0
    summary = Path("plan/summary.json")
    stored = json.loads(summary.read_text("utf-8")) | {"fit": {"by": "residents"}}
    summary.write_text(json.dumps(stored), encoding="utf-8")
    ended = run("check", "plan", "--practices", "map.geojson")
    assert ended.code == 2
    assert "map.geojson: is given, and the plan counts patients where they live" in ended.err


def test_what_a_map_has_of_no_land_is_told_wherever_the_fit_is(run: Command) -> None:
    drawn = json.loads(Path("map.geojson").read_text("utf-8"))
    point = {"type": "Point", "coordinates": [500_500, 220_500]}
    drawn["features"] += [
        {"type": "Feature", "properties": {"neighbourhood_code": code}, "geometry": geometry}
        for code, geometry in (("Y", None), ("Z", point))
    ]
    Path("map.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    told = run("check", "current", *LISTS, *BAND).out
    empty = "the polygon is empty (left out)"
    assert f"Of the map: Y: {empty}; Z: {empty}." in told


def test_the_page_says_that_no_plan_fits_better(run: Command) -> None:
    aligned(run, "--set", "rules.together=[[D, E]]", "--report")
    page = " ".join(Path("aligned/report.html").read_text("utf-8").split())
    assert (
        "<b>Fit.</b> No plan that keeps the rules has fewer than 15,000 patients who live in "
        "another neighbourhood than their network serves: this plan fits best."
    ) in page


def test_a_bound_on_the_misaligned_that_the_plan_is_under_is_found_out(run: Command) -> None:
    aligned(run)
    summary = Path("aligned/summary.json")
    stored = json.loads(summary.read_text("utf-8"))
    assert stored["misaligned_bound"] == 0
    summary.write_text(json.dumps(stored | {"misaligned_bound": 5}), encoding="utf-8")
    told = run("check", "aligned", *LISTS).out
    assert "summary.json, misaligned_bound says 5, and the plan has 0" in " ".join(told.split())


def test_plans_are_compared_by_how_they_fit(run: Command) -> None:
    aligned(run)
    ended = run("compare", "current", "aligned", *LISTS, *BAND, "--out", "compared")
    told = " ".join(ended.out.split())
    assert "patients aligned 83.3% 100.0%" in told
    assert "misaligned 15,000 0" in told
    rows = [
        dict(zip(heading.split(","), row.split(","), strict=True))
        for heading, *lines in [Path("compared/comparison.csv").read_text("utf-8").splitlines()]
        for row in lines
    ]
    assert [row["share_aligned"] for row in rows] == ["0.833333", "1.0"]
    assert [row["patients_misaligned"] for row in rows] == ["15000", "0"]
    without = run("compare", "current", "aligned", "--practices", "road.csv", *BAND)
    assert "aligned 83" not in " ".join(without.out.split())
