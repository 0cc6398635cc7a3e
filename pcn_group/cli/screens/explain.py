"""What a person sees of an explanation: sentences, and tables that fit 80 characters."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pcn_group.base.wording import named, plural
from pcn_group.infeasibility.words import (
    amount,
    clash_in_words,
    more,
    no_plan_in_words,
    outside_in_words,
    reasons_in_words,
)
from pcn_group.plan.case import Case
from pcn_group.region.figure_limits import figure_text
from pcn_group.region.region import Region
from pcn_group.studies.explain import (
    Explained,
    Member,
    NetworkExplained,
    Outsider,
    Pull,
    Standing,
    exception,
    pulls,
    room,
)
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
    "show",
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


_TIGHT, _PULLS = 5, 10
"""Networks named for their little room, and practices shown that are nearer to another hub."""
_FLOWS = 4
"""Moves told of a plan; `--json` has them all."""


def show(case: Case, explained: Explained) -> None:
    """Print what is known of a plan, or of a practice or network of it."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    if explained.reasons is not None:
        _say(console, *no_plan_in_words(case.region, explained.reasons))
        return
    _say(console, *_verdict(case, explained.standing))
    if explained.practice is not None:
        _practice(console, case, explained.practice, explained.standing)
    if explained.network is not None:
        _network(console, case, explained.network, explained.standing)
    if explained.practice is None and explained.network is None:
        _plan(console, case, explained.standing)


def _say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line)


def _verdict(case: Case, standing: Standing) -> list[str]:
    """Say how good the plan is beside the best there is."""
    region, best = case.region, standing.best
    kinds = dict.fromkeys(f.rule for f in case.report.findings if f.is_broken)
    broken = f"{plural(standing.broken, 'rule')} broken ({', '.join(kinds)})"
    lines = [f"{case.name}: {broken if standing.broken else 'every rule holds'}."]
    proven = "proven" if best.status == "optimal" else "as far as the search got"
    if best.relaxed:
        outside = outside_in_words(best.short, best.above, best.problem, best.further)
        lines.append(f"No plan keeps the band. The least outside it is {outside}, {proven}.")
    if standing.is_best:
        return [*lines, f"It is the best there is, {proven}: {amount(region, best.cost)}."]
    lines.append(f"The best plan there is costs {amount(region, best.cost)}, {proven}.")
    if standing.left_out:
        left = plural(standing.left_out, "practice")
        lines.append(f"This one leaves {left} in no network, and so its cost says nothing.")
    elif standing.extra is None:
        lines.append("This one has no cost, since one of its networks has no permitted hub.")
    else:
        beyond = (standing.short, standing.above, region.problem, standing.further)
        has_more = standing.short or standing.above or any(standing.further)
        beside = f", and has {outside_in_words(*beyond)}" if has_more else ""
        lines.append(f"This one costs {more(region, standing.extra, best.cost)}{beside}.")
    return [*lines, "Prices are beside the best plan. What moves, moves from this one."]


def _plan(console: Console, case: Case, standing: Standing) -> None:
    report = case.report
    if not report.networks:
        return
    console.print()
    console.print(networks_table(case))
    inside = sorted(
        (network for network in report.networks if network.in_band),
        key=lambda network: (room(case, network), network.label),
    )
    tight = [f"{network.label} ({room(case, network):,})" for network in inside[:_TIGHT]]
    console.print()
    if tight:
        _say(console, f"Least room in the band, in patients: {', '.join(tight)}.")
    outside: dict[str, list[str]] = {}
    for network in report.networks:
        why, short = exception(case, network, standing.best), -room(case, network)
        patients = f" ({short:,})" if short > 0 else ""  # none where it is outside a further band
        outside.setdefault(why, []).append(f"{network.label}{patients}")
    for why, networks in outside.items():
        if why:
            _say(console, f"Outside the band, in patients: {', '.join(networks)}: {why}.")
    if standing.best.relaxed:
        _say(console, "With --network you are told what clashes around one, and what would help.")
    found = pulls(case)
    if not found:
        _say(console, "No practice is nearer to another hub than to its own.")
        return
    verb, own = ("is", "its") if len(found) == 1 else ("are", "their")
    who = plural(len(found), "practice")
    _say(console, f"{who} {verb} nearer to another hub than to {own} own:")
    console.print(pulls_table(case, found[:_PULLS]))
    if len(found) > _PULLS:
        _say(console, f"And {len(found) - _PULLS} more; --json has them all.")


def _practice(
    console: Console, case: Case, explained: PracticeExplained, standing: Standing
) -> None:
    code = case.region.problem.codes[explained.practice]
    console.print()
    _say(console, *_place(case, explained))
    if explained.options:
        console.print()
        _say(console, f"If {code} alone moves, and nothing else changes:")
        console.print(alone_table(case, explained.options))
    prices = [(f"With {option.network}", option.price) for option in explained.options]
    if explained.stay is not None and explained.leave is not None:
        prices = [("Staying", explained.stay), *prices, ("Leaving", explained.leave)]
    if not prices:
        return
    console.print()
    _say(console, f"The best plan in which {code} is in one network with this hub:")
    console.print(prices_table(case, explained, standing))
    for what, price in prices:
        _say(console, *_price_notes(case.region, what, price))
    moving = [
        (what, _moves_in_words(case.region, price, explained.practice)) for what, price in prices
    ]
    if any(moves for _, moves in moving):
        console.print()
        _say(console, f"Who moves beside {code}:")
        _say(console, *(f"- {what}: {moves}." for what, moves in moving if moves))


