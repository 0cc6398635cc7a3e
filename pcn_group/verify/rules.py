"""The independent judge of any plan: by the rules alone, however the plan came about.

Plain Python on plain integers. It shares nothing with the solver beyond the problem itself, not
even the way a network's cost is computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from pcn_group.base.wording import plural
from pcn_group.region.alignment import Alignment
from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import FORBIDDEN, Problem

__all__ = ["CLAIMS", "Finding", "Judged", "Report", "check_plan", "hubs_of"]

CLAIMS = ("adjacency", "figures", "certificate")
"""What a finding on the claims that a plan comes with says instead of a rule."""


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing about a plan.

    Attributes
    ----------
    rule
        `coverage`, `attached`, `contiguity`, `band`, `practices`, `travel`, `hub`, `together`,
        `apart`, `fixed`, `networks`, `neighbourhoods`, `moves`, or for the claims a plan comes with
        `adjacency`, `figures`, `certificate`.
    where
        The network concerned, or the practices.
    message
        What was found, as a clause.
    is_broken
        Whether a rule is broken; else it is for information.
    may_give_way
        Whether that is a side of a band which gives way once no plan keeps all bands.
    """

    rule: str
    where: str
    message: str
    is_broken: bool
    may_give_way: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Judged:
    """The figures of one network.

    Attributes
    ----------
    label
        What the plan calls it.
    members
        Practice indices, sorted.
    patients
        Registered patients, those of practices attached to members included.
    hub
        The practice or site with the least total travel, the first of equals: a column of costs;
        None where there is none that may be the hub.
    cost
        Travel, and prices of misaligned patients and of being outside bands; None without a hub.
    in_band
        Whether it is inside the band, and inside all further ones.
    """

    label: str
    members: tuple[int, ...]
    patients: int
    hub: int | None
    cost: int | None
    in_band: bool


@dataclass(frozen=True)
class Report:
    """The judgement of a plan.

    Attributes
    ----------
    findings
        Everything found, broken rules first.
    networks
        The figures of each network that has members.
    cost
        Of the whole plan; None where a network has no permitted hub.
    patients
        Of the region, in a network or not.
    """

    findings: tuple[Finding, ...]
    networks: tuple[Judged, ...]
    cost: int | None
    patients: int

    @property
    def holds(self) -> bool:
        """Whether no rule is broken."""
        return not any(finding.is_broken for finding in self.findings)

    @property
    def share_in_band(self) -> float:
        """The share of networks inside the band."""
        inside = sum(network.in_band for network in self.networks)
        return inside / len(self.networks) if self.networks else 0.0

    def with_findings(self, more: Iterable[Finding]) -> Report:
        """Return the same judgement with further findings."""
        return replace(self, findings=_broken_first([*self.findings, *more]))


def check_plan(
    problem: Problem, networks: Sequence[Sequence[int]], labels: Sequence[str] | None = None
) -> Report:
    """Judge a plan by every rule of its problem.

    A network outside the band breaks a rule unless the configuration puts a price on that. An
    oversize practice that stands alone is listed, but breaks none. Nor does a network that is
    fixed, whatever it is like.

    Parameters
    ----------
    problem
        The region and its rules.
    networks
        The practice indices of each network.
    labels
        What findings call each network; numbers from 1 by default.
    """
    names = labels if labels is not None else [str(k + 1) for k in range(len(networks))]
    findings = _coverage(problem, networks, names)
    judged = []
    for name, network in zip(names, networks, strict=True):
        members = tuple(sorted(set(network)))
        if not members:
            findings.append(Finding("coverage", name, "has no practices", is_broken=True))
            continue
        hub, cost = _hub_and_cost(problem, members)
        patients = _patients(problem, members)
        in_band = problem.size.band_min <= patients <= problem.size.band_max
        in_band &= not any(_beyond(limit, members) > 0 for limit in problem.figure_limits)
        judged.append(Judged(name, members, patients, hub, cost, in_band))
        findings += _contiguity(problem, name, members)
        findings += _band(problem, judged[-1])
        findings += _further_bands(problem, judged[-1])
        findings += _limits(problem, judged[-1])
        findings += _apart(problem, judged[-1])
    findings += _together(problem, judged)
    findings += _fixed(problem, judged)
    findings += _plan_limits(problem, judged)
    findings += _alignment(problem, judged)
    costs = [network.cost for network in judged if network.cost is not None]
    return Report(
        findings=_broken_first(findings),
        networks=tuple(judged),
        cost=sum(costs) if len(costs) == len(judged) else None,
        patients=_patients(problem, range(len(problem.codes))),
    )


