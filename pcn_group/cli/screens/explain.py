"""What a person sees of an explanation: sentences, and tables that fit 80 characters."""

from __future__ import annotations

import math
import sys

from rich.console import Console

from pcn_group.base.wording import plural
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
    more,
    no_plan_in_words,
    outside_in_words,
    reasons_in_words,
)
from pcn_group.plan.subject import Subject
from pcn_group.studies.explain.explained import Explained
from pcn_group.studies.explain.network import NetworkExplained
from pcn_group.studies.explain.overview import Standing, exception, pulls, room
from pcn_group.studies.explain.practice import PracticeExplained
from pcn_group.studies.explain.price_words import moves_in_words, price_notes

__all__ = ["show"]

_TIGHT, _PULLS = 5, 10
"""Networks named for their little room, and practices shown that are nearer to another hub."""


def show(subject: Subject, explained: Explained) -> None:
    """Print what is known of a plan, or of a practice or network of it."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    if explained.reasons is not None:
        _say(console, *no_plan_in_words(subject.terms, explained.reasons))
        return
    _say(console, *_verdict(subject, explained.standing))
    if explained.practice is not None:
        _practice(console, subject, explained.practice, explained.standing)
    if explained.network is not None:
        _network(console, subject, explained.network, explained.standing)
    if explained.practice is None and explained.network is None:
        _plan(console, subject, explained.standing)


def _say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line)


def _verdict(subject: Subject, standing: Standing) -> list[str]:
    """Say how good the plan is beside the best there is."""
    terms, best = subject.terms, standing.best
    kinds = dict.fromkeys(f.rule for f in subject.report.findings if f.is_broken)
    broken = f"{plural(standing.broken, 'rule')} broken ({', '.join(kinds)})"
    lines = [f"{subject.name}: {broken if standing.broken else 'every rule holds'}."]
    proven = "proven" if best.status == "optimal" else "as far as the search got"
    if best.relaxed:
        outside = outside_in_words(best.short, best.above)
        lines.append(f"No plan keeps the band. The least outside it is {outside}, {proven}.")
    if standing.is_best:
        return [*lines, f"It is the best there is, {proven}: {amount(terms, best.cost)}."]
    lines.append(f"The best plan there is costs {amount(terms, best.cost)}, {proven}.")
    if standing.left_out:
        left = plural(standing.left_out, "practice")
        lines.append(f"This one leaves {left} in no network, and so its cost says nothing.")
    elif standing.extra is None:
        lines.append("This one has no cost, since one of its networks has no permitted hub.")
    else:
        outside = outside_in_words(standing.short, standing.above)
        beside = f", and has {outside}" if standing.short or standing.above else ""
        lines.append(f"This one costs {more(terms, standing.extra, best.cost)}{beside}.")
    return [*lines, "Prices are beside the best plan. What moves, moves from this one."]


def _plan(console: Console, subject: Subject, standing: Standing) -> None:
    report = subject.report
    if not report.networks:
        return
    console.print()
    console.print(networks_table(subject))
    inside = sorted(
        (network for network in report.networks if network.in_band),
        key=lambda network: (room(subject, network), network.label),
    )
    tight = [f"{network.label} ({room(subject, network):,})" for network in inside[:_TIGHT]]
    console.print()
    if tight:
        _say(console, f"Least room in the band, in patients: {', '.join(tight)}.")
    outside: dict[str, list[str]] = {}
    for network in report.networks:
        why = exception(subject, network, standing.best)
        outside.setdefault(why, []).append(f"{network.label} ({-room(subject, network):,})")
    for why, networks in outside.items():
        if why:
            _say(console, f"Outside the band, in patients: {', '.join(networks)}: {why}.")
    if standing.best.relaxed:
        _say(console, "With --network you are told what clashes around one, and what would help.")
    found = pulls(subject)
    if not found:
        _say(console, "No practice is nearer to another hub than to its own.")
        return
    verb, own = ("is", "its") if len(found) == 1 else ("are", "their")
    who = plural(len(found), "practice")
    _say(console, f"{who} {verb} nearer to another hub than to {own} own:")
    console.print(pulls_table(subject, found[:_PULLS]))
    if len(found) > _PULLS:
        _say(console, f"And {len(found) - _PULLS} more; --json has them all.")


def _practice(
    console: Console, subject: Subject, explained: PracticeExplained, standing: Standing
) -> None:
    code = subject.case.problem.codes[explained.practice]
    console.print()
    _say(console, *_place(subject, explained))
    if explained.options:
        console.print()
        _say(console, f"If {code} alone moves, and nothing else changes:")
        console.print(alone_table(subject, explained.options))
    prices = [(f"With {option.network}", option.price) for option in explained.options]
    if explained.stay is not None and explained.leave is not None:
        prices = [("Staying", explained.stay), *prices, ("Leaving", explained.leave)]
    if not prices:
        return
    console.print()
    _say(console, f"The best plan in which {code} is in one network with this hub:")
    console.print(prices_table(subject, explained, standing))
    for what, price in prices:
        _say(console, *price_notes(subject.terms, what, price))
    moving = [
        (what, moves_in_words(subject.terms, price, explained.practice)) for what, price in prices
    ]
    if any(moves for _, moves in moving):
        console.print()
        _say(console, f"Who moves beside {code}:")
        _say(console, *(f"- {what}: {moves}." for what, moves in moving if moves))


def _place(subject: Subject, explained: PracticeExplained) -> list[str]:
    """Say where a practice is, and whether a hub of its options is nearer."""
    units, unit = subject.case.units, subject.case.travel.unit
    row = units.iloc[explained.practice]
    who = f"{row['practice_code']} ({row['practice_name']}, {row['list_size']:,} patients)"
    codes = subject.case.problem.codes
    if explained.network is None or explained.hub is None:
        where = "is in no network"
    elif explained.hub == explained.practice:
        where = f"is the hub of {explained.network}"
    else:
        is_reached = explained.travel is not None and math.isfinite(explained.travel)
        far = f"{explained.travel:.2f} {unit} from" if is_reached else "out of reach of"
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
    return [*lines, f"The hub of {nearest.network} is nearer: {nearest.travel:.2f} {unit}."]


def _network(
    console: Console, subject: Subject, explained: NetworkExplained, standing: Standing
) -> None:
    judged, codes = explained.judged, subject.case.problem.codes
    left = room(subject, judged)
    band = f"in the band, {left:,} from its edge"
    if not judged.in_band:
        band = f"{-left:,} outside the band: {exception(subject, judged, standing.best)}"
    console.print()
    size = f"{plural(len(judged.members), 'practice')}, {judged.patients:,} patients"
    _say(console, f"{judged.label} ({size}, hub {codes[explained.hub]}) is {band}.")
    console.print(members_table(subject, explained))
    away = [member for member in explained.members if member.elsewhere]
    if away:
        console.print()
        _say(console, "Nearer to another hub, and what it would take to give them there:")
        console.print(leaving_table(subject, away))
    if explained.outsiders:
        console.print()
        _say(console, "Neighbours, and what it would take to have them here:")
        console.print(joining_table(subject, explained.outsiders))
    asked = [(member.practice, member.elsewhere) for member in away]
    asked += [(outsider.practice, outsider.here) for outsider in explained.outsiders]
    for practice, option in asked:
        if option is not None:
            what = f"{codes[practice]} in {option.network}"
            _say(console, *price_notes(subject.terms, what, option.price))
    if explained.reasons is not None:
        console.print()
        _say(console, *reasons_in_words(subject.terms, explained.reasons))
