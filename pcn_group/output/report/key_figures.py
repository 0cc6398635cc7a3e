"""What a meeting asks first of a plan: who moves, what is split, spare room, long ways, cost.

Each figure is what it is called, its value, and a note in which names stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.base.wording import plural
from pcn_group.output.data.rows import GroupingRow
from pcn_group.output.report.document import figure, whole_pounds
from pcn_group.output.report.facts import Facts

__all__ = ["KeyFigure", "key_figures"]

KeyFigure = tuple[str, str, str]
"""What a figure is called, its value, and a note"""


def key_figures(facts: Facts) -> Iterator[KeyFigure]:
    """Return the figures that stand out, what is asked first before the rest."""
    yield _networks(facts)
    if facts.moved is not None:
        patients, practices = facts.moved
        yield "Change network", plural(practices, "practice"), f"with {plural(patients, 'patient')}"
    if facts.moved is not None or facts.are_footprints:
        yield _split(facts)
    yield from _spare_room(facts)
    yield from _longest_way(facts)
    yield "Mean way", f"{facts.mean_travel:,.3f} {facts.unit}", "to the hub, per patient"
    yield _budget(facts)


def _networks(facts: Facts) -> KeyFigure:
    inside = len(facts.networks) - len(facts.exceptions)
    left_out = len(facts.practices) - len(facts.placed)
    note = f"{inside:,} in the band"
    if left_out:
        patients = facts.patients - sum(row.list_size for row in facts.placed)
        note += f"; {plural(left_out, 'practice')} with {plural(patients, 'patient')} in none"
    return f"{facts.each.capitalize()}s", figure(len(facts.networks)), note


def _split(facts: Facts) -> KeyFigure:
    """Count the networks of today whose practices are in several, and name the one in most."""
    parts = facts.parts_of_today
    split = {today: count for today, count in parts.items() if count > 1}
    note = "every one stays together"
    if split:
        most = max(sorted(split), key=lambda today: split[today])
        names = {row.current_network: row.current_network_name for row in facts.placed}
        note = f"most of all {names[most] or most}, into {split[most]:,}"
    return "Networks split", f"{len(split):,} of {len(parts):,}", note


def _spare_room(facts: Facts) -> Iterator[KeyFigure]:
    """Say how many more patients the networks have room for, and which are nearest to a limit."""
    inside = [row for row in facts.networks if row.in_band]
    if not inside:
        return
    low, high = facts.band
    by_size = sorted(inside, key=lambda row: (row.patients, row.network_id))
    smallest, fullest = by_size[0], by_size[-1]
    room = sum(high - row.patients for row in inside)
    note = (
        f"patients more; least in {fullest.network_name}, {high - fullest.patients:,}. "
        f"{smallest.network_name} has {smallest.patients - low:,} above the minimum"
    )
    yield "Spare room", figure(room), note


def _longest_way(facts: Facts) -> Iterator[KeyFigure]:
    """Name the practice that is farthest from its hub, and the one that is next."""
    ways = [row for row in facts.placed if not row.is_hub]
    ways.sort(key=lambda row: (-(row.to_hub or 0), row.practice_code))
    if not ways:
        return
    farthest, *others = ways
    note = farthest.practice_name or farthest.practice_code
    if others:
        note += f"; then {_way(facts, others[0])}"
    yield "Longest way", f"{figure(farthest.to_hub)} {facts.unit}", note


def _way(facts: Facts, row: GroupingRow) -> str:
    return f"{row.practice_name or row.practice_code}, {figure(row.to_hub)} {facts.unit}"


def _budget(facts: Facts) -> KeyFigure:
    if not facts.budget_of:
        return "Budget", "none", "lists without a date"
    if not facts.money.counted:  # as in a year without a tariff: that is not no money
        return "Budget", "none", f"{facts.budget_of.partition(',')[0]}; no rates that count"
    remark = facts.budget_remark.partition(":")[0]  # the section on budgets has the whole of it
    told = "; ".join(each for each in (facts.budget_of.partition(",")[0], remark) if each)
    return "Budget", whole_pounds(facts.money.amount()), told