def _broken_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: not finding.is_broken))


def _coverage(
    problem: Problem, networks: Sequence[Sequence[int]], names: Sequence[str]
) -> list[Finding]:
    times = Counter(i for network in networks for i in network)
    missing = [i for i in range(len(problem.codes)) if not times[i]]
    findings = []
    if missing:
        message = "is in no network" if len(missing) == 1 else "are in no network"
        findings.append(Finding("coverage", _named(problem, missing), message, is_broken=True))
    for i in sorted(i for i, count in times.items() if count > 1):
        places = [name for name, network in zip(names, networks, strict=True) if i in network]
        message = f"is {times[i]} times in a network: {', '.join(places)}"
        findings.append(Finding("coverage", problem.codes[i], message, is_broken=True))
    return findings


def _contiguity(problem: Problem, name: str, members: Sequence[int]) -> list[Finding]:
    parts = []
    left = set(members)
    while left:
        part, frontier = set(), {min(left)}
        while frontier:
            part |= frontier
            beside = {j for i in frontier for j in problem.neighbours[i]}
            frontier = (beside & left) - part
        left -= part
        parts.append(_named(problem, sorted(part)))
    if len(parts) == 1:
        return []
    message = f"is not contiguous, it has {len(parts)} parts: {'; '.join(parts)}"
    return [Finding("contiguity", name, message, is_broken=not _is_fixed(problem, members))]


def _band(problem: Problem, network: Judged) -> list[Finding]:
    size, patients = problem.size, network.patients
    if _is_oversize(problem, network.members):
        message = f"is one practice of {patients:,} patients, more than any network may have"
        return [Finding("band", network.label, message, is_broken=False)]
    if size.band_min <= patients <= size.band_max:
        return []
    message = f"has {patients:,} patients, "
    if patients < size.band_min:
        message += f"{size.band_min - patients:,} short of {size.band_min:,}"
        may_give_way = size.avoid_below
    else:
        message += f"{patients - size.band_max:,} above {size.band_max:,}"
        may_give_way = size.avoid_above
    if patients < size.smallest < size.band_min:
        message += f", and under the floor of {size.smallest:,}"
    if patients > size.largest > size.band_max:
        message += f", and over the ceiling of {size.largest:,}"
    if _is_fixed(problem, network.members):
        return [Finding("band", network.label, f"{message}, and is fixed", is_broken=False)]
    allowed = size.smallest <= patients <= size.largest
    if allowed:
        message += ", at a price"
    return [Finding("band", network.label, message, not allowed, may_give_way)]


def _further_bands(problem: Problem, network: Judged) -> list[Finding]:
    """Say by how much a network is beyond each side of a further band."""
    findings = []
    for limit in problem.figure_limits:
        if _beyond(limit, network.members) > 0:
            allowed = _why_beyond(problem, network, limit)
            message = f"{limit.told(network.members)}{allowed}"
            findings.append(Finding("band", network.label, message, not allowed, limit.avoid))
    return findings


def _why_beyond(problem: Problem, network: Judged, limit: FigureLimit) -> str:
    """Say why a network may be beyond a side of a further band; empty where it may not."""
    if _is_oversize(problem, network.members):
        return ", as one practice alone"
    if _is_fixed(problem, network.members):
        return ", and is fixed"
    is_allowed = _beyond(limit, network.members) * limit.unit <= limit.allowed
    return ", at a price" if is_allowed else ""


