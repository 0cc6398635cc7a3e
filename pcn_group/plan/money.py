"""What the networks of a plan are paid: which network each practice is in, and the budget.

Of a plan in files, the practices with their networks and lists are read and no more: neighbours and
distances play no part, so a plan of all England is read in seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import pandas as pd

from pcn_group.base.days import is_day
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed, plural
from pcn_group.config.funding import Funding, scope_of
from pcn_group.config.model import Configuration
from pcn_group.funding.budget import Budget, budget_of
from pcn_group.funding.members import Member, NetworkKey, latest_day, members_of
from pcn_group.funding.totals import TOTAL, Total, totals_of
from pcn_group.plan.inputs import CURRENT, PlanInputs
from pcn_group.plan.reading import StoredPlan, named_alike, read_plan
from pcn_group.practices import Practices, read_practices
from pcn_group.practices.table import Source
from pcn_group.practices.units import unit_numbers
from pcn_group.region.region import Region
from pcn_group.tables.columns import read_columns, repeated_practices
from pcn_group.tables.sheets import unmarked

__all__ = [
    "Money",
    "Payees",
    "contract_of",
    "members_in_footprints",
    "membership_of",
    "money_of",
    "open_payees",
    "plan_budget",
    "pounds_a_head",
    "read_membership",
    "with_networks_of",
]


@dataclass(frozen=True)
class Money:
    """What the networks of a plan are paid in one financial year.

    Attributes
    ----------
    told, remark
        The year, and the day of the lists where it is known; and what the total is without.
    lines
        Of all networks: one total for each line, and last the sum of those that count.
    networks
        Of each network likewise, by network.
    names
        Of networks, as far as they are known.
    per_network
        The lines that are paid per network, whatever its size.
    without
        What there is no budget of, and why: a sentence for each reason.
    """

    year: str
    told: str
    remark: str
    lines: tuple[Total, ...]
    networks: tuple[Total, ...]
    names: Mapping[str, str]
    per_network: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether any line counts: a year without a tariff has none, and that is not no money."""
        return any(total.counted for total in self.lines if total.line != TOTAL)

    @property
    def in_all(self) -> Total:
        """The sum of the lines that count."""
        return self.lines[-1]

    @property
    def count(self) -> int:
        """How many networks there are."""
        return sum(1 for _ in self._sums())

    @property
    def least(self) -> Total:
        """What the network with the least for each patient gets, of equal ones the first."""
        return min(self._sums(), key=lambda total: total.amount / total.patients)

    @property
    def most(self) -> Total:
        """What the network with the most for each patient gets, of equal ones the first."""
        return max(self._sums(), key=lambda total: total.amount / total.patients)

    @property
    def paid_per_network(self) -> Decimal:
        """What the lines paid per network come to."""
        own = (n.amount for n in self.lines if n.line in self.per_network and n.counted)
        return sum(own, Decimal("0.00"))

    def _sums(self) -> Iterable[Total]:
        return (total for total in self.networks if total.line == TOTAL)


def money_of(
    region: Region,
    networks: Iterable[tuple[str, Sequence[int]]],
    contract: pd.DataFrame | None = None,
) -> Money | None:
    """Work out what networks are paid, under the lines and in the year that the rules name.

    None where there is no year: of lists without a date.

    Parameters
    ----------
    networks
        Identifier and members of each, as positions one at least.
    contract
        As `contract_of`, whose networks are paid instead.

    Raises
    ------
    InputError
        If a line needs a column that is not known for every practice in a network.
    """
    paid: Literal["plan", "current"] = "plan" if contract is None else "current"
    funding = region.configuration.funding.model_copy(update={"networks": paid})
    table = region.table if contract is None else _with_networks(contract, region.table)
    budget = plan_budget(table, networks, funding)
    if not budget.years:
        return None
    (year,) = budget.years
    totals = totals_of(year)
    return Money(
        year=year.year,
        told=budget.told,
        remark=budget.remark,
        lines=tuple(total for total in totals if total.level == "all"),
        networks=tuple(total for total in totals if total.level == "network"),
        names={member.network_id: member.network_name for member in year.members},
        per_network=tuple(line.name for line in year.lines if line.per == "network"),
        without=budget.without,
    )


