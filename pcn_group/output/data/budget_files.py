"""Budgets as files: the same tables beside a plan, for all regions, and of `pcn-group budget`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.base.paths import begins_with, sha256_of
from pcn_group.base.versions import versions
from pcn_group.config.model import portable_path
from pcn_group.funding.budget import Budget, Payment, YearBudget
from pcn_group.funding.scope import Scope
from pcn_group.funding.tariff import WHERE_PUBLISHED, TariffLine
from pcn_group.funding.totals import TOTAL, Total, overall, per_head, totals_of
from pcn_group.output.data.rows import (
    BUDGET_TOTALS,
    BUDGETS,
    CASH_FLOW,
    PRACTICE_BUDGETS,
    BudgetRow,
    BudgetTotalRow,
    CashFlowRow,
    PracticeBudgetRow,
)
from pcn_group.practices.table import Source
from pcn_group.tables.sheets import safe_files

__all__ = [
    "BASIS",
    "BUDGET_FILES",
    "PRACTICES_FILE",
    "WORKBOOK",
    "budget_basis",
    "budget_files",
    "budget_json",
    "budget_rows",
    "budget_summary",
    "budget_total_rows",
    "refuse_foreign_budget",
    "write_budget",
]

Row = dict[str, Any]

PRACTICES_FILE = "practice_budgets.csv"

BUDGET_FILES = ("budgets.csv", PRACTICES_FILE, "budget_totals.csv", "cash_flow.csv")
"""In the order they are written."""


def budget_files(budget: Budget) -> dict[str, str]:
    """Return the text of every file in `BUDGET_FILES`; `PRACTICES_FILE` only if any is paid."""
    networks = [payment for year in budget.years for payment in year.networks]
    practices = [payment for year in budget.years for payment in year.practices]
    names = _Names.of(budget)
    to_practices = PRACTICE_BUDGETS.csv(_practice_row(p, names) for p in practices)
    return {
        "budgets.csv": BUDGETS.csv(budget_rows(budget)),
        **({PRACTICES_FILE: to_practices} if practices else {}),
        "budget_totals.csv": BUDGET_TOTALS.csv(budget_total_rows(budget)),
        "cash_flow.csv": CASH_FLOW.csv(
            row for payment in networks for row in _month_rows(payment, names)
        ),
    }


@dataclass(frozen=True)
class _Names:
    """Names of networks, by region and identifier, and of practices by code."""

    networks: Mapping[tuple[str, str], str]
    practices: Mapping[str, str]

    @classmethod
    def of(cls, budget: Budget) -> _Names:
        """Collect the names of those that are paid."""
        members = [member for year in budget.years for member in year.members]
        return cls(
            {(m.region_code, m.network_id): m.network_name for m in members},
            {m.practice_code: m.practice_name for m in members},
        )

    def network(self, region: str, network: str) -> str:
        """Return the name of a network, empty where it is not known."""
        return self.networks.get((region, network), "")


def budget_rows(budget: Budget) -> tuple[BudgetRow, ...]:
    """Return what each network is paid in each year under each line."""
    names = _Names.of(budget)
    return tuple(
        BudgetRow(
            region_code=payment.region_code,
            network_id=payment.network_id,
            financial_year=payment.year,
            funding_line=payment.line.name,
            paid_to=payment.line.paid_to,
            basis=payment.line.per,
            rate_gbp=payment.line.rate_gbp,
            **_period(payment.line, payment.year),
            units=payment.units,
            amount_gbp=payment.amount,
            source=payment.line.source,
            recurrent=payment.line.recurrent,
            cash=payment.line.cash,
            confirmed=payment.line.confirmed,
            counted=payment.counted,
            network_name=names.network(payment.region_code, payment.network_id),
        )
        for year in budget.years
        for payment in year.networks
    )


def budget_total_rows(budget: Budget) -> tuple[BudgetTotalRow, ...]:
    """Return what each network and region, and all of them, are paid in each year."""
    names = _Names.of(budget)
    return tuple(
        _total_row(total, year, names) for year in budget.years for total in totals_of(year)
    )


def budget_summary(budget: Budget) -> Row:
    """Return what a plan's summary says of its budget, which is of one year at most."""
    if not budget.years:
        return {
            "budget_year": None,
            "budget_gbp": None,
            "budget_remark": "",
            "budget_lines": [],
            "budget_left_out": [],
        }
    (year,) = budget.years
    return {
        "budget_year": year.year,
        "budget_gbp": str(year.total),
        "budget_remark": year.remark,
        "budget_lines": [
            {
                "funding_line": total.line,
                "amount_gbp": str(total.amount),
                "counted": total.counted,
            }
            for total in overall(year)
            if total.line != TOTAL
        ],
        "budget_left_out": _left_out(year),
    }