def _beyond(limit: FigureLimit, members: Sequence[int]) -> Fraction:
    """Return by how much a network is beyond one side of a further band.

    Of a sum that is in units of the figure; of a mean and a share, times the patients.
    """
    figure = limit.figure
    amount = Fraction(sum(int(figure.amounts[i]) for i in members), figure.scale)
    patients = 1 if figure.adds == "sum" else sum(int(figure.base[i]) for i in members)
    over = amount - limit.at * patients
    return max(Fraction(0), over if limit.side == "max" else -over)


def _limits(problem: Problem, network: Judged) -> list[Finding]:
    findings = []
    count = len(network.members)
    if count > problem.max_practices and not _is_fixed(problem, network.members):
        message = f"has {count} practices, more than {problem.max_practices}"
        findings.append(Finding("practices", network.label, message, is_broken=True))
    anchors = [*range(len(problem.codes)), *(site.anchor for site in problem.sites)]
    hubs = hubs_of(problem, network.members)
    if all(problem.cost[anchors[hub], hub] >= FORBIDDEN for hub in hubs):
        site = " and no site" if problem.sites else ""
        message = f"has no practice{site} that may be a hub"
        findings.append(Finding("hub", network.label, message, is_broken=True))
    elif network.hub is None:
        site = " or site" if problem.sites else ""
        message = f"has no practice{site} within reach of all others"
        findings.append(Finding("travel", network.label, message, is_broken=True))
    return findings


def _apart(problem: Problem, network: Judged) -> list[Finding]:
    findings = []
    for pair in problem.apart:
        if set(pair) <= set(network.members):
            message = (
                f"has both {' and '.join(problem.codes[i] for i in pair)}, which are to be apart"
            )
            findings.append(Finding("apart", network.label, message, is_broken=True))
    return findings


def _together(problem: Problem, networks: Sequence[Judged]) -> list[Finding]:
    findings = []
    for group in problem.together:
        places = [network.label for network in networks if set(group) & set(network.members)]
        if len(places) > 1:
            message = f"are to be in one network, but are in {', '.join(places)}"
            findings.append(Finding("together", _named(problem, group), message, is_broken=True))
    return findings


def _fixed(problem: Problem, networks: Sequence[Judged]) -> list[Finding]:
    """List the networks that are fixed, and say which the plan does not have as they are."""
    findings = []
    for fixed in problem.fixed:
        own = [network.label for network in networks if network.members == fixed]
        if own:
            findings.append(Finding("fixed", own[0], "is fixed as it is", is_broken=False))
            continue
        places = [network.label for network in networks if set(fixed) & set(network.members)]
        what, which = "are fixed as a network", "are not one"
        if len(fixed) == 1:
            what, which = "is fixed as a network of its own", "is not one"
        message = f"{what}, but {which}: see {', '.join(places) or 'none'}"
        findings.append(Finding("fixed", _named(problem, fixed), message, is_broken=True))
    return findings


def _plan_limits(problem: Problem, networks: Sequence[Judged]) -> list[Finding]:
    findings = []
    for limit in problem.plan_limits:
        if limit.alignment is not None:
            continue
        counted = sum(limit.amount(network.members) != 0 for network in networks)
        if limit.areas is not None:
            message = f"has {plural(counted, 'network')} with practices in two or more local "
            message += f"authorities, and may have {limit.total:,} (limits.authorities)"
        else:
            least = "at most" if limit.step > 0 else "at least"
            message = f"has {plural(counted, 'network')}, and is to have {least} "
            message += f"{abs(limit.total):,} (limits.networks)"
        if limit.step * counted > limit.total:
            findings.append(Finding("networks", "the plan", message, is_broken=True))
    return findings


