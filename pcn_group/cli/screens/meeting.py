"""What a meeting asks first of a plan: who moves, what is split, who has few patients to spare."""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.base.lookup import told
from pcn_group.base.wording import listed, plural
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.authorities import authority_name
from pcn_group.region.one_place import at_one_place

__all__ = ["asked_first"]

_SHOWN = 3
"""Buildings and networks named"""

_TIGHT = 10
"""Per cent of the minimum: who has fewer patients to spare is near it"""


def asked_first(result: SolvedPlan) -> list[str]:
    """Return what a meeting asks before it asks what the plan costs."""
    return [
        *_moves(result),
        *_names(result),
        *_buildings(result),
        *_water(result),
        *_authorities(result),
        *_spare(result),
    ]


def _moves(result: SolvedPlan) -> Iterator[str]:
    """Say what moves from the networks of today, and whether that is within a limit or proven."""
    patients, practices = result.patients_moved, result.practices_moved
    if patients is None or practices is None:
        return
    limits, fewest = result.region.configuration.limits, result.fewest_moved
    verb = "moves" if practices == 1 else "move"
    line = f"{plural(practices, 'practice')} of {plural(patients, 'patient')} {verb}"
    if fewest is not None:
        proven = "proven the fewest" if fewest == result.moved else f"proven: not under {fewest:,}"
        line += f" ({proven})"
    elif limits.max_moved_patients is not None or limits.max_moved_practices is not None:
        line += " (within the limit)"
    networks = plural(len(result.networks), "network")
    verb = "continues" if len(result.networks) == 1 else "continue"
    yield f"{line}; {result.networks_continued:,} of {networks} {verb} one of today."


def _names(result: SolvedPlan) -> Iterator[str]:
    """Tell of networks whose name from today is not wholly true any more."""
    units = result.region.units
    today = dict(zip(units["current_network"], units["current_network_name"], strict=True))
    for network in result.networks:
        name = today.get(network.network_id)
        if name and network.name.startswith(f"{name} without "):
            yield (
                f"Today's name is only partly true: {network.network_id} is called {network.name}; "
                "rules.names gives it another name."
            )


def _buildings(result: SolvedPlan) -> Iterator[str]:
    """Name the practices at one place that are in different networks."""
    units = result.region.units
    network_of = {i: n.network_id for n in result.networks for i in n.members}
    split = [place for place in at_one_place(units) if len({network_of[i] for i in place}) > 1]
    names = dict(zip(units["practice_code"], units["practice_name"], strict=True))
    codes = result.region.problem.codes
    if split:
        who = (" and ".join(told(codes[i], names) for i in inside) for inside in split)
        yield f"Split: {plural(len(split), 'building')}: {listed(who, _SHOWN)}."


_OVER_WATER = {
    "link_over_water": "Linked over water within a network",
    "network_over_water": "In a network only by boat",
}
"""What is said of these findings"""


def _water(result: SolvedPlan) -> Iterator[str]:
    """Name the links over water in networks, and the networks that hang together only by these."""
    report = result.data_report
    for kind, words in _OVER_WATER.items():
        rows = report[report["finding"] == kind]
        names = dict(zip(rows["practice_code"], rows["practice_name"], strict=True))
        who = [
            f"{told(code, names)} {detail}"
            for code, detail in zip(rows["practice_code"], rows["detail"], strict=True)
        ]
        if who:
            yield f"{words}: {listed(who, _SHOWN)}."


def _authorities(result: SolvedPlan) -> Iterator[str]:
    """Name the networks with practices in several local authorities."""
    authority = result.region.units["local_authority"].tolist()
    across = []
    for network in result.networks:
        inside = sorted({authority_name(authority[i]) for i in network.members} - {""})
        if len(inside) > 1:
            across.append(f"{network.network_id} ({network.name}: {', '.join(inside)})")
    if across:
        count = plural(len(across), "network")
        yield f"Across a border of local authorities: {count}: {listed(across, _SHOWN)}."


def _spare(result: SolvedPlan) -> Iterator[str]:
    """Say how many networks have few patients to spare above the minimum, and which the fewest."""
    least = result.region.problem.size.band_min
    near = least * (100 + _TIGHT) // 100
    tight = sorted((n.patients - least, n.network_id, n) for n in result.networks if n.in_band)
    tight = [each for each in tight if each[0] < near - least]
    if tight:
        spare, _, network = tight[0]
        verb = "is" if len(tight) == 1 else "are"
        yield (
            f"{len(tight):,} of {plural(len(result.networks), 'network')} {verb} under {near:,}; "
            f"{network.network_id} ({network.name}) has the fewest to spare: {spare:,}."
        )
