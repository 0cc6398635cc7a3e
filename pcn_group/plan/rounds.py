"""A plan in the next round: its networks by the practices there are now.

Lists grow, practices close, merge and open. A practice that has closed is in no network any more.
If it has a successor (`data.successors`), that takes over its place: where the successor was in
another network, it is in that of the two with more of their patients by the plan's own lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pcn_group.base.lookup import told
from pcn_group.base.wording import plural
from pcn_group.config.successors import networks_taken_over, successor_of
from pcn_group.plan.reading import StoredPlan
from pcn_group.practices.table import Practices
from pcn_group.tables.codes import mapped
from pcn_group.verify.rules import Finding

__all__ = ["Round", "next_round", "starting_from"]


@dataclass(frozen=True)
class Round:
    """The networks of a plan by the practices there are now.

    Attributes
    ----------
    networks
        The practice codes of each network. Those that have closed are in none; others that are not
        among the practices are still where the plan has them.
    changes
        What became of practices that have closed, for the user to read.
    new
        The codes of practices that the plan knows nothing of.
    """

    networks: dict[str, tuple[str, ...]]
    changes: tuple[Finding, ...] = ()
    new: tuple[str, ...] = ()


def next_round(stored: StoredPlan, practices: Practices, successors: Mapping[str, str]) -> Round:
    """Return the networks of a plan by the practices there are now.

    Of a plan that does not say which lists it was made from, and of one that was made from these,
    the networks are as they are: what is not among the practices there is a mistake.

    Parameters
    ----------
    practices
        Those of today.
    successors
        The practice that took over, by the one that closed.
    """
    if not stored.is_of_other_lists(practices.sources):
        return Round(stored.networks)
    known, before = practices.known, stored.listed
    network_of = {code: label for label, codes in stored.networks.items() for code in codes}
    patients = {code: each.patients for code, each in before.items()}
    taken = networks_taken_over(network_of, patients, successors, known)
    networks = {
        label: [code for code in codes if code in known and taken.get(code, label) == label]
        for label, codes in stored.networks.items()
    }
    for code, label in taken.items():
        if code not in networks[label]:
            networks[label].append(code)
    names = {code: each.name for code, each in before.items()}
    table = practices.table
    names |= dict(zip(table["practice_code"], table["practice_name"], strict=True))
    known_before = {*network_of, *taken, *before}
    return Round(
        networks={label: tuple(codes) for label, codes in networks.items()},
        changes=(
            *_closed(stored, network_of, taken, names, successors, known),
            *_still_open(network_of, names, successors, known),
        ),
        new=tuple(code for code in table["practice_code"] if code not in known_before),
    )


def starting_from(
    stored: StoredPlan, practices: Practices, networks: Mapping[str, Sequence[str]]
) -> Practices:
    """Return practices with the networks of a plan as their networks of today.

    Parameters
    ----------
    networks
        Those of the plan, as `next_round` has them.
    """
    network_of = {code: label for label, codes in networks.items() for code in codes}
    labels = mapped(practices.table["practice_code"], lambda code: network_of.get(code, ""))
    names = mapped(labels, lambda label: stored.names.get(label, ""))
    table = practices.table.assign(current_network=labels, current_network_name=names)
    return replace(
        practices,
        table=table,
        sources=stored.with_sources(practices.sources),
        beside=practices.beside.iloc[:0],
        networks={label: stored.names.get(label, "") for label in networks},
    )


def _closed(
    plan: StoredPlan,
    network_of: Mapping[str, str],
    taken: Mapping[str, str],
    names: Mapping[str, str],
    successors: Mapping[str, str],
    known: Collection[str],
) -> Iterator[Finding]:
    """Say of each practice that has closed what became of its patients."""
    for code in sorted({*network_of} - {*known}):
        label, heir = network_of[code], successor_of(code, successors, known)
        had = f"it had {plural(plan.listed[code].patients, 'patient')}, in {label}"
        message = f"is not in these lists; {had}"
        if heir in known:
            stays = (
                "" if taken[heir] == label else f"; most patients of the two were in {taken[heir]}"
            )
            message = f"has gone into {told(heir, names)}; {had}{stays}"
        elif heir != code:
            message += f"; nor is its successor {told(heir, names)} there"
        yield _change(told(code, names), message)


def _still_open(
    network_of: Mapping[str, str],
    names: Mapping[str, str],
    successors: Mapping[str, str],
    known: Collection[str],
) -> Iterator[Finding]:
    for code in sorted({*network_of} & {*successors} & {*known}):
        successor = told(successors[code], names)
        message = f"is still in these lists: {successor} takes nothing over yet (data.successors)"
        yield _change(told(code, names), message)


def _change(where: str, message: str) -> Finding:
    return Finding("lists", where, message, is_broken=False)
