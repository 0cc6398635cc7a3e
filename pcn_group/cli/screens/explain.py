"""What a person sees of an explanation: sentences, and the tables between them."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from fractions import Fraction

from rich.console import Console

from pcn_group.base.wording import named, plural
from pcn_group.cli.screens.explain_tables import (
    alone_table,
    joining_table,
    leaving_table,
    members_table,
    networks_table,
    prices_table,
    pulls_table,
)
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
    NetworkExplained,
    Standing,
    exception,
    pulls,
    room,
)
from pcn_group.studies.explain_practice import PracticeExplained
from pcn_group.studies.questions import Price

__all__ = ["show"]


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