def budget_json(budget: Budget) -> Row:
    """Return what `pcn-group budget` prints with `--json`: all but networks and practices."""
    names = _Names.of(budget)
    return {
        "total_gbp": str(budget.total),
        "remark": budget.remark,
        "list_date": budget.list_date,
        "years": [_year_json(year, names) for year in budget.years],
    }


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
        "tariffs": [{"name": path.name, "sha256": sha256_of(path)} for path in tariffs],
        "lines": scope.lines,
        "growth": f"{float(100 * scope.growth):g}%",
        "full_year": scope.full_year,
        "unconfirmed": scope.unconfirmed,
        "versions": versions(),
    }


def _year_json(year: YearBudget, names: _Names) -> Row:
    sums = {total.line: total for total in overall(year)}
    return {
        "financial_year": year.year,
        "total_gbp": str(year.total),
        "remark": year.remark,
        "rates_of": year.rates_of or year.year,
        "networks": len({(m.region_code, m.network_id) for m in year.members if m.network_id}),
        "practices": sum(bool(m.network_id) for m in year.members),
        "patients": sum(m.registered for m in year.members if m.network_id),
        "lines": [
            {
                "funding_line": line.name,
                "description": line.description,
                "paid_to": line.paid_to,
                "basis": line.per,
                "rate_gbp": str(line.rate_gbp),
                **_period(line, year.year),
                "units": f"{sums[line.name].units}",
                "amount_gbp": str(sums[line.name].amount),
                "confirmed": line.confirmed,
                "counted": sums[line.name].counted,
                "source": line.source,
                "note": line.note,
                "earlier": _earlier(line),
            }
            for line in year.lines
        ],
        "left_out": _left_out_with_rates(year),
        "notes": list(year.notes),
        "practices_in_no_network": [m.practice_code for m in year.unpaid],
        "patients_in_no_network": sum(m.registered for m in year.unpaid),
        "totals": [
            BUDGET_TOTALS.plain(_total_row(total, year, names))
            for total in totals_of(year)
            if total.level != "network"
        ],
    }


def _left_out(year: YearBudget) -> list[Row]:
    """Return the lines that are not in a budget, each with the column it needs, or `tariff`.

    One that nobody asked for needs nothing.
    """
    return [
        {"funding_line": each.name, "needs": "tariff" if each.line is None else each.column}
        for each in year.absent
    ]


def _left_out_with_rates(year: YearBudget) -> list[Row]:
    """Return the same with the rate of each, and where its column is published."""
    return [
        {
            **row,
            "rate_gbp": None if each.line is None else str(each.line.rate_gbp),
            "basis": None if each.line is None else each.line.per,
            "where": WHERE_PUBLISHED.get(each.column, ""),
        }
        for row, each in zip(_left_out(year), year.absent, strict=True)
    ]


def _earlier(line: TariffLine) -> Row | None:
    """Return the rate that was in force before one that was backdated."""
    if line.earlier is None:
        return None
    return {
        "rate_gbp": str(line.earlier.rate_gbp),
        "in_force": line.earlier.in_force,
        "confirmed": line.earlier.confirmed,
        "source": line.earlier.source,
    }


