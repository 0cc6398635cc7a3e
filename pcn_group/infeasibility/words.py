"""Why there is no plan in the band, in words a person can act on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pcn_group.base.lookup import told
from pcn_group.base.progress import OnProgress
from pcn_group.base.wording import listed, named, plural
from pcn_group.infeasibility.clash import Clash, find_clash
from pcn_group.infeasibility.remedies import (
    Remedy,
    best_plan,
    is_of_band,
    remedies,
    silent,
    yielding,
)
from pcn_group.region.figure_limits import figure_text
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region, rules_in_force, strict_problem
from pcn_group.solver.instance import build_instance
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solution import Solution

__all__ = [
    "Reasons",
    "amount",
    "bands_in_words",
    "clash_in_words",
    "more",
    "no_plan_in_words",
    "outside_in_words",
    "reasons_for",
    "reasons_in_words",
    "why_infeasible",
]


@dataclass(frozen=True)
class Reasons:
    """Why there is no plan in the band, in positions of practices.

    Attributes
    ----------
    clash
        Around one place; there may be others elsewhere.
    indivisible
        The connected parts whose patients no whole number of networks can hold.
    least
        The plan with the fewest patients outside the band, were both sides to be avoided only;
        without networks where there is none even so, or none was found.
    remedies
        What helps, each solved.
    is_complete
        Whether all was looked into before time was over.
    """

    clash: Clash
    indivisible: tuple[tuple[int, ...], ...]
    least: Solution
    remedies: tuple[Remedy, ...]
    is_complete: bool = True


def reasons_for(
    region: Region,
    effort: Effort,
    *,
    centre: Sequence[int] = (),
    least: Solution | None = None,
    on_progress: OnProgress = silent,
) -> Reasons:
    """Work out why a region has no plan in the band, which must be proven already.

    Parameters
    ----------
    centre
        Positions of the practices around which to look for what clashes; without any, those of the
        network farthest outside the band in the plan with the least outside.
    least
        That plan, where it is known.
    """
    if least is None:
        some = effort.at_most(effort.seconds_left / 4)
        least = best_plan(yielding(region.problem), some, on_progress=on_progress)
    # Where there is no plan whatever the sizes, it is not the band that clashes.
    rules = rules_in_force(region)
    sizes = () if least.status != "infeasible" else [r for r in rules if is_of_band(r)]
    blamed = [rule for rule in rules if rule not in sizes]
    some = effort.at_most(effort.seconds_left / 3)
    clash = find_clash(region, blamed, centre or _worst(region, least), some, least.networks)
    instance = build_instance(strict_problem(region, sizes))
    found = remedies(region, clash, least, effort, on_progress)
    return Reasons(
        clash=clash,
        indivisible=tuple(instance.in_problem(part) for part in instance.indivisible_parts()),
        least=least,
        remedies=found,
        is_complete=effort.seconds_left > 0,
    )


def _worst(region: Region, least: Solution) -> tuple[int, ...]:
    """Return the network that is farthest outside the band, the first of equals, if any."""
    problem = region.problem
    size = problem.size

    def outside(network: tuple[int, ...]) -> tuple[int, int]:
        patients = int(problem.weights[list(network)].sum())
        beyond = sum(limit.excess(network) > limit.allowed for limit in problem.figure_limits)
        return max(size.smallest - patients, patients - size.largest, 0), beyond

    inside = (network for network in least.networks if network not in problem.aside)
    return max(inside, key=outside, default=())


def why_infeasible(region: Region, effort: Effort, on_progress: OnProgress) -> str:
    """Explain a proven infeasibility, in lines.

    Parameters
    ----------
    effort
        What is left of the time, to look for what clashes and what would help.
    """
    reasons = reasons_for(region, effort, on_progress=on_progress)
    return "\n".join(no_plan_in_words(region, reasons))


def no_plan_in_words(region: Region, reasons: Reasons) -> list[str]:
    """Say that no plan satisfies the rules, and why."""
    count = len(region.problem.codes)
    bands = bands_in_words(region.problem)
    proven = f"Proven: no plan of these {count:,} practices has every network {bands}"
    wanted = region.configuration.limits.networks
    if wanted is not None:
        number = plural(wanted, "network") if isinstance(wanted, int) else f"{wanted} networks"
        proven = f"Proven: no plan of these {count:,} practices has {number}, each {bands}"
    if (share := region.configuration.limits.min_aligned) is not None:
        proven += f", and {100 * share:.6g}% of the patients aligned"
    if region.configuration.neighbourhoods.networks == "one":
        proven += ", and one for each neighbourhood"
    return [f"{proven}.", *reasons_in_words(region, reasons)]


def bands_in_words(problem: Problem) -> str:
    """Return what a network may have at any price, of patients and of figures."""
    size = problem.size
    bands = f"between {size.smallest:,} and {size.largest:,} patients"
    for limit in problem.figure_limits:
        if limit.allowed == 0:
            least = "at least" if limit.side == "min" else "at most"
            bands += f", and {limit.figure.title} {least} {figure_text(limit.at)}"
    return bands


def reasons_in_words(region: Region, reasons: Reasons) -> list[str]:
    """Say what clashes, how little can be outside the band, and what would help."""
    problem = region.problem
    lines = [_indivisible(region, part) for part in reasons.indivisible]
    if problem.oversize:
        names = named([problem.codes[i] for i in problem.oversize])
        lines.append(f"Larger than a network may be, and so alone: {names}.")
    lines += clash_in_words(region, reasons.clash)
    cut_off = reasons.clash.cut_off
    if cut_off and cut_off not in reasons.indivisible:
        inside = int(problem.weights[list(cut_off)].sum())
        names = named([problem.codes[i] for i in cut_off])
        lines.append(f"Cut off from the rest: {names}, with {inside:,} patients in all.")
    lines += _least(region, reasons.least)
    if reasons.remedies:
        lines.append("What would help, each change by itself, and the best plan after it:")
        lines += [f"- {_remedy(region, remedy)}" for remedy in reasons.remedies]
    if not reasons.is_complete:
        lines.append(
            "The time limit ended the search for reasons and for what would help; there may be "
            "more. Allow more with --time-limit."
        )
    return lines


def clash_in_words(region: Region, clash: Clash) -> Iterator[str]:
    """Say which practices clash under which rules."""
    problem = region.problem
    codes = [problem.codes[i] for i in clash.practices]
    patients = int(problem.weights[list(clash.practices)].sum())
    if not codes:
        yield "Every practice has room in networks that keep the rules, but no whole plan does."
    elif len(codes) == 1:
        yield f"No network that keeps the rules can hold {codes[0]} ({patients:,} patients)."
    else:
        names = f"{listed(codes)}: {len(codes)} practices of {patients:,} patients"
        yield f"There is no room in networks that keep the rules for all of {names}."
    rules = ", ".join(map(str, clash.rules))
    if clash.is_least:
        which = (
            "any one of these rules or practices" if len(codes) > 1 else "any one of these rules"
        )
        if len(codes) <= len(clash.rules) == 1:
            which = "that rule"
        there = "room" if codes else "a plan"
        yield f"What clashes: {rules}. Take away {which}, and there is {there}."
    else:
        yield (
            f"What clashes: {rules}, at most. Time ran out before it was clear which of these "
            "rules and practices could be left out."
        )
    yield from _serving_in_words(region, clash.serving)


def _serving_in_words(region: Region, serving: Sequence[PlanLimit]) -> Iterator[str]:
    """Say which neighbourhoods leave no plan if one network serves each."""
    every, most = region.neighbourhoods, region.problem.size.largest
    if not serving or every is None:
        return
    names = dict(zip(every.codes, every.names, strict=True))
    lives = dict(zip(every.codes, every.patients.sum(axis=0).tolist(), strict=True))
    asked = [(every.codes[limit.neighbourhood or 0], limit.step > 0) for limit in serving]
    some = (
        f"{'no more than one' if at_most else 'one'} for {told(code, names)}, "
        f"home to {lives[code]:,} patients"
        for code, at_most in asked
    )
    yield f"Enough to leave no plan is one network for these: {'; '.join(some)}."
    for code, at_most in asked:
        if at_most and lives[code] > most:
            yield (
                f"A network has at most {most:,} of the {lives[code]:,} patients of "
                f"{told(code, names)}. All others would have to be in networks with at least as "
                "many patients of another neighbourhood."
            )


def outside_in_words(short: int, above: int, problem: Problem, further: Sequence[int]) -> str:
    """Return what is outside the limits; `none` where nothing is.

    Parameters
    ----------
    problem, further
        Whose limits on figures there are, and how much is beyond each.
    """
    parts = [f"{short:,} patients short of the minimum"] if short else []
    parts += [f"{above:,} patients above the maximum"] if above else []
    for limit, excess in zip(problem.figure_limits, further, strict=True):
        if excess:
            side = "under" if limit.side == "min" else "over"
            beyond = f"{limit.figure.title} {side} {figure_text(limit.at)}"
            is_sum = limit.figure.adds == "sum"
            amount_beyond = f" by {figure_text(Fraction(excess, limit.unit))} in all"
            parts.append(beyond + (amount_beyond if is_sum else ""))
    return " and ".join(parts) or "none"


def _bridge(region: Region, pair: Sequence[int]) -> str:
    """Name two practices that could be neighbours, and how far apart they are."""
    a, b = pair
    travel = region.travel
    apart = travel.to_unit(float(min(travel.values[a, b], travel.values[b, a])))
    names = f"{region.problem.codes[a]} and {region.problem.codes[b]}"
    return f"{names} as neighbours ({apart:,.2f} {travel.unit} apart; adjacency.add)"


def amount(region: Region, cost: int) -> str:
    """Return a cost in the reporting unit."""
    return f"{region.travel.to_unit(cost):,.1f} patient-{region.travel.unit}"


def more(region: Region, cost: int, best: int) -> str:
    """Say how much a plan costs more, or less, than the best one."""
    share = f" ({abs(cost) / best:.2%})" if best else ""
    return f"{amount(region, abs(cost))}{share} {'less' if cost < 0 else 'more'}"


def _indivisible(region: Region, part: Sequence[int]) -> str:
    """Say why no whole number of networks holds the patients of a connected part."""
    problem = region.problem
    patients = int(problem.weights[list(part)].sum())
    most = patients // max(1, problem.size.smallest)
    why = "fewer than one network needs"
    if most:
        why = f"enough for {plural(most, 'network')} at the most, and too many for that"
    whose = "These practices have"
    if len(part) < len(problem.codes):
        have = "has" if len(part) == 1 else "have"
        whose = f"{named([problem.codes[i] for i in part])}, cut off from the rest, {have}"
    return f"{whose} {patients:,} patients in all, {why}."


def _least(region: Region, least: Solution) -> Iterator[str]:
    """Say how little can be outside the band."""
    if least.status == "infeasible":
        yield "Letting the band give way would not help: there is no plan even so."
    elif least.networks and any(least.outside):
        outside = _outside(least)
        found = "" if least.status == "optimal" else " found"
        what = f"The least{found} outside the band"
        problem, size = region.problem, region.problem.size
        yields = size.avoid_below and size.avoid_above
        how = "" if yields else ", with band.below=avoid and band.above=avoid"
        if problem.figure_limits:
            what += "s"
            yields &= all(limit.avoid or limit.allowed for limit in problem.figure_limits)
            how = "" if yields else ", with all of them to be avoided"
        yield f"{what}{how}: {outside}, in a plan of {amount(region, least.cost)}."


def _remedy(region: Region, remedy: Remedy) -> str:
    rule = remedy.rule
    if remedy.bridge is not None:
        change = _bridge(region, remedy.bridge)
    elif rule is not None and remedy.kind == "limit":
        nearest = ", the nearest that does" if remedy.is_nearest else ""
        change = f"{rule.key}={rule.value}{nearest}"
    else:
        change = f"without {rule}"
    after = remedy.solution
    if remedy.resolves:
        return f"{change}: {amount(region, after.cost)}, all in the band"
    return f"{change}: leaves {_outside(after)}"


def _outside(solution: Solution) -> str:
    return outside_in_words(solution.short, solution.above, solution.problem, solution.further)