def pounds_a_head(total: Total) -> Decimal:
    """Return pounds for each patient to the penny, a half up."""
    return (total.amount / total.patients).quantize(Decimal("0.01"), ROUND_HALF_UP)


def membership_of(
    table: pd.DataFrame, networks: Iterable[tuple[str, Sequence[int]]]
) -> dict[str, NetworkKey]:
    """Return the network of each practice of one region, those attached to members included.

    Parameters
    ----------
    table
        The region's `Practices.table` with `attached_to`.
    networks
        Identifier and members of each, as positions in the `units` of the table.
    """
    network_of = {i: network_id for network_id, members in networks for i in members}
    return {
        code: ("", network_of.get(i, ""))
        for code, i in zip(table["practice_code"], unit_numbers(table).tolist(), strict=True)
    }


def plan_budget(
    table: pd.DataFrame,
    networks: Iterable[tuple[str, Sequence[int]]],
    funding: Funding,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Budget:
    """Work out what a plan of one region is paid in the year that the configuration says.

    Parameters
    ----------
    table, networks
        As for `membership_of`.
    names
        Of networks, by identifier.

    Raises
    ------
    InputError
        For faults of a tariff, and for a column that a line needs and the table lacks.
    """
    if funding.networks == "current":
        members = members_in_footprints(table, networks)
    else:
        keys = {("", network_id): name for network_id, name in names.items()}
        members = members_of(table, membership_of(table, networks), keys)
    return budget_of(members, scope_of(funding, latest_day(table)))


def members_in_footprints(
    table: pd.DataFrame, networks: Iterable[tuple[str, Sequence[int]]]
) -> tuple[Member, ...]:
    """Return the practices in the networks of today, those of a plan as their footprints.

    Parameters
    ----------
    table, networks
        As for `membership_of`.
    """
    membership = membership_of(table, networks)
    return _members_of_today(table, {code: key[1] for code, key in membership.items()})


def _members_of_today(
    table: pd.DataFrame, footprints: Mapping[str, str] = MappingProxyType({})
) -> tuple[Member, ...]:
    """Return the practices in the networks of today, those of a plan as their footprints."""
    keys = [("", network) for network in table["current_network"]]
    membership = dict(zip(table["practice_code"], keys, strict=True))
    names = dict(zip(keys, table["current_network_name"], strict=True))
    return members_of(table, membership, names, footprints)


def read_membership(groupings: Path) -> dict[str, NetworkKey]:
    """Read the network of each practice from a `groupings.csv`.

    Networks of one identifier are told apart by the column `region_code`, where there is one.

    Raises
    ------
    InputError
        For a practice that is there twice, or has no code.
    """
    rows = read_columns(groupings, ("practice_code", "network_id"), more=("region_code",))
    codes = rows["practice_code"]
    faults = [
        Fault(groupings.name, "is empty", "Give the practice's code.", row, "practice_code", "")
        for row in rows.index[codes == ""].tolist()
    ]
    faults += repeated_practices(rows[codes != ""], groupings.name)
    if faults:
        raise InputError(faults)
    keys = zip(rows["region_code"], rows["network_id"], strict=True)
    return dict(zip(codes, keys, strict=True))


def contract_of(plan: StoredPlan) -> pd.DataFrame | None:
    """Return the networks that a plan of levels is paid as, by practice; None for other plans.

    Its other rules need not be valid: a plan may be compared under others.
    """
    made_by = plan.summary.get("configuration")
    funding = made_by.get("funding") if isinstance(made_by, dict) else None
    paid = funding.get("networks") if isinstance(funding, dict) else None
    return _networks_of_today(plan.groupings) if paid == "current" else None


def with_networks_of(groupings: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return practices with the networks that a plan has for those of today."""
    return _with_networks(_networks_of_today(groupings), table)


def _with_networks(networks: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    codes = table["practice_code"]
    return table.assign(**{str(name): codes.map(networks[name]).fillna("") for name in networks})


def _networks_of_today(groupings: Path) -> pd.DataFrame:
    """Read `current_network` and its name, by practice."""
    names = ("current_network", "current_network_name")
    rows = read_columns(groupings, ("practice_code", names[0]), more=names[1:])
    named = rows.assign(**{names[1]: rows[names[1]].map(unmarked)})
    return named.drop_duplicates("practice_code").set_index("practice_code")[list(names)]


def _names(groupings: Path) -> dict[NetworkKey, str]:
    """Read the names of networks, told apart as in `read_membership`."""
    rows = read_columns(groupings, ("network_id",), ("region_code", "network_name"))
    named = named_alike(rows, ["region_code", "network_id"])
    keys = zip(named["region_code"], named["network_id"], strict=True)
    return dict(zip(keys, named["network_name"], strict=True))


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
    list_date
        The day of their lists, ISO; empty where it is not known.
    notes
        Oddities, one sentence each.
    excel_safe
        Whether the plan's own files are kept from having formulas in a spreadsheet.
    """

    members: tuple[Member, ...]
    sources: tuple[Source, ...]
    funding: Funding
    list_date: str = ""
    notes: tuple[str, ...] = ()
    excel_safe: bool = False


def open_payees(
    plan: str, inputs: PlanInputs, networks: Literal["plan", "current"] | None = None
) -> Payees:
    """Read a plan, of one region or of several, and the practices in it.

    Parameters
    ----------
    plan
        A folder that `solve` or `batch` wrote, a `groupings.csv`, or `current`, which needs
        `inputs.files`.
    inputs
        Its rules are not used: they make no difference to who is paid.
    networks
        Which are paid, as `Funding.networks`; None for what the plan says.

    Raises
    ------
    InputError
        With the faults of the plan, or else of the practices, or where none is in a network.
    """
    payees = _read(plan, inputs, networks)
    if not any(member.network_id for member in payees.members):
        problem, remedy = "has no practice in a network", "Give a plan of these practices."
        if plan == CURRENT:
            remedy = "Give practices that have current_network."
        raise InputError([Fault(plan, problem, remedy)])
    return payees


def _read(plan: str, inputs: PlanInputs, asked: Literal["plan", "current"] | None) -> Payees:
    if plan == CURRENT:
        practices = _practices(inputs.files_of_today, inputs, Configuration())
        return Payees(
            _members_of_today(practices.table),
            practices.sources,
            Funding(),
            practices.list_date,
            practices.notes,
        )
    stored = read_plan(Path(plan), may_be_batch=True)
    made_by = stored.configuration or Configuration()
    membership = read_membership(stored.groupings)
    # Whether practices need places is the plan's to say.
    own = Configuration(travel=made_by.travel, adjacency=made_by.adjacency)
    if inputs.files:
        data = made_by.data.model_copy(update={"atypical": "keep"})
        rules = own.model_copy(update={"data": data})
        practices = _practices(inputs.files, inputs, rules)
        notes = (*practices.notes, *_without_list(membership, practices))
    else:
        practices, notes = _practices((stored.groupings,), inputs, own), ()
    if (asked or made_by.funding.networks) == "current":
        table = with_networks_of(stored.groupings, practices.table)
        members = _members_of_today(table, {code: key[1] for code, key in membership.items()})
    else:
        members = members_of(practices.table, membership, _names(stored.groupings))
    notes = (*notes, *_apart(membership))
    sources = stored.with_sources(practices.sources)
    return Payees(
        members,
        sources,
        made_by.funding,
        practices.list_date or _day_of(stored),
        notes,
        made_by.output.excel_safe,
    )


def _day_of(plan: StoredPlan) -> str:
    """Return the day of the lists that a plan was made from, empty where it does not say."""
    day = plan.summary.get("list_date")
    return day if isinstance(day, str) and is_day(day) else ""


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
