"""Plans side by side as files and as plain values: rows in a fixed order, figures rounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.base.paths import begins_with
from pcn_group.funding.totals import TOTAL, Total
from pcn_group.output.data.profile_tables import apart
from pcn_group.output.data.rows_of_several import (
    AUTHORITIES,
    COMPARISON,
    MATCHES,
    MONEY,
    MOVES,
    AuthorityRow,
    ComparedRow,
    MatchRow,
    MoneyRow,
    MoveRow,
)
from pcn_group.output.data.summary import credited
from pcn_group.output.data.table import read_back
from pcn_group.plan.change import FOLLOWS, changes, split
from pcn_group.plan.compare import Comparison
from pcn_group.plan.money import Money, pounds_a_head
from pcn_group.practices.authorities import authority_name
from pcn_group.practices.units import unit_numbers
from pcn_group.tables.sheets import safe_files

__all__ = [
    "COMPARISON_FILES",
    "COMPARISON_PAGE",
    "StoredComparison",
    "compared_rows",
    "comparison_files",
    "comparison_json",
    "is_comparison",
    "match_rows",
    "move_rows",
    "plan_rows",
    "read_comparison",
    "refuse_foreign_files",
    "write_comparison",
]

_AGAIN = "Have compare write it again."

_HEAD = b"plan,practices,patients,practices_in_no_network,"

Row = dict[str, Any]

COMPARISON_FILES = ("authorities.csv", "matches.csv", "moves.csv", "money.csv", "comparison.csv")
"""The files of a comparison, in the order they are written."""

COMPARISON_PAGE = "comparison.html"
"""What may be beside them: it shows the comparison, and goes when that does"""


def plan_rows(comparison: Comparison) -> list[ComparedRow]:
    """Return the figures of each plan, not rounded yet; None for what cannot be told."""
    to_unit = comparison.region.travel.to_unit
    return [
        ComparedRow(
            plan=plan.name,
            practices=figures.practices,
            patients=figures.patients,
            practices_in_no_network=figures.left_out,
            patients_in_no_network=figures.patients_left_out,
            practices_not_of_the_region=len(plan.elsewhere),
            networks=figures.networks,
            networks_in_band=figures.in_band,
            networks_under_band=figures.under,
            networks_over_band=figures.over,
            share_in_band=figures.in_band / figures.networks,
            networks_not_contiguous=len(figures.in_pieces),
            enclaves=len(figures.enclaves),
            local_authorities=len(figures.authorities) or None,
            networks_across_authorities=figures.across_authorities,
            cost=None if figures.cost is None else to_unit(figures.cost),
            mean=figures.mean_travel,
            max=figures.max_travel,
            rules_broken=figures.broken,
            share_aligned=None if figures.fit is None else figures.fit.share,
            patients_misaligned=None if figures.fit is None else figures.fit.misaligned,
            neighbourhoods_unserved=None if figures.fit is None else len(figures.fit.unserved),
            **_budget(figures.money, comparison.figures[0].money),
            patients_moved=None if comparison.on_two_levels(number) else moves.patients,
            practices_moved=None if comparison.on_two_levels(number) else moves.practices,
            **apart(comparison.region, [*plan.networks.values()]),
        )
        for number, (plan, figures, moves) in enumerate(
            zip(comparison.plans, comparison.figures, comparison.moves, strict=True)
        )
    ]


def _budget(money: Money | None, first: Money | None) -> Row:
    """Return what a plan pays in all and for each patient, and what its change follows."""
    both = (first, money) if first and money and (first.is_known or money.is_known) else None
    parts = split(*both) if both else {}
    follows = {f"more_by_{name}_gbp": parts.get(name) for name in FOLLOWS}
    if money is None or not money.is_known:
        names = ("budget", "budget_per_head", "least_network_per_head", "most_network_per_head")
        remark = "" if money is None else money.remark
        return {**{f"{name}_gbp": None for name in names}, "budget_remark": remark, **follows}
    return {
        "budget_gbp": money.in_all.amount,
        "budget_remark": money.remark,
        "budget_per_head_gbp": pounds_a_head(money.in_all),
        "least_network_per_head_gbp": pounds_a_head(money.least),
        "most_network_per_head_gbp": pounds_a_head(money.most),
        **follows,
    }


def compared_rows(comparison: Comparison) -> list[ComparedRow]:
    """Return the rows of `comparison.csv`: the figures of each plan, rounded."""
    return [
        replace(
            row,
            share_in_band=round(row.share_in_band, 4),
            cost=_rounded(row.cost),
            mean=_rounded(row.mean),
            max=_rounded(row.max),
            share_aligned=None if row.share_aligned is None else round(row.share_aligned, 6),
        )
        for row in plan_rows(comparison)
    ]


def comparison_files(comparison: Comparison) -> dict[str, str]:
    """Return the text of every file in `COMPARISON_FILES`."""
    unit, numbers = comparison.region.travel.unit, range(1, len(comparison.plans))
    return {
        "authorities.csv": AUTHORITIES.csv(_authority_rows(comparison)),
        "matches.csv": MATCHES.csv(row for k in numbers for row in match_rows(comparison, k)),
        "moves.csv": MOVES.csv(row for k in numbers for row in move_rows(comparison, k)),
        "money.csv": MONEY.csv(_money_rows(comparison)),
        "comparison.csv": COMPARISON.csv(compared_rows(comparison), unit),
    }


def comparison_json(comparison: Comparison) -> Row:
    """Return figures, notes, and for each plan but the first what moves to it from the first."""
    codes, unit = comparison.region.problem.codes, comparison.region.travel.unit
    plans = [
        {
            **COMPARISON.plain(row, unit),
            "not_contiguous": list(figures.in_pieces),
            "surrounded": [
                {
                    "network": enclave.network,
                    "practices": [codes[i] for i in enclave.members],
                    "surrounded_by": enclave.surrounded_by,
                }
                for enclave in figures.enclaves
            ],
            "networks_by_authority": figures.authorities,
            "money": _money_json(comparison, number),
            "notes": list(comparison.notes(number)),
        }
        for number, (row, figures) in enumerate(
            zip(compared_rows(comparison), comparison.figures, strict=True)
        )
    ]
    pairs = [
        {
            "from_plan": comparison.plans[0].name,
            "to_plan": comparison.plans[number].name,
            "patients_moved": None if comparison.on_two_levels(number) else moves.patients,
            "networks_unchanged": moves.unchanged,
            "matches": [
                _without(MATCHES.plain(row), "from_plan", "to_plan")
                for row in match_rows(comparison, number)
            ],
            "moves": [
                {
                    "from_network": flow.origin,
                    "from_network_name": comparison.plans[0].names.get(flow.origin, ""),
                    "to_network": flow.destination,
                    "to_network_name": comparison.plans[number].names.get(flow.destination, ""),
                    "patients": flow.patients,
                    "practices": [codes[i] for i in flow.members],
                }
                for flow in moves.flows
            ],
        }
        for number, moves in enumerate(comparison.moves[1:], start=1)
    ]
    return {"plans": plans, "pairs": pairs, **credited(comparison.region.configuration)}


def refuse_foreign_files(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds anything but an earlier comparison.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds other files, or files of these names
        without a `comparison.csv` that begins as ours does.
    """
    own = {*COMPARISON_FILES, COMPARISON_PAGE}
    kind = Kind("holds something that is not a comparison", own.__contains__, is_comparison)
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


