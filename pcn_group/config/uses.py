"""Which settings each command uses, and what becomes of those that it does not.

A setting that would change the answer, and cannot, is refused by name: nobody is to believe that it
was kept. One about another matter, such as the money for a command that says nothing of money, may
stand in a file that several commands share; asked for by itself, with `--set`, it is refused as
well. How long to search, and with what, is no part of any answer, and never refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import yaml

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Configuration
from pcn_group.config.section import Section

__all__ = ["EFFORT", "MATTERS", "USES", "Use", "refuse_unused", "use_of"]

Use = Literal["used", "aside", "refused"]

MATTERS: Mapping[str, tuple[str, ...]] = {
    "practices": ("data.atypical", "data.atypical_below", "rules.exclude"),
    "successors": ("data.successors",),
    "shared places": ("data.shared",),
    "other lists": ("data.weighted_list_size", "data.adjusted_list_size"),
    "band": ("band.min", "band.max"),
    "outside the band": ("band.below", "band.above"),
    "travel": (
        "travel.way",
        "travel.roads",
        "travel.snap_max",
        "travel.origin",
        "travel.matrix",
        "travel.unit",
    ),
    "reach": ("travel.max_to_hub",),
    "hub sites": ("hubs.sites", "hubs.only_sites"),
    "branches": ("hubs.branches",),
    "neighbours": (
        "adjacency.method",
        "adjacency.outline",
        "adjacency.nearest",
        "adjacency.shared",
        "adjacency.main",
        "adjacency.edges",
        "adjacency.detour",
        "adjacency.detour_km",
        "adjacency.islands",
        "adjacency.land",
        "adjacency.crossings",
        "adjacency.barriers",
        "adjacency.add",
        "adjacency.remove",
    ),
    "price of change": ("prices.change",),
    "free to move": ("rules.free",),
    "prices": ("prices.authority", "prices.balance", "rules.prefer"),
    "price of a neighbourhood": ("prices.neighbourhood",),
    "least aligned": ("limits.min_aligned",),
    "one for each": ("neighbourhoods.networks",),
    "size": ("limits.max_practices",),
    "networks": ("limits.networks", "limits.authorities"),
    "moves": ("limits.max_moved_patients", "limits.max_moved_practices"),
    "groups": ("rules.together", "rules.apart", "rules.fixed", "rules.hubs", "rules.file"),
    "names": ("rules.names",),
    "neighbourhoods": ("neighbourhoods.map", "neighbourhoods.code", "neighbourhoods.name"),
    "figures": ("profile.figures",),
    "further bands": ("profile.bands",),
    "money": (
        "funding.year",
        "funding.lines",
        "funding.unconfirmed",
        "funding.earlier_tariff",
        "funding.tariffs",
    ),
    "who is paid": ("funding.networks",),
    "files": ("output.excel_safe", "output.travel", "output.suppress_below"),
    "effort": (
        "search.time_limit",
        "search.gap",
        "search.seed",
        "search.workers",
        "search.who_else",
    ),
}
"""Every key of the configuration, by what it is about."""

EFFORT = "effort"
"""What is never refused."""

_ALL: Mapping[str, Use] = dict.fromkeys(MATTERS, "used")
_NO_MONEY: Mapping[str, Use] = {
    **_ALL,
    **dict.fromkeys(("money", "who is paid", "other lists"), "aside"),
}

USES: Mapping[str, Mapping[str, Use]] = {
    "solve": _ALL,
    "batch": {**_ALL, "who is paid": "refused"},
    "report": _ALL,
    "paper": _ALL,
    "compare": {**_ALL, "who is paid": "aside"},
    "check": _NO_MONEY,
    "repair": {**_ALL, "moves": "refused"},
    "explain": _NO_MONEY,
    "alternatives": {**_NO_MONEY, "moves": "refused"},
    "tradeoff --against band": {**_NO_MONEY, "moves": "refused"},
    "tradeoff --against moves": {**_NO_MONEY, "moves": "refused"},
    "tradeoff --against neighbourhoods": {
        **_NO_MONEY,
        "moves": "refused",
        "least aligned": "refused",
        "price of a neighbourhood": "refused",
    },
    "tradeoff --against figure": {**_NO_MONEY, "moves": "refused"},
    "align": {**_ALL, "moves": "refused", "least aligned": "refused"},
    "divide": {
        **_ALL,
        "outside the band": "refused",
        "networks": "refused",
        "least aligned": "refused",
        "one for each": "refused",
        "moves": "refused",
        "price of change": "refused",
        "free to move": "refused",
        "further bands": "refused",
        "hub sites": "refused",
    },
    "footprints": {
        **dict.fromkeys(MATTERS, "refused"),
        **dict.fromkeys(
            (
                "practices",
                "successors",
                "travel",
                "branches",
                "neighbours",
                "neighbourhoods",
                "files",
            ),
            "used",
        ),
        **dict.fromkeys(("money", "who is paid"), "used"),
        **dict.fromkeys(("other lists", "names", "shared places"), "aside"),
    },
    "forecast": _NO_MONEY,
    "prepare": {
        **dict.fromkeys(MATTERS, "aside"),
        **dict.fromkeys(("practices", "successors", "other lists", "band", "files"), "used"),
    },
}
"""For each command what it makes of each matter."""

_WHY: Mapping[str, Mapping[str, str]] = {
    "batch": {"who is paid": "it is about a plan of one region"},
    "repair": {"moves": "it finds the fewest that have to move"},
    "alternatives": {"moves": "it asks for plans by their cost alone"},
    "tradeoff --against band": {"moves": "its curve is of cost and patients outside the band"},
    "tradeoff --against moves": {"moves": "its curve goes on to the fewest moves"},
    "tradeoff --against neighbourhoods": {
        "moves": "its curve is of cost and misaligned patients",
        "least aligned": "its curve goes on to the fewest misaligned patients",
        "price of a neighbourhood": "its curve is over every price",
    },
    "tradeoff --against figure": {"moves": "its curve is of cost and differences"},
    "align": {
        "moves": "it finds the fewest that have to move",
        "least aligned": "it finds how many can be, or is told with --at-least",
    },
    "divide": {
        "outside the band": "each part is in the band, or the network stays whole",
        "networks": "each network is divided by itself",
        "least aligned": "each network is divided by itself",
        "one for each": "each network is divided by itself",
        "moves": "here the networks of today are those of the plan",
        "price of change": "here the networks of today are those of the plan",
        "free to move": "here the networks of today are those of the plan",
        "further bands": "each part is in the band on patients alone",
        "hub sites": "its hubs are practices",
    },
    "footprints": {
        "hub sites": "the hub of a footprint is the hub of one of its networks",
        "band": "a footprint has --min and --max",
        "outside the band": "a footprint has --min and --max",
        "further bands": "a footprint has --min and --max",
    },
}

_ALREADY = {("divide", "band.below"): "forbid", ("divide", "band.above"): "forbid"}
"""What a command does in any case may be asked for."""


def refuse_unused(
    command: str,
    configuration: Configuration,
    overrides: Sequence[str] = (),
    own: Configuration | None = None,
) -> None:
    """Stop where a setting that is not the default would have no effect, and should have one.

    Parameters
    ----------
    command
        A key of `USES`.
    overrides
        Those of the settings that were given with `--set`, as for `load_configuration`.
    own
        The rules of a plan, which nobody set for this command; None where there are none.

    Raises
    ------
    InputError
        Naming every such setting.
    """
    asked = {override.partition("=")[0].strip() for override in overrides}
    faults = [
        Fault(key, f"is set, and {command} does not use it{_because(command, key)}", remedy)
        for key, remedy in _changed(configuration)
        if (command, key) not in _ALREADY or _value(configuration, key) != _ALREADY[command, key]
        if _is_refused(command, key, asked)
        if own is None or _value(configuration, key) != _value(own, key)
    ]
    if faults:
        raise InputError(faults)


def use_of(command: str, key: str) -> Use:
    """Return what a command makes of a key such as `band.min`."""
    return USES[command][_matter_of(key)]


def _is_refused(command: str, key: str, asked: set[str]) -> bool:
    use = use_of(command, key)
    if _matter_of(key) == EFFORT or use == "used":
        return False
    by_itself = any(name == key or name.startswith(f"{key}.") for name in asked)
    return use == "refused" or by_itself


def _matter_of(key: str) -> str:
    return next(matter for matter, keys in MATTERS.items() if key in keys)


def _because(command: str, key: str) -> str:
    why = _WHY.get(command, {}).get(_matter_of(key))
    return f": {why}" if why else ""


def _changed(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Return the keys that are not the default, each with how to have it so."""
    for section, field in Configuration.model_fields.items():
        given, default = getattr(configuration, section), field.default
        for name in type(default).model_fields:
            usual = getattr(default, name)
            if getattr(given, name) != usual:
                key = f"{section}.{name}"
                plain = usual.model_dump() if isinstance(usual, Section) else usual
                plain = [*plain] if isinstance(plain, tuple) else plain
                text = yaml.safe_dump(plain, default_flow_style=True).partition("\n")[0]
                yield key, f"Leave it out, or say --set {key}={text}."


def _value(configuration: Configuration, key: str) -> object:
    section, _, name = key.partition(".")
    return getattr(getattr(configuration, section), name)
