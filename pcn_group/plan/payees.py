"""Who is paid by a plan: the practices with their networks and lists, from files, and no more.

Neighbours and distances play no part, so a plan of all England is read in seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed, plural
from pcn_group.config.funding import Funding
from pcn_group.config.model import Configuration
from pcn_group.funding.members import Member, NetworkKey, members_of
from pcn_group.plan.inputs import CURRENT, PlanInputs
from pcn_group.plan.money import read_membership
from pcn_group.plan.reading import read_plan
from pcn_group.practices import Practices, read_practices
from pcn_group.practices.table import Source

__all__ = ["Payees", "open_payees"]


@dataclass(frozen=True)
class Payees:
    """Who is paid.

    Attributes
    ----------
    members
        The practices, those in no network included.
    sources
        The files they were read from.
    funding
        What the plan was made with: tariffs of the user's own, and what counts.
    notes
        Oddities, one sentence each.
    excel_safe
        Whether the plan's own files are kept from having formulas in a spreadsheet.
    """

    members: tuple[Member, ...]
    sources: tuple[Source, ...]
    funding: Funding
    notes: tuple[str, ...] = ()
    excel_safe: bool = False


def open_payees(plan: str, inputs: PlanInputs) -> Payees:
    """Read a plan, of one region or of several, and the practices in it.

    Parameters
    ----------
    plan
        A folder that `solve` or `batch` wrote, a `groupings.csv`, or `current`, which needs
        `inputs.files`.
    inputs
        Its rules are not used: they make no difference to who is paid.

    Raises
    ------
    InputError
        With the faults of the plan, or else of the practices, or where none is in a network.
    """
    payees = _read(plan, inputs)
    if not any(member.network_id for member in payees.members):
        problem, remedy = "has no practice in a network", "Give a plan of these practices."
        if plan == CURRENT:
            remedy = "Give practices that have current_network."
        raise InputError([Fault(plan, problem, remedy)])
    return payees


def _read(plan: str, inputs: PlanInputs) -> Payees:
    if plan == CURRENT:
        practices = _practices(inputs.files_of_today, inputs, Configuration())
        table = practices.table
        networks = (("", network) for network in table["current_network"])
        today = dict(zip(table["practice_code"], networks, strict=True))
        return Payees(members_of(table, today), practices.sources, Funding(), practices.notes)
    stored = read_plan(Path(plan), may_be_batch=True)
    made_by = stored.configuration or Configuration()
    membership = read_membership(stored.groupings)
    rules = Configuration(data=made_by.data.model_copy(update={"atypical": "keep"}))
    if inputs.files:
        practices = _practices(inputs.files, inputs, rules)
        notes = (*practices.notes, *_without_list(membership, practices))
    else:
        practices, notes = _practices((stored.groupings,), inputs, Configuration()), ()
    members = members_of(practices.table, membership)
    notes = (*notes, *_apart(membership))
    sources = stored.with_sources(practices.sources)
    return Payees(members, sources, made_by.funding, notes, made_by.output.excel_safe)


def _practices(files: tuple[Path, ...], inputs: PlanInputs, rules: Configuration) -> Practices:
    return read_practices(files, inputs.region, by=inputs.by, several_regions=True, rules=rules)


def _without_list(membership: Mapping[str, NetworkKey], practices: Practices) -> tuple[str, ...]:
    known = practices.known
    codes = [code for code, (_, network) in membership.items() if network and code not in known]
    if not codes:
        return ()
    without = f"{plural(len(codes), 'practice')} of the plan without a list among the practices"
    return (f"{without}, paid nothing: {listed(codes)}.",)


def _apart(membership: Mapping[str, NetworkKey]) -> tuple[str, ...]:
    """Tell of identifiers that count as a network in each of several regions."""
    regions: dict[str, set[str]] = defaultdict(set)
    for region, network in membership.values():
        if network:
            regions[network].add(region)
    several = [network for network, found in sorted(regions.items()) if len(found) > 1]
    if not several:
        return ()
    verb = "is" if len(several) == 1 else "are"
    told = f"{plural(len(several), 'network')} {verb} in several regions and counted in each"
    return (f"{told}: {listed(several)}. Without the column region_code each counts once.",)
