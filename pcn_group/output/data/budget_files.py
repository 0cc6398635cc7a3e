"""Budgets as CSV text: the same files beside a plan, for all regions, and of `pcn-group budget`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pcn_group.base.versions import versions
from pcn_group.config.model import portable_path
from pcn_group.funding.budget import Budget, Payment, YearBudget
from pcn_group.funding.scope import Scope
from pcn_group.funding.tariff import COLUMNS, TariffLine
from pcn_group.funding.totals import TOTAL, Total, overall, totals_of
from pcn_group.output.data.columns import BUDGET_TOTALS, BUDGETS, CASH_FLOW, PRACTICE_BUDGETS
from pcn_group.output.data.tables import rows_csv
from pcn_group.practices.table import Source

__all__ = ["BUDGET_FILES", "budget_basis", "budget_files", "budget_json", "budget_summary"]

Row = dict[str, Any]

BUDGET_FILES = ("budgets.csv", "practice_budgets.csv", "budget_totals.csv", "cash_flow.csv")
"""In the order they are written."""


def budget_files(budget: Budget) -> dict[str, str]:
    """Return the text of every file in `BUDGET_FILES`."""
    networks = [payment for year in budget.years for payment in year.networks]
    practices = [payment for year in budget.years for payment in year.practices]
    return {
        "budgets.csv": rows_csv(BUDGETS, map(_network_row, networks)),
        "practice_budgets.csv": rows_csv(PRACTICE_BUDGETS, map(_practice_row, practices)),
        "budget_totals.csv": rows_csv(
            BUDGET_TOTALS, (_total_row(total) for year in budget.years for total in totals_of(year))
        ),
        "cash_flow.csv": rows_csv(CASH_FLOW, (row for p in networks for row in _month_rows(p))),
    }


def budget_summary(budget: Budget) -> Row:
    """Return what a plan's summary says of its budget, which is of one year."""
    (year,) = budget.years
    return {
        "budget_year": year.year,
        "budget_gbp": str(year.total),
        "budget_lines": [
            {
                "funding_line": total.line,
                "amount_gbp": str(total.amount),
                "counted": total.counted,
            }
            for total in overall(year)
            if total.line != TOTAL
        ],
        "budget_left_out": [_left_out(line) for line in year.left_out],
    }


def budget_json(budget: Budget) -> Row:
    """Return what `pcn-group budget` prints with `--json`: all but networks and practices."""
    return {"total_gbp": str(budget.total), "years": [_year_json(year) for year in budget.years]}


def budget_basis(
    plan: str, sources: Sequence[Source], scope: Scope, tariffs: Sequence[Path]
) -> Row:
    """Say what a budget rests on, so that it can be made again: files with their SHA-256, choices.

    Parameters
    ----------
    plan
        As the user named it; of a path outside the working directory only its name is kept.
    sources
        The files of its practices.
    tariffs
        Files of the user's own.
    """
    return {
        "plan": str(portable_path(Path(plan), Path.cwd())),
        "inputs": [{"name": s.name, "sha256": s.sha256, "rows": s.rows} for s in sources],
        "tariffs": [
            {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in tariffs
        ],
        "lines": scope.lines,
        "growth": f"{float(100 * scope.growth):g}%",
        "full_year": scope.full_year,
        "unconfirmed": scope.unconfirmed,
        "versions": versions(),
    }


def _year_json(year: YearBudget) -> Row:
    sums = {total.line: total for total in overall(year)}
    return {
        "financial_year": year.year,
        "total_gbp": str(year.total),
        "networks": len({(m.region_code, m.network_id) for m in year.members if m.network_id}),
        "practices": sum(bool(m.network_id) for m in year.members),
        "patients": sum(m.registered for m in year.members if m.network_id),
        "lines": [
            {
                "funding_line": line.name,
                "description": line.description,
                **_terms(line, year.year),
                "units": f"{sums[line.name].units}",
                "amount_gbp": str(sums[line.name].amount),
                "confirmed": line.confirmed,
                "counted": sums[line.name].counted,
                "source": line.source,
                "note": line.note,
            }
            for line in year.lines
        ],
        "left_out": [_left_out(line) for line in year.left_out],
        "practices_in_no_network": [m.practice_code for m in year.unpaid],
        "patients_in_no_network": sum(m.registered for m in year.unpaid),
        "totals": [_total_row(total) for total in totals_of(year) if total.level != "network"],
    }


def _left_out(line: TariffLine) -> Row:
    return {"funding_line": line.name, "needs": COLUMNS.get(line.per, "")}


def _terms(line: TariffLine, year: str) -> Row:
    months = line.months_in(year)
    in_year = f"{months[0]}..{months[-1]}"
    return {
        "paid_to": line.paid_to,
        "basis": line.per,
        "rate_gbp": str(line.rate_gbp),
        "rate_is_for": "month" if line.rate_is_for == "month" else line.months or in_year,
        "months": in_year,
    }


def _network_row(payment: Payment) -> Row:
    line = payment.line
    return {
        "region_code": payment.region_code,
        "network_id": payment.network_id,
        "financial_year": payment.year,
        "funding_line": line.name,
        **_terms(line, payment.year),
        "units": str(payment.units),
        "amount_gbp": str(payment.amount),
        "source": line.source,
        "recurrent": _flag(line.recurrent),
        "cash": _flag(line.cash),
        "confirmed": _flag(line.confirmed),
        "counted": _flag(payment.counted),
    }


def _practice_row(payment: Payment) -> Row:
    row = _network_row(payment) | {"practice_code": payment.practice_code}
    return {name: row[name] for name in PRACTICE_BUDGETS}


def _total_row(total: Total) -> Row:
    return {
        "level": total.level,
        "region_code": total.region_code,
        "code": total.code,
        "financial_year": total.year,
        "funding_line": total.line,
        "units": None if total.units is None else str(total.units),
        "amount_gbp": str(total.amount),
        "patients": total.patients,
        "per_head_gbp": None if total.per_head is None else str(total.per_head),
        "counted": _flag(total.counted),
        "difference_gbp": str(total.difference),
    }


def _month_rows(payment: Payment) -> Iterator[Row]:
    for month, amount in payment.by_month:
        yield {
            "region_code": payment.region_code,
            "network_id": payment.network_id,
            "funding_line": payment.line.name,
            "paid_to": payment.line.paid_to,
            "month": month,
            "amount_gbp": str(amount),
            "cash": _flag(payment.line.cash),
            "counted": _flag(payment.counted),
        }


def _flag(value: bool) -> str:  # noqa: FBT001 - the value is what it is about
    return "true" if value else "false"