def _period(line: TariffLine, year: str) -> dict[str, str]:
    """Say for which months the rate of a line is, and in which it is paid."""
    months = line.months_in(year)
    in_year = f"{months[0]}..{months[-1]}"
    return {
        "rate_is_for": "month" if line.rate_is_for == "month" else line.months or in_year,
        "months": in_year,
    }


def _practice_row(payment: Payment, names: _Names) -> PracticeBudgetRow:
    return PracticeBudgetRow(
        region_code=payment.region_code,
        network_id=payment.network_id,
        practice_code=payment.practice_code,
        financial_year=payment.year,
        funding_line=payment.line.name,
        basis=payment.line.per,
        units=payment.units,
        rate_gbp=payment.line.rate_gbp,
        amount_gbp=payment.amount,
        counted=payment.counted,
        network_name=names.network(payment.region_code, payment.network_id),
        practice_name=names.practices.get(payment.practice_code, ""),
    )


def _total_row(total: Total, year: YearBudget, names: _Names) -> BudgetTotalRow:
    return BudgetTotalRow(
        level=total.level,
        region_code=total.region_code,
        code=total.code,
        financial_year=total.year,
        funding_line=total.line,
        units=total.units,
        amount_gbp=total.amount,
        patients=total.patients,
        per_head_gbp=total.per_head,
        counted=total.counted,
        difference_gbp=total.difference,
        network_name=names.network(total.region_code, total.code)
        if total.level == "network"
        else "",
        per_network_per_head_gbp=None
        if total.per_network is None
        else per_head(total.per_network, total.patients),
        remark=year.remark if total.line == TOTAL else "",
    )


def _month_rows(payment: Payment, names: _Names) -> Iterator[CashFlowRow]:
    for month, amount in payment.by_month:
        yield CashFlowRow(
            region_code=payment.region_code,
            network_id=payment.network_id,
            funding_line=payment.line.name,
            paid_to=payment.line.paid_to,
            month=month,
            amount_gbp=amount,
            cash=payment.line.cash,
            counted=payment.counted,
            network_name=names.network(payment.region_code, payment.network_id),
        )


BASIS = "budget.json"
"""What the budget comes to and rests on."""

WORKBOOK = "budget.xlsx"
"""Beside the others, where it is asked for."""

_HEAD = b"region_code,network_id,financial_year,funding_line,"


def refuse_foreign_budget(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds anything but an earlier budget.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds other files, or files of these names
        without a `budgets.csv` that begins as ours does.
    """
    own = {*BUDGET_FILES, BASIS, WORKBOOK}
    kind = Kind("holds something that is not a budget", own.__contains__, _is_budget)
    refuse_foreign(folder, kind, overwrite=overwrite)


def write_budget(
    folder: Path,
    budget: Budget,
    told: Mapping[str, Any],
    workbook: bytes | None = None,
    *,
    excel_safe: bool = False,
) -> None:
    """Write the files, each whole or not at all, `budgets.csv` last.

    The old one goes first, so that a folder that has it always holds one whole budget; and so do
    an old workbook and payments to practices, which would be of another one.

    Parameters
    ----------
    told
        What goes into `BASIS`.
    workbook
        What goes into `WORKBOOK`, if that is asked for.
    excel_safe
        Whether names are kept from being taken for formulas in a spreadsheet.
    """
    texts = safe_files(budget_files(budget), excel_safe=excel_safe)
    contents: dict[str, str | bytes] = {} if workbook is None else {WORKBOOK: workbook}
    contents[BASIS] = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    contents |= {name: texts[name] for name in reversed(BUDGET_FILES) if name in texts}
    write_all(
        {folder / name: content for name, content in contents.items()},
        old=[folder / name for name in ("budgets.csv", PRACTICES_FILE, WORKBOOK)],
    )


def _is_budget(folder: Path) -> bool:
    return begins_with(folder / "budgets.csv", _HEAD)
