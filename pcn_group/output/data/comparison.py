"""Plans side by side as files and as plain values: rows in a fixed order, figures rounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.funding.totals import TOTAL, Total
from pcn_group.output.data.columns import AUTHORITIES, COMPARISON, MATCHES, MONEY, MOVES, in_unit
from pcn_group.output.data.tables import rows_csv
from pcn_group.plan.compare import Comparison
from pcn_group.plan.matching import Match, Moves
from pcn_group.plan.money import Money, pounds_a_head
from pcn_group.practices.units import unit_numbers
from pcn_group.tables.excel import safe_files

__all__ = [
    "COMPARISON_FILES",
    "COMPARISON_PAGE",
    "Row",
    "comparison_files",
    "comparison_json",
    "plan_rows",
    "refuse_foreign_files",
    "write_comparison",
]

Row = dict[str, Any]

COMPARISON_FILES = ("authorities.csv", "matches.csv", "moves.csv", "money.csv", "comparison.csv")
"""The files of a comparison, in the order they are written."""

COMPARISON_PAGE = "comparison.html"
"""What may be beside them: it shows the comparison, and goes when that does"""


def plan_rows(comparison: Comparison) -> list[Row]:
    """Return the figures of each plan, not rounded yet; None for what cannot be told."""
    to_unit, unit = comparison.region.travel.to_unit, comparison.region.travel.unit
    practices = comparison.region.units["practices"]
    rows = []
    for plan, figures, moves in zip(
        comparison.plans, comparison.figures, comparison.moves, strict=True
    ):
        row: Row = {
            "plan": plan.name,
            "practices": figures.practices,
            "patients": figures.patients,
            "practices_in_no_network": figures.left_out,
            "patients_in_no_network": figures.patients_left_out,
            "practices_not_of_the_region": len(plan.elsewhere),
            "networks": figures.networks,
            "networks_in_band": figures.in_band,
            "networks_under_band": figures.under,
            "networks_over_band": figures.over,
            "share_in_band": figures.in_band / figures.networks,
            "networks_not_contiguous": len(figures.in_pieces),
            "enclaves": len(figures.enclaves),
            "local_authorities": len(figures.authorities) or None,
            "networks_across_authorities": figures.across_authorities,
            f"cost_patient_{unit}": None if figures.cost is None else to_unit(figures.cost),
            f"mean_{unit}": figures.mean_travel,
            f"max_{unit}": figures.max_travel,
            "rules_broken": figures.broken,
            "budget_gbp": str(figures.money.in_all.amount),
            "budget_per_head_gbp": str(pounds_a_head(figures.money.in_all)),
            "least_network_per_head_gbp": str(pounds_a_head(figures.money.least)),
            "most_network_per_head_gbp": str(pounds_a_head(figures.money.most)),
            "patients_moved": moves.patients,
            "practices_moved": int(practices.iloc[sorted(moves.members)].sum()),
        }
        rows.append(row)
    return rows


def comparison_files(comparison: Comparison) -> dict[str, str]:
    """Return the text of every file in `COMPARISON_FILES`."""
    figures = _rounded(plan_rows(comparison))
    return {
        "authorities.csv": rows_csv(AUTHORITIES, _authority_rows(comparison)),
        "matches.csv": rows_csv(MATCHES, _match_rows(comparison)),
        "moves.csv": rows_csv(MOVES, _move_rows(comparison)),
        "money.csv": rows_csv(MONEY, _money_rows(comparison)),
        "comparison.csv": rows_csv(in_unit(COMPARISON, comparison.region.travel.unit), figures),
    }


def comparison_json(comparison: Comparison) -> Row:
    """Return figures, notes, and for each plan but the first what moves to it from the first."""
    codes, rows = comparison.region.problem.codes, _rounded(plan_rows(comparison))
    for number, (row, figures) in enumerate(zip(rows, comparison.figures, strict=True)):
        row["not_contiguous"] = list(figures.in_pieces)
        row["surrounded"] = [
            {
                "network": enclave.network,
                "practices": [codes[i] for i in enclave.members],
                "surrounded_by": enclave.surrounded_by,
            }
            for enclave in figures.enclaves
        ]
        row["networks_by_authority"] = figures.authorities
        row["money"] = _money_json(comparison.figures[0].money, figures.money)
        row["notes"] = list(comparison.notes(number))
    pairs = [
        {
            **names,
            "patients_moved": moves.patients,
            "networks_unchanged": moves.unchanged,
            "matches": [_match_row(match) for match in moves.matches],
            "moves": [
                {
                    "from_network": flow.origin,
                    "to_network": flow.destination,
                    "patients": flow.patients,
                    "practices": [codes[i] for i in flow.members],
                }
                for flow in moves.flows
            ],
        }
        for names, moves in _pairs(comparison)
    ]
    return {"plans": rows, "pairs": pairs}


def refuse_foreign_files(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds anything but an earlier comparison.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds other files, or files of these names
        without a `comparison.csv` that begins as ours does.
    """
    own = {*COMPARISON_FILES, COMPARISON_PAGE}
    kind = Kind("holds something that is not a comparison", own.__contains__, _is_comparison)
    refuse_foreign(folder, kind, overwrite=overwrite)