def _alignment(problem: Problem, networks: Sequence[Judged]) -> list[Finding]:
    findings = []
    for limit in problem.plan_limits:
        if limit.alignment is None:
            continue
        if limit.neighbourhood is not None:
            findings += _serving(limit, limit.alignment, limit.neighbourhood, networks)
            continue
        elsewhere = sum(_misaligned(limit.alignment, network.members) for network in networks)
        if elsewhere > limit.total:
            message = f"has {plural(elsewhere, 'patient')} who live in another neighbourhood than "
            message += f"their network serves, and may have {limit.total:,} (limits.min_aligned)"
            findings.append(Finding("neighbourhoods", "the plan", message, is_broken=True))
    return findings


def _serving(
    limit: PlanLimit, alignment: Alignment, neighbourhood: int, networks: Sequence[Judged]
) -> list[Finding]:
    """Say if a neighbourhood that one network is to serve has several, or none."""
    serving = [n.label for n in networks if _served(alignment, n.members) == neighbourhood]
    if limit.step * len(serving) <= limit.total:
        return []
    message = "is served by no network" if not serving else "is served by " + ", ".join(serving)
    message += ", and is to be by one (neighbourhoods.networks)"
    where = alignment.codes[neighbourhood]
    return [Finding("neighbourhoods", where, message, is_broken=True)]


def _served(alignment: Alignment, members: Sequence[int]) -> int:
    """Return the neighbourhood that most patients live in, the first of equals."""
    sums = [sum(int(column[i]) for i in members) for column in alignment.elsewhere.T]
    return sums.index(min(sums))


def _misaligned(alignment: Alignment, members: Sequence[int]) -> int:
    """Return how many patients live elsewhere than in the neighbourhood that most live in."""
    return min(sum(int(column[i]) for i in members) for column in alignment.elsewhere.T)


def hubs_of(problem: Problem, members: Sequence[int]) -> list[int]:
    """Return what may be the hub of a network, ascending: columns of costs.

    These are its practices, and the sites in their areas that have room for its patients.
    """
    patients = _patients(problem, members)
    sites = [
        column
        for column, site in enumerate(problem.sites, start=len(problem.codes))
        if site.anchor in members and (site.capacity is None or patients <= site.capacity)
    ]
    return [*members, *sites]


def _hub_and_cost(problem: Problem, members: Sequence[int]) -> tuple[int | None, int | None]:
    best_hub, best = None, None
    for hub in hubs_of(problem, members):
        parts = [int(problem.cost[i, hub]) for i in members]
        if max(parts) < FORBIDDEN and (best is None or sum(parts) < best):
            best_hub, best = hub, sum(parts)
    if best is None:
        return None, None
    if problem.alignment is not None:
        best += problem.alignment.price * _misaligned(problem.alignment, members)
    if _is_oversize(problem, members) or _is_fixed(problem, members):
        return best_hub, best
    patients = _patients(problem, members)
    for hinge in problem.size.hinges:
        if patients < hinge.at:
            best += hinge.below * (hinge.at - patients)
        else:
            best += hinge.above * (patients - hinge.at)
    best += sum(int(limit.price * _beyond(limit, members)) for limit in problem.figure_limits)
    return best_hub, best


def _is_oversize(problem: Problem, members: Sequence[int]) -> bool:
    """Whether a network is one practice that no network could hold, and not of a fixed one."""
    size = problem.size
    most = size.largest if size.alone_above is None else size.alone_above
    kept = {i for fixed in problem.fixed for i in fixed}
    return len(members) == 1 and members[0] not in kept and _patients(problem, members) > most


def _is_fixed(problem: Problem, members: Sequence[int]) -> bool:
    return any(set(members) == set(fixed) for fixed in problem.fixed)


def _patients(problem: Problem, members: Iterable[int]) -> int:
    return sum(int(problem.weights[i]) for i in members)


def _named(problem: Problem, members: Iterable[int]) -> str:
    return ", ".join(problem.codes[i] for i in members)
