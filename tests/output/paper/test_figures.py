"""Every figure of a paper is one of the files'."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.output.paper.papers import Known, Paper, Papers, rows_of


def files(papers: Papers) -> list[Path]:
    """The tables and summaries of the plan and of what is beside it."""
    folders = [path for path in (*papers.plans, *papers.beside) if path.is_dir()]
    found = [path for folder in folders for path in sorted(folder.iterdir())]
    found += [path for path in papers.beside if path.is_file()]
    return [path for path in found if path.suffix in {".csv", ".json"}]


def strange(paper: Paper, known: Known) -> list[tuple[str, list[str]]]:
    return [(text, found) for text in paper.texts() if (found := known.strange(text))]


def test_every_number_is_one_of_the_files(rich: Papers) -> None:
    assert strange(rich.full, Known(files(rich))) == []


def test_a_number_that_is_in_no_file_would_be_noticed(rich: Papers) -> None:
    known = Known(files(rich))
    assert known.strange("987,123 patients, £1,234,567 and 98.7654321 km") == [
        "987,123",
        "£1,234,567",
        "98.7654321",
    ]


def test_most_numbers_are_long_enough_to_be_nobody_elses(rich: Papers) -> None:
    tokens = re.findall(r"\d[\d,.]*\d", " ".join(rich.full.texts()))
    assert sum(len(token) > 3 for token in tokens) > 500


def test_the_networks_are_the_rows_of_their_file(rich: Papers) -> None:
    *rows, total = rich.full.table("Networks: patients")
    found = rows_of(rich.plans[0] / "networks.csv")
    assert [row[0] for row in rows] == [f"{k}" for k in range(1, len(found) + 1)]
    for row, own in zip(rows, found, strict=True):
        names = ("network_name", "network_id", "practices", "patients", "mean_km", "max_km")
        assert [cell.replace(",", "") for cell in row[1:7]] == [own[name] for name in names]
        assert row[7] == own["hub_practice_name"]
    assert int(total[4].replace(",", "")) == sum(int(own["patients"]) for own in found)


def test_all_practices_are_the_rows_of_their_file(rich: Papers) -> None:
    found = rows_of(rich.plans[0] / "groupings.csv")
    rows = rich.full.table("Practices by network")
    assert [(row[1], row[2].replace(",", ""), row[4]) for row in rows] == [
        (own["practice_code"], own["list_size"], own["km_to_hub"]) for own in found
    ]


def test_those_who_move_are_all_who_do(rich: Papers) -> None:
    found = rows_of(rich.plans[0] / "groupings.csv")
    # A network has the code of the one that it continues.
    moved = {
        own["practice_code"]: (own["list_size"], own["current_network"], own["network_id"])
        for own in found
        if own["current_network"] not in {"", own["network_id"]}
    }
    rows = rich.full.table("Practices that move")
    told = {
        row[0].rpartition("(")[2].rstrip(")"): (
            row[1].replace(",", ""),
            *(cell.rpartition("(")[2].rstrip(")") for cell in row[2:4]),
        )
        for row in rows
    }
    assert told == moved
    assert all(row[4].endswith(".") for row in rows)


@pytest.mark.parametrize("year", ["2019/20", "2024/25"])
def test_money_is_exact_and_by_year(rich: Papers, year: str) -> None:
    budget = next(path for path in rich.beside if path.name == "budget")
    found = {
        own["funding_line"].replace("_", " ").capitalize(): own
        for own in rows_of(budget / "budget_totals.csv")
        if own["level"] == "region" and own["financial_year"] == year
    }
    (table,) = [
        rows
        for caption, rows in rich.full.tables.items()
        if caption.startswith("What all networks are paid") and year in rows[0]
    ]
    column = table[0].index(year)
    told = {row[0]: row[column] for row in table[1:] if row[column]}
    assert {name: Decimal(re.sub("[£,*]", "", cell)) for name, cell in told.items()} == {
        name: Decimal(own["amount_gbp"]) for name, own in found.items()
    }
    assert {name for name, cell in told.items() if cell.endswith("*")} == {
        name for name, own in found.items() if own["counted"] == "false"
    }


def test_exceptions_have_their_density_and_their_reason(rich: Papers) -> None:
    summary = json.loads((rich.plans[0] / "summary.json").read_text("utf-8"))
    rows = rich.full.table("Networks with fewer than 30,000")
    assert len(rows) > 1
    for row, own in zip(rows, summary["exceptions"], strict=True):
        assert row[0].endswith(f"({own['network_id']})")
        assert row[1].replace(",", "") == str(own["patients"])
        assert row[3].replace(",", "") == str(summary["exceptions_per_km2"][own["network_id"]])
        assert row[4] == f"{own['reason']}."
