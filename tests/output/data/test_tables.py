"""The files of a plan, against files a person has read, and rules that hold for every plan."""

from __future__ import annotations

import csv
import hashlib
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pcn_group.config.model import Configuration
from pcn_group.output.data.folder import FILES
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from pcn_group.practices.table import Practices
from tests.paths import ROOT
from tests.solver.regions import region, sample, silent

GOLDEN = ROOT / "tests" / "golden" / "valley"

# Two villages 12 km apart; A1 and A2 share a building. The north is much as it is today. In the
# south one of three practices is from the network of today that it continues all the same.
VALLEY = region(
    {
        "A1": (0.0, 12.0, 9_000),
        "A2": (0.0, 12.0, 12_345),
        "B": (1.5, 14.0, 10_000),
        "C": (0.5, 0.0, 11_111),
        "D": (0.5, 1.0, 16_000),
        "E": (2.0, 2.0, 8_001),
    },
    region_code=["06P"] * 6,
    current_network=["N", "N", "N", "N", "S", ""],
    current_network_name=["North, with a comma"] * 4 + ["South", ""],
)


def files(practices: Practices, **rules: Any) -> dict[str, str]:  # noqa: ANN401 - any section of the rules
    return plan_files(solve(practices, Configuration.model_validate(rules), silent))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv")])
def test_a_table_is_as_it_was_read_by_a_person(name: str) -> None:
    assert files(VALLEY)[name] == (GOLDEN / name).read_bytes().decode("utf-8")


def test_the_summary_is_as_it_was_read_by_a_person() -> None:
    summary = json.loads(files(VALLEY)["summary.json"])
    assert set(summary.pop("versions")) >= {"pcn-group", "ortools", "numpy"}
    assert set(summary.pop("sha256")) == set(FILES)
    assert summary == json.loads((GOLDEN / "summary.json").read_text(encoding="utf-8"))


def test_the_summary_has_the_digest_of_every_other_file() -> None:
    texts = files(VALLEY)
    digests = json.loads(texts.pop("summary.json"))["sha256"]
    assert digests.pop("summary.json")
    assert digests == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()
    }


def test_every_file_of_a_plan_is_there_and_ends_its_last_line() -> None:
    texts = files(VALLEY)
    assert set(texts) == set(FILES)
    for text in texts.values():
        assert text.endswith("\n")
        assert "\r" not in text


