"""What the terminal says of how a plan fits neighbourhoods, and of who has to talk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pcn_group.base.lookup import told
from pcn_group.base.wording import plural
from pcn_group.plan.fit import STRADDLES, Fit, PracticeFit, fit_of
from pcn_group.region.region import Region

__all__ = ["fit_lines", "percent"]

_OF_THE_MAP = ("neighbourhood_empty", "neighbourhood_mended", "neighbourhood_overlap")
"""What is odd about a map, and changes who is counted where"""

_SHOWN = 3
"""Practices and neighbourhoods named"""


def fit_lines(region: Region, networks: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """Say how well a plan fits, what no network serves, and which practices fit badly.

    Nothing where there is no map of neighbourhoods.

    Parameters
    ----------
    networks
        The positions of the members of each network, by its code.
    """
    if region.neighbourhoods is None:
        return
    fit = fit_of(region.neighbourhoods, [*networks.values()], region.problem.weights)
    yield _in_all(fit)
    yield from _of_the_map(region)
    yield from _unserved(fit)
    yield from _straddling(region, fit)
    yield from _elsewhere(region, fit, networks)


def _in_all(fit: Fit) -> str:
    share = "" if fit.share is None else f" ({percent(fit.share)})"
    line = (
        f"Fit: {plural(fit.aligned, 'patient')}{share} in the neighbourhood that their network "
        f"serves, {fit.misaligned:,} in another, {fit.in_none:,} in none"
    )
    if fit.neighbourhoods.by == "practices":
        return f"{line}; all counted where their practice stands."
    return f"{line}."


def _of_the_map(region: Region) -> Iterator[str]:
    report = region.practices.data_report
    found = report[report["finding"].isin(_OF_THE_MAP)]
    if len(found):
        details = (
            f"{detail} ({treatment})"
            for detail, treatment in zip(found["detail"], found["treatment"], strict=True)
        )
        yield f"Of the map: {_some(details)}."


def _unserved(fit: Fit) -> Iterator[str]:
    every = fit.neighbourhoods
    lives = every.patients.sum(axis=0)
    names = dict(zip(every.codes, every.names, strict=True))
    order = sorted(fit.unserved, key=lambda k: (-lives[k], k))
    if order:
        some = (f"{told(every.codes[k], names)}, {lives[k]:,} patients" for k in order)
        yield f"No network serves {plural(len(order), 'neighbourhood')}: {_some(some)}."


def _straddling(region: Region, fit: Fit) -> Iterator[str]:
    found = [(i, own) for i, own in fit.practices.items() if own.straddles]
    if found:
        who = (
            f"{_practice(region, i)}, {percent(own.share)} in {_code(fit, own.main)}"
            for i, own in sorted(found, key=_weightiest)
        )
        count = plural(len(found), "practice")
        less = f"with under {STRADDLES:.0%} of the patients in any one neighbourhood"
        yield f"Straddling: {count} {less}: {_some(who)}."


def _elsewhere(region: Region, fit: Fit, networks: Mapping[str, Sequence[int]]) -> Iterator[str]:
    network_of = {i: label for label, members in networks.items() for i in members}
    found = [(i, own) for i, own in fit.practices.items() if own.lives_elsewhere]
    if found:
        who = (
            f"{_practice(region, i)}, {percent(own.share)} in {_code(fit, own.main)} while "
            f"{network_of[i]} serves {_code(fit, own.serves)}"
            for i, own in sorted(found, key=_weightiest)
        )
        count = plural(len(found), "practice")
        more = "with more patients in another neighbourhood than in that of their network"
        yield f"Living elsewhere: {count} {more}: {_some(who)}."


def _weightiest(found: tuple[int, PracticeFit]) -> tuple[int, int]:
    """Order practices by how many patients are misaligned."""
    return -found[1].misaligned, found[0]


def _some(texts: Iterator[str]) -> str:
    every = [*texts]
    more = [f"and {len(every) - _SHOWN:,} more"] if len(every) > _SHOWN else []
    return "; ".join([*every[:_SHOWN], *more])


def _practice(region: Region, place: int) -> str:
    names = dict(zip(region.units["practice_code"], region.units["practice_name"], strict=True))
    return told(region.problem.codes[place], names)


def _code(fit: Fit, number: int | None) -> str:
    return "none" if number is None else fit.neighbourhoods.codes[number]


def percent(share: float | None) -> str:
    """Return a share in per cent; what is not all is less than 100 %, and of nobody a dash."""
    return "-" if share is None else f"{share if share == 1 else min(share, 0.999):.1%}"