def _place(case: Case, explained: PracticeExplained) -> list[str]:
    """Say where a practice is, and whether a hub of its options is nearer."""
    units, unit = case.region.units, case.region.travel.unit
    row = units.iloc[explained.practice]
    who = f"{row['practice_code']} ({row['practice_name']}, {row['list_size']:,} patients)"
    codes = case.region.problem.hub_codes
    if explained.network is None or explained.hub is None:
        where = "is in no network"
    elif explained.hub == explained.practice:
        where = f"is the hub of {explained.network}"
    else:
        is_reached = explained.travel is not None and math.isfinite(explained.travel)
        far = f"{explained.travel:,.2f} {unit} from" if is_reached else "out of reach of"
        where = f"is in {explained.network}, {far} its hub {codes[explained.hub]}"
    lines = [f"{who} {where}."]
    if explained.aside:
        return [*lines, f"It is so in every plan: {explained.aside}."]
    if not explained.options:
        return [*lines, "No other network has a neighbour of it."]
    nearest = explained.options[0]
    if explained.travel is None or explained.hub == explained.practice:
        return lines
    if nearest.travel >= explained.travel:
        return [*lines, "No hub of a neighbouring network is nearer."]
    return [*lines, f"The hub of {nearest.network} is nearer: {nearest.travel:,.2f} {unit}."]


def _network(console: Console, case: Case, explained: NetworkExplained, standing: Standing) -> None:
    judged, codes = explained.judged, case.region.problem.hub_codes
    left = room(case, judged)
    band = f"in the band, {left:,} from its edge"
    if not judged.in_band:
        band = f"{-left:,} outside the band: {exception(case, judged, standing.best)}"
    console.print()
    size = f"{plural(len(judged.members), 'practice')}, {judged.patients:,} patients"
    _say(console, f"{judged.label} ({size}, hub {codes[explained.hub]}) is {band}.")
    console.print(members_table(case, explained))
    away = [member for member in explained.members if member.elsewhere]
    if away:
        console.print()
        _say(console, "Nearer to another hub, and what it would take to give them there:")
        console.print(leaving_table(case, away))
    if explained.outsiders:
        console.print()
        _say(console, "Neighbours, and what it would take to have them here:")
        console.print(joining_table(case, explained.outsiders))
    asked = [(member.practice, member.elsewhere) for member in away]
    asked += [(outsider.practice, outsider.here) for outsider in explained.outsiders]
    for practice, option in asked:
        if option is not None:
            what = f"{codes[practice]} in {option.network}"
            _say(console, *_price_notes(case.region, what, option.price))
    if explained.reasons is not None:
        console.print()
        _say(console, *reasons_in_words(case.region, explained.reasons))


def _moves_in_words(region: Region, price: Price, practice: int) -> str:
    """Say who moves beside a practice; empty where nobody does.

    The networks are those of the plan that is explained, so far as they are continued.
    """
    if price.moves is None:
        return ""
    before = {match.second: match.first for match in price.moves.matches}
    flows = []
    for flow in price.moves.flows:
        codes = [region.problem.codes[i] for i in flow.members if i != practice]
        if codes:
            to = before[flow.destination] or f"a new network ({flow.destination})"
            flows.append(f"{named(codes)} from {flow.origin} to {to}")
    left = len(flows) - _FLOWS
    return "; ".join(flows[:_FLOWS]) + (f"; and {plural(left, 'more move')}" if left > 0 else "")


def _price_notes(region: Region, what: str, price: Price) -> Iterator[str]:
    """Say what a table of prices leaves out: patients outside the band, doubts, why there is none.

    Parameters
    ----------
    what
        What the price is of, to begin the sentence with.
    """
    if price.solution.status == "infeasible":
        why = ": " + "; ".join(price.reasons) + "." if price.reasons else "."
        if price.clash is not None:
            why += " " + " ".join(clash_in_words(region, price.clash))
        yield f"{what}: there is no such plan, proven{why}"
    elif price.cost is None:
        yield f"{what}: no such plan was found in time."
    elif outside := " and ".join(_more_outside(region, price)):
        yield f"{what}: only with {outside}."
    if price.cost is not None and not price.is_proven:
        yield f"{what}: not proven, the time was over."


def _more_outside(region: Region, price: Price) -> Iterator[str]:
    """Say what a plan has more, or less, outside each band than the best of all."""
    sides = ((price.short, "short of the minimum"), (price.above, "above the maximum"))
    for patients, where in sides:
        if patients:
            yield f"{abs(patients):,} patients {'more' if patients > 0 else 'fewer'} {where}"
    for limit, excess in zip(region.problem.figure_limits, price.further, strict=True):
        beyond = f"{'under' if limit.side == 'min' else 'over'} {figure_text(limit.at)}"
        title, is_more = limit.figure.title, excess > 0
        if excess and limit.figure.adds == "sum":
            amount_more = figure_text(Fraction(abs(excess), limit.unit))
            yield f"{amount_more} {'more' if is_more else 'less'} of {title} {beyond}"
        elif excess:
            yield f"{title} {'farther' if is_more else 'less far'} {beyond}"