def test_the_certificate_names_practices_and_the_rule_it_is_under() -> None:
    certificate = json.loads(files(VALLEY)["certificate.json"])
    assert list(certificate["duals"]) == ["A1", "A2", "B", "C", "D", "E"]
    assert certificate["held"] == 0
    assert certificate["size_rule"]["smallest"] == 30_000
    tolls = certificate["tolls"]
    paid = sum(toll["amount"] * (sum(toll["shares"]) // toll["whole"]) for toll in tolls)
    assert certificate["bound"] == sum(certificate["duals"].values()) - paid


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_tables_of_any_plan_agree_with_one_another(seed: int) -> None:
    texts = files(sample(40, seed))
    groupings, networks = rows(texts["groupings.csv"]), rows(texts["networks.csv"])
    budgets, summary = rows(texts["budgets.csv"]), json.loads(texts["summary.json"])
    assert len({row["practice_code"] for row in groupings}) == len(groupings) == 40
    assert [row["network_id"] for row in networks] == sorted({r["network_id"] for r in groupings})
    for network in networks:
        inside = [row for row in groupings if row["network_id"] == network["network_id"]]
        hub, *others = inside
        assert hub["is_hub"] == "true"
        assert hub["practice_code"] == network["hub_practice_code"]
        assert hub["km_to_hub"] == "0.000"
        assert {row["is_hub"] for row in others} <= {"false"}
        assert [row["practice_code"] for row in others] == sorted(
            row["practice_code"] for row in others
        )
        assert len(inside) == int(network["practices"])
        sizes = [int(row["list_size"]) for row in inside]
        patients = sum(sizes)
        assert patients == int(network["patients"])
        distances = [float(row["km_to_hub"]) for row in inside]
        mean = sum(s * d for s, d in zip(sizes, distances, strict=True)) / patients
        assert float(network["mean_km"]) == pytest.approx(mean, abs=0.0011)
        assert float(network["max_km"]) == max(distances)
        outside = max(0, 30_000 - patients, patients - 50_000)
        assert int(network["patients_outside_band"]) == outside
        assert (network["in_band"] == "true") == (outside == 0) == (network["exception"] == "")
        paid = [row for row in budgets if row["network_id"] == network["network_id"]]
        core = next(row for row in paid if row["funding_line"] == "core")
        assert Decimal(core["amount_gbp"]) == Decimal("1.50") * patients
    assert summary["networks"] == len(networks)
    assert summary["patients"] == sum(int(row["list_size"]) for row in groupings)
    counted = [Decimal(row["amount_gbp"]) for row in budgets if row["counted"] == "true"]
    assert Decimal(summary["budget_gbp"]) == sum(counted)
    cost = sum(int(row["patients"]) * float(row["mean_km"]) for row in networks)
    assert summary["cost_patient_km"] == pytest.approx(cost, rel=1e-3)


def test_each_pair_of_neighbours_is_listed_once_and_in_order() -> None:
    table = rows(files(sample(40, 1))["adjacency.csv"])
    pairs = [(row["practice_code"], row["neighbour_code"]) for row in table]
    assert len(pairs) == len({frozenset(pair) for pair in pairs})
    assert pairs == sorted(pairs)
    assert all(first < second for first, second in pairs)


def test_an_exception_is_listed_with_its_reason() -> None:
    texts = files(region({"A": (0, 0, 12_000), "B": (1, 0, 9_500)}))
    (network,) = rows(texts["networks.csv"])
    assert network["in_band"] == "false"
    assert network["patients_outside_band"] == "8500"
    assert network["exception"].startswith("8,500 under the minimum: no plan keeps the band")
    assert "8,500 short of it in all" in network["exception"]
    summary = json.loads(texts["summary.json"])
    assert summary["exceptions"] == [
        {"network_id": "A", "patients": 21_500, "reason": network["exception"]}
    ]
    assert summary["exceptions_per_km2"] == {"A": None}  # two places in a line have no land
    assert (summary["patients_short"], summary["patients_above"]) == (8_500, 0)


def test_an_oversize_practice_is_listed_and_paid() -> None:
    texts = files(region({"A": (0, 0, 60_000), "B": (1, 0, 20_000), "C": (2, 0, 20_000)}))
    alone = rows(texts["networks.csv"])[0]
    assert alone["network_id"] == "A"
    assert alone["patients_outside_band"] == "10000"
    assert "the maximum of 50,000" in alone["exception"]
    assert "it stands alone" in alone["exception"]
    assert json.loads(texts["summary.json"])["budget_gbp"] == "345270.00"


def test_minutes_are_called_minutes(tmp_path: Path) -> None:
    matrix = tmp_path / "minutes.csv"
    matrix.write_text("from,to,value\nA,B,4.5\n", encoding="utf-8")
    travel = {"matrix": str(matrix), "unit": "minutes"}
    texts = files(region({"A": (0, 0, 20_000), "B": (1, 0, 15_000)}), travel=travel)
    assert rows(texts["networks.csv"])[0]["max_minutes"] == "4.500"
    assert rows(texts["groupings.csv"])[1]["minutes_to_hub"] == "4.500"
    assert json.loads(texts["summary.json"])["cost_patient_minutes"] == 15_000 * 4.5


def test_coordinates_keep_their_decimals_only_where_they_have_some() -> None:
    texts = files(region({"A": (0.0, 0, 20_000), "B": (1.00025, 0, 15_000)}))
    assert [row["easting"] for row in rows(texts["groupings.csv"])] == ["500000", "501000.25"]
