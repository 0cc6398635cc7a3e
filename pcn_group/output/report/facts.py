"""What the page of a plan says, as plain values: the rows of its CSV files, its proof, its rules.

The page has no figures of its own: what is in a CSV file is taken from the rows that are written to
that file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pcn_group.base.lookup import told
from pcn_group.base.progress import gap_percent
from pcn_group.base.versions import versions
from pcn_group.base.wording import plural
from pcn_group.funding.budget import Budget
from pcn_group.geography.roads.storage import attribution
from pcn_group.output.data.budget_files import budget_rows
from pcn_group.output.data.fit_tables import FittedPlan
from pcn_group.output.data.judgement import Judgement, judge
from pcn_group.output.data.plan_files import grouping_rows, network_rows
from pcn_group.output.data.rows import BudgetRow, GroupingRow, NetworkRow
from pcn_group.output.data.summary import Rule, rule_files, rules_of
from pcn_group.output.data.who_else import who_else_of
from pcn_group.output.report.fit_facts import FitFacts
from pcn_group.output.report.profile_facts import FigureFacts, profile_facts
from pcn_group.plan.case import Case
from pcn_group.plan.doubts import doubt_lines, plan_report
from pcn_group.plan.inputs import CURRENT
from pcn_group.plan.money import plan_budget
from pcn_group.plan.moves import are_footprints, moved
from pcn_group.plan.network import Network, labelled_networks, mean_travel
from pcn_group.practices.table import Source
from pcn_group.region.region import Region
from pcn_group.solver.solution import Status
from pcn_group.tables.findings import findings_by_kind
from pcn_group.verify.rules import CLAIMS, Finding

__all__ = ["Facts", "Money", "Proof", "facts_of", "money"]

_CLAIMS = {"status", "cost_integer", "bound_integer"}


@dataclass(frozen=True)
class Payee:
    """A network that is paid: its name, and its registered patients."""

    name: str
    patients: int


@dataclass(frozen=True)
class Money:
    """What networks are paid.

    Attributes
    ----------
    years
        Financial years, in order.
    lines
        Funding lines in the order of the file, each with its basis, rate, source and whether it is
        counted as they are there.
    amounts
        Pounds by network and line.
    """

    years: tuple[str, ...]
    lines: dict[str, BudgetRow]
    amounts: dict[tuple[str, str], Decimal]

    @property
    def counted(self) -> dict[str, BudgetRow]:
        """The lines that totals count."""
        return {name: row for name, row in self.lines.items() if row.counted}

    def amount(self, network: str | None = None, line: str | None = None) -> Decimal:
        """Add up what a network, or all, is paid under a line, or under all that count."""
        lines = self.counted if line is None else {line}
        return sum(
            (
                pounds
                for (own, name), pounds in self.amounts.items()
                if network in {None, own} and name in lines
            ),
            Decimal(0),
        )


def money(rows: Iterable[BudgetRow]) -> Money:
    """Add up the rows of `budgets.csv`, exact to the penny."""
    years: set[str] = set()
    amounts: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lines: dict[str, BudgetRow] = {}
    for row in rows:
        years.add(row.financial_year)
        amounts[row.network_id, row.funding_line] += row.amount_gbp
        lines.setdefault(row.funding_line, row)
    return Money(tuple(sorted(years)), lines, dict(amounts))


def _payees(budget: Budget) -> dict[str, Payee]:
    """Return the networks that are paid, by identifier."""
    found: dict[str, Payee] = {}
    for member in budget.years[0].members if budget.years else ():
        if member.network_id:
            before = found.get(member.network_id)
            patients = member.registered + (0 if before is None else before.patients)
            found[member.network_id] = Payee(member.network_name, patients)
    return found


@dataclass(frozen=True)
class Proof:
    """What is proven of a plan.

    Attributes
    ----------
    status
        As in `summary.json`.
    cost, bound
        Of this plan and of any, in patient-`unit`.
    gap
        (cost - bound) / cost.
    certified
        The bound that the certificate alone proves, in patient-`unit`; None without one.
    verified
        Whether the second program proved the certificate again just now.
    short, above
        Patients outside the band that no plan can avoid, where the band had to give way.
    fewest_moved
        That no plan moves fewer, such as `1,200 patients`; None where that was not asked.
    fewest_misaligned
        No plan has fewer patients who live in another neighbourhood than their network serves; None
        where that was not asked.
    is_unsettled
        Whether it is the best, but was not settled to be the first by rule of those that are.
    """

    status: Status
    cost: float
    bound: float
    gap: float
    certified: float | None
    verified: bool
    short: int
    above: int
    fewest_moved: str | None
    fewest_misaligned: int | None
    is_unsettled: bool

    @property
    def relaxed(self) -> bool:
        """Whether the band gave way: no plan keeps it."""
        return bool(self.short or self.above)

    @property
    def percent(self) -> str:
        """The gap as it is told."""
        return gap_percent(self.gap, self.status)


def _stored_proof(case: Case, judgement: Judgement) -> Proof | None:
    """Return the proof of a plan folder; None where it has none, or anything in it is wrong."""
    plan, claims, cost = case.stored, judgement.claims, judgement.report.cost
    if plan is None or claims is None or cost is None or not judgement.is_as_made:
        return None
    if not plan.summary.keys() >= _CLAIMS:
        return None
    summary, to_unit = plan.summary, case.region.travel.to_unit
    bound = summary["bound_integer"]
    certified = None
    if claims.certified is not None:
        certified = round(max(0.0, to_unit(claims.certified)), 3)
    return Proof(
        status=summary["status"],
        cost=round(to_unit(cost), 3),
        bound=round(to_unit(bound), 3),
        gap=(cost - bound) / cost if cost else 0.0,
        certified=certified,
        verified=claims.verified,
        short=claims.outside.short,
        above=claims.outside.above,
        fewest_moved=_fewest_moved(summary),
        fewest_misaligned=summary.get("misaligned_bound"),
        is_unsettled=summary.get("first_of_equals") is False,
    )


def _fewest_moved(summary: Mapping[str, Any]) -> str | None:
    for counts in ("patient", "practice"):
        if (fewest := summary.get(f"{counts}s_moved_bound")) is not None:
            return plural(fewest, counts)
    return None


@dataclass(frozen=True)
class Facts:
    """Everything the page of a plan says.

    Attributes
    ----------
    regions
        The codes of the region, nearly always one.
    region_names
        By code, of those that have a name.
    list_date
        The day of the lists, ISO; empty where it is not known.
    unit
        Of travel: `km` or `minutes`.
    band
        Fewest and most patients.
    is_today
        Whether the plan is the networks of today.
    are_footprints
        Whether its networks are footprints of those of today, which are paid.
    described
        The networks as they are described in `networks`.
    practices, networks
        The rows of `groupings.csv` and `networks.csv`.
    has_sites
        Whether sites that are no practices may be hubs.
    money, payees
        The rows of `budgets.csv`, added up, and the networks that are paid, by identifier: those of
        the plan, or those that its footprints hold.
    budget_of, budget_remark, without
        The year of the budget and the day of its lists, empty where there is none; what its total
        has to say of itself; and what it is without, a sentence for each reason.
    mean_travel
        Per patient, as in `summary.json`.
    moved
        Patients and practices that move from the networks of today; None where there are none, or
        where the plan is just these or their footprints.
    proof
        None where none belongs to the plan.
    earlier
        The day of the lists that the plan was made with, or nothing where they do not say it; None
        if it is judged by these.
    changes
        What has become of practices since then.
    broken
        Broken rules. With a proof there are none: its networks outside the band are exceptions.
    false_claims
        In how many places the plan's files say of it what is not so.
    rules
        All keys; those of the search only with a proof, which is its.
    inputs, rule_files
        The files it was made from, and those that its rules name, as in `summary.json`.
    notes, data_report
        Remarks on the files, and how many findings there are by kind.
    odd
        The practices that findings are about, by kind, each with what is odd about it.
    doubts
        What is worth a second look, in words.
    version
        Of the program.
    fit
        How the plan fits neighbourhoods; None without a map of them.
    """

    regions: tuple[str, ...]
    region_names: Mapping[str, str]
    list_date: str
    unit: str
    band: tuple[int, int]
    is_today: bool
    are_footprints: bool
    described: tuple[Network, ...]
    practices: tuple[GroupingRow, ...]
    networks: tuple[NetworkRow, ...]
    has_sites: bool
    money: Money
    payees: dict[str, Payee]
    budget_of: str
    budget_remark: str
    without: tuple[str, ...]
    mean_travel: float
    moved: tuple[int, int] | None
    proof: Proof | None
    broken: tuple[Finding, ...]
    earlier: str | None
    changes: tuple[Finding, ...]
    false_claims: int
    rules: tuple[Rule, ...]
    inputs: tuple[Source, ...]
    rule_files: tuple[Mapping[str, str], ...]
    notes: tuple[str, ...]
    data_report: dict[str, int]
    odd: Mapping[str, Sequence[str]]
    doubts: tuple[str, ...]
    version: str
    attribution: str = ""
    fit: FitFacts | None = None
    profile: tuple[FigureFacts, ...] = ()

    @property
    def each(self) -> str:
        """What one of its networks is called."""
        return "footprint" if self.are_footprints else "network"

    @cached_property
    def parts_of_today(self) -> dict[str, int]:
        """In how many networks of the plan the practices of each network of today are."""
        inside: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.placed:
            if row.current_network:
                inside[row.current_network].add(row.network_id)
        return {today: len(networks) for today, networks in inside.items()}

    @property
    def exceptions(self) -> tuple[NetworkRow, ...]:
        """The networks outside the band."""
        return tuple(row for row in self.networks if not row.in_band)

    @property
    def placed(self) -> tuple[GroupingRow, ...]:
        """The practices in a network."""
        return tuple(row for row in self.practices if row.network_id)

    @property
    def patients(self) -> int:
        """Registered patients of the region, in a network or not."""
        return sum(row.list_size for row in self.practices)


def _earlier(case: Case) -> str | None:
    plan = case.stored
    if plan is None or not plan.is_of_other_lists(case.region.practices.sources):
        return None
    return plan.list_date


def _odd(report: pd.DataFrame) -> dict[str, list[str]]:
    """Return the practices that a data report is about, by finding, in words."""
    names = dict(zip(report["practice_code"], report["practice_name"], strict=True))
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = report[["finding", "practice_code", "detail"]].itertuples(index=False)
    for kind, code, detail in rows:
        if code:
            found[kind].append(f"{told(code, names)} {detail}".rstrip())
    return found


def facts_of(case: Case) -> Facts:
    """Collect what the page of a plan says."""
    region = case.region
    judgement = judge(case, node_limit=0)  # no further than a run goes
    proof = _stored_proof(case, judgement)
    found = [finding for finding in judgement.report.findings if finding.is_broken]
    broken = tuple(finding for finding in found if finding.rule not in CLAIMS)
    summary = case.stored.summary if case.stored is not None and proof is not None else {}
    reasons = {row["network_id"]: row["reason"] for row in summary.get("exceptions", ())}
    networks = labelled_networks(region, case.networks, reasons, case.names)
    practices = grouping_rows(networks, region.table, region.travel)
    patients, count = moved(region, list(case.networks.values()))
    is_today = case.name == CURRENT
    budget = _budget(region, networks)
    report = plan_report(region, case.networks.values())
    return Facts(
        regions=tuple(sorted({row.region_code for row in practices} - {""})),
        region_names={row.region_code: row.region_name for row in practices if row.region_name},
        list_date=region.practices.list_date or summary.get("list_date", ""),
        unit=region.travel.unit,
        band=(region.problem.size.band_min, region.problem.size.band_max),
        is_today=is_today,
        are_footprints=not is_today and are_footprints(region, case.networks),
        described=networks,
        practices=practices,
        networks=network_rows(networks, region),
        has_sites=bool(region.hub_places),
        money=money(budget_rows(budget)),
        payees=_payees(budget),
        budget_of=budget.told if budget.years else "",
        budget_remark=budget.remark,
        without=budget.without,
        mean_travel=round(mean_travel(networks), 3),
        moved=None if is_today or patients is None or count is None else (patients, count),
        proof=proof,
        broken=broken if proof is None else (),
        earlier=_earlier(case),
        changes=case.changes,
        false_claims=len(found) - len(broken),
        rules=rules_of(region.configuration.portable(Path.cwd()), searched=proof is not None),
        inputs=_inputs(summary) or _read_now(case),
        rule_files=tuple(
            summary["rule_files"] if "rule_files" in summary else rule_files(region.configuration)
        ),
        notes=tuple(summary.get("notes", region.practices.notes)),
        data_report=summary.get("data_report", findings_by_kind(report)),
        odd=_odd(report),
        doubts=tuple(doubt_lines(report)),
        version=summary.get("versions", versions())["pcn-group"],
        attribution=attribution(region.configuration),
        fit=FitFacts.of(
            FittedPlan.of(region, networks, who_else_of(summary, region.problem.codes))
        ),
        profile=profile_facts(region, networks),
    )


def _budget(region: Region, networks: Sequence[Network]) -> Budget:
    members = [(network.network_id, network.members) for network in networks]
    names = {network.network_id: network.name for network in networks}
    return plan_budget(region.table, members, region.configuration.funding, names)


def _inputs(summary: Mapping[str, Any]) -> tuple[Source, ...]:
    return tuple(
        Source(row["name"], row["sha256"], row["rows"]) for row in summary.get("inputs", ())
    )


def _read_now(case: Case) -> tuple[Source, ...]:
    """Return the files of practices, and of a plan that does not say what it was made from."""
    sources = case.region.practices.sources
    return sources if case.stored is None else case.stored.with_sources(sources)
