"""A comparison as files and as JSON: the figures worked out by hand, and whose folder it may be."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.output.data.comparison import (
    COMPARISON_FILES,
    comparison_files,
    comparison_json,
    refuse_foreign_files,
    write_comparison,
)
from pcn_group.plan.compare import Comparison, compare_plans
from pcn_group.plan.placed import open_plans
from tests.plan.compared import HALVES, RING, write_by_hand, write_region


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("compared")
    about = write_region(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, plan in (("ring", RING), ("halves", HALVES)):
            write_by_hand(Path(name), plan)
        return compare_plans(*open_plans(["ring", "halves", "current"], about))


def rows(comparison: Comparison, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(comparison_files(comparison)[name])))


def test_a_row_for_each_plan(comparison: Comparison) -> None:
    ring, halves, today = rows(comparison, "comparison.csv")
    assert ring == {
        "plan": "ring",
        "practices": "6",
        "patients": "75000",
        "practices_in_no_network": "0",
        "patients_in_no_network": "0",
        "practices_not_of_the_region": "0",
        "networks": "3",
        "networks_in_band": "2",
        "networks_under_band": "1",
        "networks_over_band": "0",
        "share_in_band": "0.6667",
        "networks_not_contiguous": "0",
        "enclaves": "1",
        "local_authorities": "2",
        "networks_across_authorities": "1",
        "cost_patient_km": "120000.000",
        "mean_km": "1.600",
        "max_km": "5.000",
        "rules_broken": "1",
        "share_aligned": "",
        "patients_misaligned": "",
        "neighbourhoods_unserved": "",
        "budget_gbp": "366832.50",
        "budget_remark": "partial: without participation (1.761 a weighted patient)",
        "budget_per_head_gbp": "4.89",
        "least_network_per_head_gbp": "3.81",
        "most_network_per_head_gbp": "16.40",
        "more_by_networks_gbp": "0.00",
        "more_by_members_gbp": "0.00",
        "more_by_columns_gbp": "0.00",
        "patients_moved": "0",
        "practices_moved": "0",
    }
    assert (halves["patients_moved"], halves["practices_moved"]) == ("20000", "2")
    assert (today["practices"], today["practices_in_no_network"]) == ("4", "2")


def test_a_row_for_each_pair_of_networks(comparison: Comparison) -> None:
    text = comparison_files(comparison)["matches.csv"].splitlines()
    assert text[1:] == [
        "ring,east,halves,far,30000,30000,30000,0,0,east,far",
        "ring,eye,halves,west,5000,25000,5000,0,20000,eye,west",
        "ring,ring,halves,right,40000,20000,20000,20000,0,ring,right",
        "ring,east,current,,30000,0,0,0,0,east,",
        "ring,eye,current,,5000,0,0,0,0,eye,",
        "ring,ring,current,one,40000,20000,20000,20000,0,ring,one",
        "ring,,current,two,0,20000,0,0,20000,,two",
    ]


def test_a_row_for_each_practice_and_pair_of_plans(comparison: Comparison) -> None:
    text = comparison_files(comparison)["moves.csv"].splitlines()
    assert len(text) == 1 + 2 * 6
    assert text[:3] == [
        (
            "practice_code,practice_name,list_size,from_plan,from_network,to_plan,to_network,moved,"
            "from_network_name,to_network_name"
        ),
        "P,Park,10000,ring,ring,halves,west,true,ring,west",
        "Q,Quay,10000,ring,ring,halves,right,false,ring,right",
    ]
    assert text[-2:] == [
        "T,Tower,30000,ring,east,current,,false,east,",
        "Z,Zenith,5000,ring,eye,current,,false,eye,",
    ]


def test_a_row_for_each_authority(comparison: Comparison) -> None:
    assert [tuple(row.values()) for row in rows(comparison, "authorities.csv")] == [
        ("ring", "East", "1", "East"),
        ("ring", "West", "2", "West"),
        ("halves", "East", "1", "East"),
        ("halves", "West", "1", "West"),
        ("current", "East", "2", "East"),
        ("current", "West", "2", "West"),
    ]


def test_a_row_of_money_for_each_line_and_network(comparison: Comparison) -> None:
    heading, *text = comparison_files(comparison)["money.csv"].splitlines()
    assert heading.startswith("plan,level,network_id,patients,funding_line,units,amount_gbp,")
    assert text[:6] == [
        "ring,all,,75000,core,75000,112500.00,1.5000,true,0.00,,members",
        "ring,all,,75000,clinical_director,75000,38572.50,0.5143,true,0.00,,members",
        "ring,all,,75000,extended_hours,75000,82425.00,1.0990,false,0.00,,members",
        "ring,all,,75000,clinical_pharmacist,3,113430.00,1.5124,true,0.00,,networks",
        "ring,all,,75000,social_prescriber,3,102330.00,1.3644,true,0.00,,networks",
        "ring,all,,75000,total,,366832.50,4.8911,true,0.00,,",
    ]
    assert "ring,network,eye,5000,total,,81991.50,16.3983,true,,eye," in text
    assert "current,all,,40000,total,,224412.00,5.6103,true,-142420.50,," in text


def test_json_has_the_same_and_names_what_is_counted(comparison: Comparison) -> None:
    told = comparison_json(comparison)
    ring, _, today = told["plans"]
    assert ring["cost_patient_km"] == 120_000.0
    assert ring["surrounded"] == [
        {"network": "eye", "practices": ["Z"], "surrounded_by": "ring"},
    ]
    assert ring["networks_by_authority"] == {"East": 1, "West": 2}
    assert ring["money"]["financial_year"] == "2019/20"
    assert [(n["network_id"], n["per_head_gbp"]) for n in ring["money"]["networks"]] == [
        ("east", "4.4116"),
        ("eye", "16.3983"),
        ("ring", "3.8123"),
    ]
    assert today["money"]["lines"][-1]["more_than_first_plan_gbp"] == "-142420.50"
    assert today["notes"] == ["2 practices of 35,000 patients are in no network: T, Z"]
    halves, _ = told["pairs"]
    assert (halves["from_plan"], halves["to_plan"]) == ("ring", "halves")
    assert halves["moves"] == [
        {
            "from_network": "ring",
            "from_network_name": "ring",
            "to_network": "west",
            "to_network_name": "west",
            "patients": 20_000,
            "practices": ["P", "S"],
        }
    ]
    assert halves["matches"][0]["shared_patients"] == 30_000


def test_what_was_written_may_be_replaced(comparison: Comparison, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        refuse_foreign_files(folder, overwrite=False)
        write_comparison(folder, comparison)
    assert sorted(path.name for path in folder.iterdir()) == sorted(COMPARISON_FILES)
    for name, text in comparison_files(comparison).items():
        assert (folder / name).read_bytes() == text.encode()


@pytest.mark.parametrize("name", ["groupings.csv", "moves.csv", "comparison.csv"])
def test_other_files_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        refuse_foreign_files(tmp_path, overwrite=False)
    assert caught.value.faults[0].value == name
    refuse_foreign_files(tmp_path, overwrite=True)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(InputError):
        refuse_foreign_files(path, overwrite=True)