def is_comparison(folder: Path) -> bool:
    """Whether a folder has a comparison of ours."""
    return begins_with(folder / "comparison.csv", _HEAD)


@dataclass(frozen=True)
class StoredComparison:
    """A comparison as it was written: the rows of `comparison.csv` and `moves.csv`."""

    rows: tuple[ComparedRow, ...]
    moves: tuple[MoveRow, ...]


def read_comparison(folder: Path) -> StoredComparison:
    """Return a comparison that was written.

    Raises
    ------
    InputError
        If a table of it cannot be read or is damaged.
    """
    path, beside = folder / "comparison.csv", folder / "moves.csv"
    return StoredComparison(
        COMPARISON.read(path, read_back(path, _AGAIN), _AGAIN),
        MOVES.read(beside, read_back(beside, _AGAIN), _AGAIN),
    )


def _authority_rows(comparison: Comparison) -> Iterator[AuthorityRow]:
    for plan, figures in zip(comparison.plans, comparison.figures, strict=True):
        for authority, networks in figures.authorities.items():
            yield AuthorityRow(plan.name, authority, networks, authority_name(authority))


def _money_rows(comparison: Comparison) -> Iterator[MoneyRow]:
    """Return what each plan pays, by line and in all: over all networks first, then to each."""
    for number in range(len(comparison.plans)):
        yield from _money_in_all(comparison, number)
        yield from _money_of_networks(comparison, number)