def write_comparison(folder: Path, comparison: Comparison) -> None:
    """Write the files, each whole or not at all, `comparison.csv` last.

    The old one goes first, and with it its page, so that a folder that has it always holds one
    whole comparison.
    """
    safe = comparison.region.configuration.output.excel_safe
    texts = safe_files(comparison_files(comparison), excel_safe=safe)
    write_all(
        {folder / name: texts[name] for name in COMPARISON_FILES},
        old=[folder / name for name in ("comparison.csv", COMPARISON_PAGE)],
    )


def _is_comparison(folder: Path) -> bool:
    try:
        return (
            (folder / "comparison.csv")
            .read_text("utf-8")
            .startswith("plan,practices,patients,practices_in_no_network,")
        )
    except (OSError, ValueError):
        return False


def _authority_rows(comparison: Comparison) -> Iterator[Row]:
    for plan, figures in zip(comparison.plans, comparison.figures, strict=True):
        for authority, networks in figures.authorities.items():
            yield {"plan": plan.name, "local_authority": authority, "networks": networks}


def _money_rows(comparison: Comparison) -> Iterator[Row]:
    """Return what each plan pays, by line and in all: over all networks first, then to each."""
    first = comparison.figures[0].money
    for plan, figures in zip(comparison.plans, comparison.figures, strict=True):
        for before, total in zip(first.lines, figures.money.lines, strict=True):
            more = {"more_than_first_plan_gbp": str(total.amount - before.amount)}
            yield {"plan": plan.name, "level": "all", "network_id": "", **_paid(total), **more}
        for total in figures.money.networks:
            yield {
                "plan": plan.name,
                "level": "network",
                "network_id": total.code,
                **_paid(total),
                "more_than_first_plan_gbp": None,
            }


def _money_json(first: Money, money: Money) -> Row:
    return {
        "financial_year": money.year,
        "lines": [
            {**_paid(total), "more_than_first_plan_gbp": str(total.amount - before.amount)}
            for before, total in zip(first.lines, money.lines, strict=True)
        ],
        "networks": [
            {"network_id": total.code, **_paid(total)}
            for total in money.networks
            if total.line == TOTAL
        ],
    }


def _paid(total: Total) -> Row:
    return {
        "patients": total.patients,
        "funding_line": total.line,
        "units": None if total.units is None else str(total.units),
        "amount_gbp": str(total.amount),
        "per_head_gbp": str(total.per_head),
        "counted": "true" if total.counted else "false",
    }


def _pairs(comparison: Comparison) -> Iterator[tuple[Row, Moves]]:
    """Return the first plan with each other one: the names, and what moves."""
    first, *others = comparison.plans
    for plan, moves in zip(others, comparison.moves[1:], strict=True):
        yield {"from_plan": first.name, "to_plan": plan.name}, moves


def _match_rows(comparison: Comparison) -> Iterator[Row]:
    for names, moves in _pairs(comparison):
        for match in moves.matches:
            yield names | _match_row(match)


def _match_row(match: Match) -> Row:
    return {
        "from_network": match.first,
        "to_network": match.second,
        "from_patients": match.first_patients,
        "to_patients": match.second_patients,
        "shared_patients": match.shared,
        "leaving_patients": match.leaving,
        "joining_patients": match.joining,
    }


def _move_rows(comparison: Comparison) -> Iterator[Row]:
    """Return a row for each practice, in order of code; an attached one is where its host is."""
    table = comparison.region.table
    for names, moves in _pairs(comparison):
        for unit, row in zip(unit_numbers(table), table.to_dict("records"), strict=True):
            yield names | {
                "practice_code": row["practice_code"],
                "practice_name": row["practice_name"],
                "list_size": row["list_size"],
                "from_network": moves.origins[unit],
                "to_network": moves.destinations[unit],
                "moved": "true" if unit in moves.members else "false",
            }


def _rounded(rows: Iterable[Row]) -> list[Row]:
    return [
        {
            key: round(value, 4 if key == "share_in_band" else 3)
            if isinstance(value, float)
            else value
            for key, value in row.items()
        }
        for row in rows
    ]
