"""What a meeting asks first of a plan."""

from __future__ import annotations

from pathlib import Path

from pcn_group.output.report.facts import facts_of
from pcn_group.output.report.key_figures import key_figures
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs

HEADING = (
    "practice_code,practice_name,list_size,region_code,network_id,easting,northing,"
    "current_network,current_network_name,list_date"
)
ROWS = """\
A,Abbey,20000,R,N1,500000,200000,T1,Town PCN,2021-01-01
B,Bridge,15000,R,N1,501000,200000,T1,Town PCN,2021-01-01
C,Castle,30000,R,N2,509000,200000,T2,Hill PCN,2021-01-01
D,Dale,18000,R,N2,503000,200000,T1,Town PCN,2021-01-01
E,Edge,900,R,,505000,205000,T2,Hill PCN,2021-01-01
"""


def told(folder: Path, rows: str = ROWS, *overrides: str) -> dict[str, tuple[str, str]]:
    path = folder / "plan.csv"
    path.write_text(f"{HEADING}\n{rows}", "utf-8")
    facts = facts_of(open_case(str(path), PlanInputs(overrides=overrides)))
    return {name: (value, note) for name, value, note in key_figures(facts)}


def test_what_is_asked_first_stands_before_what_it_costs(tmp_path: Path) -> None:
    assert [*told(tmp_path)] == [
        "Networks", "Change network", "Networks split", "Spare room", "Longest way", "Mean way",
        "Budget",
    ]  # fmt: skip


def test_who_is_left_out_and_who_moves_are_counted(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert found["Networks"] == ("2", "2 in the band; 1 practice with 900 patients in none")
    assert found["Change network"] == ("1 practice", "with 18,000 patients")


def test_networks_of_today_that_are_split_are_counted_and_the_most_split_named(
    tmp_path: Path,
) -> None:
    assert told(tmp_path)["Networks split"] == ("1 of 2", "most of all Town PCN, into 2")
    whole = ROWS.replace("D,Dale,18000,R,N2", "D,Dale,18000,R,N1")
    assert told(tmp_path, whole)["Networks split"] == ("0 of 2", "every one stays together")


def test_of_footprints_the_networks_split_are_counted_and_nobody_moves(tmp_path: Path) -> None:
    rows = ROWS.replace("D,Dale,18000,R,N2,503000,200000,T1", "D,Dale,18000,R,N2,503000,200000,T3")
    found = told(tmp_path, rows, "funding.networks=current")
    assert "Change network" not in found
    assert found["Footprints"][0] == "2"
    assert found["Networks split"] == ("0 of 3", "every one stays together")
    # What keeps count of moves is asked about moves, whatever is paid.
    limited = told(tmp_path, rows, "funding.networks=current", "limits.max_moved_patients=9")
    assert "Change network" in limited


def test_room_is_what_is_left_to_the_maximum_where_the_band_is_kept(tmp_path: Path) -> None:
    value, note = told(tmp_path)["Spare room"]
    assert value == "17,000"
    assert note == "patients more; least in N2, 2,000. N1 has 5,000 above the minimum"
    assert "Spare room" not in told(tmp_path, ROWS, "band.min=100", "band.max=200")


def test_the_longest_ways_are_named(tmp_path: Path) -> None:
    assert told(tmp_path, ROWS, "travel.way=straight")["Longest way"] == (
        "6.000 km", "Dale; then Bridge, 1.000 km",
    )  # fmt: skip


def test_money_has_no_pence_and_its_year(tmp_path: Path) -> None:
    value, note = told(tmp_path)["Budget"]
    assert value.startswith("£")
    assert "." not in value
    assert note.startswith("2021/22")