def _money_in_all(comparison: Comparison, number: int) -> Iterator[MoneyRow]:
    """Return what a plan pays over all, and how much more that is than in the first plan."""
    first, money = (comparison.figures[k].money for k in (0, number))
    if first is None or money is None:
        return
    for change in changes(first, money):
        if change.after is not None:
            yield replace(
                _paid(comparison.plans[number].name, change.after, "all"),
                more_than_first_plan_gbp=change.more,
                more_follows=change.follows or "",
            )


def _money_of_networks(comparison: Comparison, number: int) -> Iterator[MoneyRow]:
    plan = comparison.plans[number]
    money = comparison.figures[number].money
    if money is None:
        return
    for total in money.networks:
        yield replace(
            _paid(plan.name, total, "network", total.code),
            network_name=plan.names.get(total.code) or money.names.get(total.code, ""),
        )


def _paid(plan: str, total: Total, level: str, network: str = "") -> MoneyRow:
    return MoneyRow(
        plan=plan,
        level=level,
        network_id=network,
        patients=total.patients,
        funding_line=total.line,
        units=total.units,
        amount_gbp=total.amount,
        per_head_gbp=total.per_head,
        counted=total.counted,
        more_than_first_plan_gbp=None,
        network_name="",
        more_follows="",
    )


def _money_json(comparison: Comparison, number: int) -> Row:
    money = comparison.figures[number].money
    return {
        "financial_year": None if money is None else money.year,
        "remark": "" if money is None else money.remark,
        "lines": [
            _without(MONEY.plain(row), "plan", "level", "network_id", "network_name")
            for row in _money_in_all(comparison, number)
        ],
        "networks": [
            _without(MONEY.plain(row), "plan", "level", "more_than_first_plan_gbp")
            for row in _money_of_networks(comparison, number)
            if row.funding_line == TOTAL
        ],
    }


def match_rows(comparison: Comparison, number: int) -> list[MatchRow]:
    """Return what continues the networks of the first plan in another, by its number."""
    return [
        MatchRow(
            from_plan=comparison.plans[0].name,
            from_network=match.first,
            to_plan=comparison.plans[number].name,
            to_network=match.second,
            from_patients=match.first_patients,
            to_patients=match.second_patients,
            shared_patients=match.shared,
            leaving_patients=match.leaving,
            joining_patients=match.joining,
            from_network_name=comparison.plans[0].names.get(match.first or "", ""),
            to_network_name=comparison.plans[number].names.get(match.second or "", ""),
        )
        for match in comparison.moves[number].matches
    ]


def move_rows(comparison: Comparison, number: int) -> list[MoveRow]:
    """Return where each practice is in the first plan and in another, by its number.

    They are in order of code; an attached practice is where its host is.
    """
    table, moves = comparison.region.table, comparison.moves[number]
    return [
        MoveRow(
            practice_code=row["practice_code"],
            practice_name=row["practice_name"],
            list_size=row["list_size"],
            from_plan=comparison.plans[0].name,
            from_network=moves.origins[unit],
            to_plan=comparison.plans[number].name,
            to_network=moves.destinations[unit],
            moved=unit in moves.members,
            from_network_name=comparison.plans[0].names.get(moves.origins[unit] or "", ""),
            to_network_name=comparison.plans[number].names.get(moves.destinations[unit] or "", ""),
        )
        for unit, row in zip(unit_numbers(table), table.to_dict("records"), strict=True)
    ]


def _without(values: Row, *keys: str) -> Row:
    return {key: value for key, value in values.items() if key not in keys}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
