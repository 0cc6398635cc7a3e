"""The tables of an explanation, which fit 80 characters."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Table

from pcn_group.plan.case import Case
from pcn_group.studies.explain import Member, NetworkExplained, Outsider, Pull, Standing, room
from pcn_group.studies.explain_practice import Move, Option, PracticeExplained
from pcn_group.studies.questions import Price

__all__ = [
    "alone_table",
    "joining_table",
    "leaving_table",
    "members_table",
    "networks_table",
    "prices_table",
    "pulls_table",
]


def networks_table(case: Case) -> Table:
    """Return a row for each network: its size, its slack in the band, its travel."""
    unit, weights = case.region.travel.unit, case.region.problem.weights
    table = _table("network", "practices", "patients", "room", "hub", f"mean {unit}", f"max {unit}")
    for network in case.report.networks:
        hub = case.hubs[network.label]
        travel = [case.travel_between(i, hub) for i in network.members]
        patients = [int(weights[i]) for i in network.members]
        mean = sum(w * km for w, km in zip(patients, travel, strict=True)) / sum(patients)
        table.add_row(
            network.label,
            str(case.region.units["practices"].iloc[list(network.members)].sum()),
            f"{network.patients:,}",
            f"{room(case, network):,}",
            case.region.problem.hub_codes[hub],
            _travel(mean),
            _travel(max(travel)),
        )
    return table


def pulls_table(case: Case, pulls: Iterable[Pull]) -> Table:
    """Return a row for each practice that is nearer to another hub."""
    unit, problem = case.region.travel.unit, case.region.problem
    table = _table("practice", "patients", "in", unit, "nearer to", unit)
    for pull in pulls:
        table.add_row(
            problem.codes[pull.practice],
            f"{problem.weights[pull.practice]:,}",
            pull.network,
            _travel(pull.travel),
            pull.other,
            _travel(pull.other_travel),
        )
    return table


def alone_table(case: Case, options: Iterable[Option]) -> Table:
    """Return a row for each network that a practice could join by itself."""
    unit = case.region.travel.unit
    table = _table("network", unit, "then has", "left with", f"patient-{unit}", "breaks")
    for option in options:
        move = option.move
        table.add_row(
            option.network,
            _travel(option.travel),
            f"{move.joined.patients:,}",
            f"{move.left.patients:,}" if move.left else "-",
            _signed(case, move.cost),
            _breaks(move),
        )
    return table


def prices_table(case: Case, explained: PracticeExplained, standing: Standing) -> Table:
    """Return a row for each place of a practice: what the best plan with it there costs more.

    More than the best of all, and if that is another plan, more than the one that is explained.
    """
    unit, codes = case.region.travel.unit, case.region.problem.hub_codes
    extra = None if standing.is_best else standing.extra
    beside_this = () if extra is None else ("than this",)
    table = _table(
        "network", "hub", f"patient-{unit}", *beside_this, "%", f"{unit} a patient", "moves"
    )
    rows: list[tuple[str, str, Price | None]] = []
    if explained.hub is not None:
        rows.append((f"{explained.network} (stay)", codes[explained.hub], explained.stay))
    rows += [(option.network, codes[option.hub], option.price) for option in explained.options]
    rows.append((f"not {explained.network}", "any other", explained.leave))
    weight = int(case.region.problem.weights[explained.practice])
    for network, hub, price in rows:
        if price is not None:
            cost = price.cost
            table.add_row(
                network,
                hub,
                _signed(case, cost),
                *(
                    ()
                    if extra is None
                    else (_signed(case, None if cost is None else cost - extra),)
                ),
                _share(price),
                "-" if cost is None else f"{case.region.travel.to_unit(cost / weight):+,.2f}",
                _moves(price, explained.practice),
            )
    return table


def members_table(case: Case, explained: NetworkExplained) -> Table:
    """Return a row for each practice of a network."""
    unit, problem = case.region.travel.unit, case.region.problem
    present = explained.with_hub or 0
    table = _table("practice", "patients", unit, "nearest other", unit, f"as hub, patient-{unit}")
    for member in explained.members:
        other = _travel(member.other_travel)
        table.add_row(
            problem.codes[member.practice],
            f"{problem.weights[member.practice]:,}",
            _travel(member.travel),
            member.other or "-",
            other,
            _signed(case, None if member.as_hub is None else member.as_hub - present),
        )
    return table


def leaving_table(case: Case, members: Iterable[Member]) -> Table:
    """Return a row for each practice of a network that is nearer to another hub."""
    unit = case.region.travel.unit
    table = _table("practice", "to", unit, unit, *_CHANGE)
    for member in members:
        option = member.elsewhere
        if option is not None:
            table.add_row(
                case.region.problem.codes[member.practice],
                option.network,
                _travel(member.travel),
                _travel(option.travel),
                *_change(case, option, member.practice),
            )
    return table


def joining_table(case: Case, outsiders: Iterable[Outsider]) -> Table:
    """Return a row for each neighbour of a network that could join it."""
    unit = case.region.travel.unit
    table = _table("practice", "from", unit, unit, *_CHANGE)
    for outsider in outsiders:
        table.add_row(
            case.region.problem.codes[outsider.practice],
            outsider.network or "-",
            _travel(outsider.travel),
            _travel(outsider.here.travel),
            *_change(case, outsider.here, outsider.practice),
        )
    return table


_CHANGE = ("alone", "breaks", "best plan", "%", "moves")
"""What becomes of costs and rules if a practice moves alone, and what its best plan there costs."""


def _change(case: Case, option: Option, practice: int) -> tuple[str, ...]:
    move, price = option.move, option.price
    return (
        _signed(case, move.cost),
        _breaks(move),
        _signed(case, price.cost),
        _share(price),
        _moves(price, practice),
    )


def _table(*headings: str) -> Table:
    """Lay out columns: names to the left, figures to the right."""
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    names = {"network", "hub", "practice", "in", "from", "to", "nearer to", "nearest other"}
    for heading in headings:
        is_name = heading in names or heading == "breaks"
        table.add_column(
            heading,
            justify="left" if is_name else "right",
            overflow="fold",
            no_wrap=heading != "breaks",
        )
    return table


def _breaks(move: Move) -> str:
    return " ".join(dict.fromkeys(finding.rule for finding in move.broken)) or "nothing"


def _signed(case: Case, cost: int | None) -> str:
    return "-" if cost is None else f"{case.region.travel.to_unit(cost):+,.1f}"


def _share(price: Price) -> str:
    """Return what a plan costs more, as a share of the best plan's cost."""
    if price.cost is None:
        return "none"
    best = price.solution.cost - price.cost
    return f"{price.cost / best:+.2%}" if best else "-"


def _moves(price: Price, practice: int) -> str:
    """Count who moves beside a practice."""
    if price.moves is None:
        return "-"
    return str(len(price.moves.members - {practice}))


def _travel(amount: float | None) -> str:
    """Show travel; a dash where there is none, or the hub is out of reach."""
    return "-" if amount is None or math.isinf(amount) else f"{amount:,.2f}"
