"""Budgets for workbooks to show, and the figures of a workbook beside those of the CSV files."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl import Workbook

from pcn_group.funding.budget import Budget, budget_of
from pcn_group.funding.members import Member
from pcn_group.funding.scope import Scope
from pcn_group.funding.tariff import Tariff, months_of
from pcn_group.funding.totals import TOTAL
from pcn_group.output.data.budget_files import budget_files
from pcn_group.output.workbook.sheets import MONTHS

Figures = dict[tuple[str, ...], tuple[Decimal | None, ...]]


@dataclass(frozen=True)
class Paid:
    """A budget and what it was worked out from."""

    members: tuple[Member, ...]
    scope: Scope

    @property
    def budget(self) -> Budget:
        return budget_of(self.members, self.scope)


def line(name: str, rate: str, per: str, **more: object) -> dict[str, object]:
    standing: dict[str, object] = {
        "description": f"The line {name}",
        "paid_to": "networks",
        "recurrent": True,
        "cash": True,
        "source": "A document of 2019",
        "confirmed": True,
    }
    return {"name": name, "rate_gbp": rate, "per": per, **standing, **more}


def tariff(year: str, *lines: dict[str, object]) -> Tariff:
    return Tariff.model_validate({"financial_year": year, "lines": lines})


KINDS = tariff(
    "2019/20",
    line("half_pennies", "0.005", "registered"),
    line("part_year", "0.51430", "registered", months="2019-07..2020-03"),
    line("two_years", "1.00001", "registered", months="2019-07..2021-03", confirmed=False),
    line("beds", "7.50", "bed", rate_is_for="month", months="2019-08..2020-03"),
    line("participation", "1.761", "weighted", paid_to="practices"),
    line("half_to_practices", "0.005", "registered", paid_to="practices"),
    line("access", "7.57837", "adjusted", recurrent=False),
    line("role", "37810", "network", doubled_above=100_000),
    line("visit", "333.33333", "network"),
    line("nothing", "0", "registered"),
)
"""A line of every kind."""

LATER = tariff(
    "2020/21", line("core", "1.50", "registered"), line("role", "7.131", "weighted", cash=False)
)


def member(region: str, network: str, code: str, patients: int, **more: object) -> Member:
    values = {
        "icb_code": "",
        "practice_name": f"Practice {code}",
        "weighted": Decimal(patients),
        "adjusted": Decimal(patients),
        "beds": 0,
    }
    places = {"region_code": region, "network_id": network, "practice_code": code}
    return Member(**{**values, **places, "registered": patients, **more})  # type: ignore[arg-type]  # values of several types


def at_random(seed: int) -> Paid:
    """Some regions of small lists, many of them equal, under a line of every kind."""
    rng = random.Random(seed)  # noqa: S311 - nothing is kept secret with it
    members = []
    for region in ("001", "1", "Région"):
        icb = rng.choice(["QA", "QB"])
        for network in [*(f"N{k}" for k in range(rng.randint(1, 6))), ""]:
            for k in range(rng.randint(1, 4)):
                patients = rng.choice([1, 3, 3, 7, 101, 50_000, 50_001, rng.randint(1, 9_999)])
                members.append(
                    member(
                        region,
                        network,
                        f"{region}-{network}-{k}",
                        patients,
                        icb_code=icb,
                        weighted=Decimal(rng.choice([50, 100, 12_345, rng.randint(1, 10**6)]))
                        / 100,
                        adjusted=Decimal(rng.randint(1, 10**6)) / 100,
                        beds=rng.choice([0, 1, 1, 40]),
                    )
                )
    members.sort(key=lambda m: (m.region_code, m.network_id, m.practice_code))
    return Paid(tuple(members), Scope((KINDS,), "all"))


def over_years(seed: int) -> Paid:
    """Two years, lists growing, and everything counted."""
    return Paid(
        at_random(seed).members,
        Scope((KINDS, LATER), "all", unconfirmed=True, growth=Fraction(6, 1000)),
    )


def bare_year(seed: int) -> Paid:
    """Two years of which the first has none of the lines asked for."""
    return Paid(at_random(seed).members, Scope((KINDS, LATER), ("core",)))


def no_line() -> Paid:
    """A year without any line: what registered lists do not settle is left out."""
    weighted = tariff("2019/20", line("participation", "1.761", "weighted"))
    return Paid(at_random(5).members, Scope((weighted,), "registered"))


def of_files(budget: Budget) -> dict[str, Figures]:
    """Every figure of the CSV files, by file."""
    rows = {
        name: list(csv.DictReader(io.StringIO(text))) for name, text in budget_files(budget).items()
    }
    return {
        "budgets.csv": _figures(rows["budgets.csv"], _NETWORK, _PAYMENT),
        "practice_budgets.csv": _figures(rows.get("practice_budgets.csv", []), _PRACTICE, _PAYMENT),
        "cash_flow.csv": _figures(rows["cash_flow.csv"], _MONTH, ["amount_gbp"]),
        "budget_totals.csv": _figures(rows["budget_totals.csv"], _PLACE, _TOTAL),
    }


def of_workbook(book: Workbook) -> dict[str, Figures]:
    """The same figures, of a workbook that was opened for its values."""
    return {
        "budgets.csv": _figures(sheet_rows(book, "Budgets"), _NETWORK, _PAYMENT),
        "practice_budgets.csv": _figures(
            sheet_rows(book, "Practice payments"), _PRACTICE, _PAYMENT
        ),
        "cash_flow.csv": _figures(_months(book), _MONTH, ["amount_gbp"]),
        "budget_totals.csv": _figures(_totals(book), _PLACE, _TOTAL),
    }


def sheet_rows(book: Workbook, name: str) -> Iterator[dict[str, Any]]:
    """What stands in the rows of a sheet, if there is one, under each heading."""
    if name not in book.sheetnames:
        return
    headings, *rows = book[name].iter_rows(values_only=True)
    for row in rows:
        yield {str(heading): value for heading, value in zip(headings, row, strict=True)}


_NETWORK = ("financial_year", "funding_line", "region_code", "network_id")
_PRACTICE = (*_NETWORK, "practice_code")
_PAYMENT = ("units", "rate_gbp", "amount_gbp", "counted")
_MONTH = ("region_code", "network_id", "funding_line", "month")
_PLACE = ("level", "region_code", "code", "financial_year", "funding_line")
_TOTAL = ("units", "amount_gbp", "patients", "per_head_gbp", "difference_gbp")


def _months(book: Workbook) -> Iterator[dict[str, Any]]:
    for row in sheet_rows(book, "Cash flow"):
        for name, month in zip(MONTHS, months_of(row["financial_year"]), strict=True):
            if row[name] is not None:
                yield {**row, "month": month, "amount_gbp": row[name]}


def _totals(book: Workbook) -> Iterator[dict[str, Any]]:
    for row in sheet_rows(book, "Budgets"):
        yield {**row, "level": "network", "code": row["network_id"]}
    for row in sheet_rows(book, "Networks"):
        yield {
            **row,
            "level": "network",
            "code": row["network_id"],
            "funding_line": TOTAL,
            "units": None,
            "amount_gbp": row["counted_gbp"],
            "patients": row["registered"],
            "difference_gbp": 0,
        }
    for row in sheet_rows(book, "Regions"):
        yield {**row, "level": "region", "code": row["region_code"]}
    for row in sheet_rows(book, "ICBs"):
        yield {**row, "level": "icb", "region_code": "", "code": row["icb_code"]}
    for row in sheet_rows(book, "Totals"):
        if row["financial_year"] != "all years":
            difference = row["networks_difference"]
            place = {"level": "all", "region_code": "", "code": "all"}
            yield {**row, **place, "difference_gbp": difference}


def _figures(
    rows: Iterable[Mapping[str, Any]], keys: Sequence[str], names: Sequence[str]
) -> Figures:
    return {
        tuple(row[key] for key in keys): tuple(_number(row[name]) for name in names) for row in rows
    }


def _number(value: object) -> Decimal | None:
    """Read a number exactly as it is written; a truth value as 0 or 1."""
    words = {"true": Decimal(1), "false": Decimal(0), "none": None, "": None}
    text = str(value).lower()
    return words[text] if text in words else Decimal(text)
