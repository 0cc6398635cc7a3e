"""The rules of the road: what the tags of OpenStreetMap say to a car.

The speeds by class of road, the share of a speed limit that is driven, and what closes a road are
those of OSRM's car profile, version 5:
https://github.com/Project-OSRM/osrm-backend/blob/master/profiles/car.lua. Turns, traffic lights,
bans on turning and the surface of the road count for nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

__all__ = ["ACCESS", "FERRY", "RULES", "SPEEDS", "Road", "driven", "is_blocked", "road_of"]

SPEEDS = {
    "motorway": 90,
    "motorway_link": 45,
    "trunk": 85,
    "trunk_link": 40,
    "primary": 65,
    "primary_link": 30,
    "secondary": 55,
    "secondary_link": 25,
    "tertiary": 40,
    "tertiary_link": 20,
    "unclassified": 25,
    "residential": 25,
    "living_street": 10,
    "service": 15,
}
"""Kilometres an hour by the class of a road, its `highway`, where it has no limit of its own."""

FERRY = 5
"""Kilometres an hour of a ferry that does not say how long it takes."""

_DRIVEN = 0.8
"""The share of a speed limit that is driven."""

_LIMITS = {"none": 140.0, "walk": 5.0, "national": 96.6}
"""Kilometres an hour of limits in words, also with a country before them: GB:nsl_single."""

_LIMITS |= {"nsl_single": 96.6, "nsl_dual": 112.7, "motorway": 112.7}

_UNITS = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344}
_LIMIT = re.compile(r"(?:[a-z]{2}:)?(?:([a-z_]+)|([0-9]+(?:\.[0-9]+)?) ?([a-z/]*))")

ACCESS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""The tags that say who may pass; the first that is there counts."""

_CLOSED = {
    "no", "private", "agricultural", "forestry", "delivery", "emergency", "military", "psv",
}  # fmt: skip
_PASSABLE = {
    "arch", "border_control", "cattle_grid", "entrance", "gate", "height_restrictor", "kerb",
    "lift_gate", "no", "sally_port", "swing_gate", "toll_booth",
}  # fmt: skip
"""Barriers that a car passes; any other it does not. Kerbs and swing gates are added to those of
OSRM's profile."""

_BETWEEN = re.compile(r"[;,] *")

_ONWARD, _BACK = {"yes", "true", "1"}, {"-1", "reverse"}
_ROUNDABOUTS = {"roundabout", "circular"}

_DURATION = re.compile(r"(?:(\d+):)?(\d+)(?::(\d+))?|pt(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")

RULES = hashlib.sha256(
    repr((SPEEDS, FERRY, _DRIVEN, _LIMITS, sorted(_CLOSED), sorted(_PASSABLE))).encode()
).hexdigest()
"""Of all speeds and what closes a road: roads that were read under others are read again."""


class Tags(Protocol):
    """The tags of a road or a node."""

    def get(self, key: str, default: str, /) -> str:
        """Return the value of a tag."""


@dataclass(frozen=True)
class Road:
    """What a car may do on a road.

    Attributes
    ----------
    onward, back
        Kilometres an hour in the order of its nodes and against it; 0 where it may not go.
    seconds
        From one end to the other, where the road itself says so.
    is_entry
        Whether ways begin and end on it: not on motorways, and not on a ferry.
    goes_on
        Whether it is of a class that leads somewhere: where it ends, the file does.
    """

    onward: float
    back: float
    seconds: float | None = None
    is_entry: bool = True
    goes_on: bool = False


def road_of(tags: Tags) -> Road | None:
    """Return the road that tags describe; None if it is none for cars."""
    kind = tags.get("highway", "")
    if kind not in SPEEDS:
        return _ferry_of(tags) if tags.get("route", "") == "ferry" else None
    if _access(tags) in _CLOSED or tags.get("area", "") == "yes":
        return None
    if tags.get("service", "") == "emergency_access":
        return None
    usual = driven(tags.get("maxspeed", "")) or float(SPEEDS[kind])
    onward = driven(tags.get("maxspeed:forward", "")) or usual
    back = driven(tags.get("maxspeed:backward", "")) or usual
    way = _direction(kind, tags)
    if way is None:
        return None
    is_motorway = kind in {"motorway", "motorway_link"}
    goes_on = kind in {"motorway", "trunk", "primary", "secondary", "tertiary"}
    return Road(
        onward if way >= 0 else 0.0, back if way <= 0 else 0.0, None, not is_motorway, goes_on
    )


def _ferry_of(tags: Tags) -> Road | None:
    """Return a ferry if it says that it carries cars: most of those that do not, say nothing."""
    access = next((tags.get(key, "") for key in ACCESS[:-1] if tags.get(key, "")), "no")
    if access in _CLOSED or _access(tags) in _CLOSED:
        return None
    seconds = _seconds(tags.get("duration", ""))
    return Road(float(FERRY), float(FERRY), seconds, is_entry=False)


def is_blocked(tags: Tags) -> bool:
    """Whether a car cannot pass a node, such as a bollard."""
    if access := _access(tags):
        return access in _CLOSED
    barriers = set(_BETWEEN.split(tags.get("barrier", "")))  # such as gate and lights
    return barriers.isdisjoint({"", *_PASSABLE}) and tags.get("bollard", "") != "rising"


def _access(tags: Tags) -> str:
    return next((value for key in ACCESS if (value := tags.get(key, ""))), "")


def _direction(kind: str, tags: Tags) -> int | None:
    """Return 1 where a road leads onward only, -1 back, 0 both ways; None if that changes."""
    said = tags.get("oneway", "")
    if said in {"reversible", "alternating"}:
        return None
    if said in _BACK:
        return -1
    implied = kind == "motorway" or tags.get("junction", "") in _ROUNDABOUTS
    return 1 if said in _ONWARD or (implied and said != "no") else 0


@cache
def driven(maxspeed: str) -> float | None:
    """Return the speed under a limit, of several the lowest; None if there is none to be read."""
    limits = [limit for each in maxspeed.split(";") if (limit := _limit(each.strip().lower()))]
    return min(limits) * _DRIVEN if limits else None


def _limit(text: str) -> float | None:
    found = _LIMIT.fullmatch(text)
    if found is None:
        return None
    word, number, unit = found.groups()
    if word is not None:
        return _LIMITS.get(word)
    return float(number) * _UNITS[unit] if unit in _UNITS else None


def _seconds(duration: str) -> float | None:
    """Return how long a ferry takes: minutes, h:mm, h:mm:ss, or as ISO 8601 has it."""
    found = _DURATION.fullmatch(duration.strip().lower())
    if found is None:
        return None
    hours, minutes, seconds, *iso = (int(part or 0) for part in found.groups())
    if any(iso):
        hours, minutes, seconds = iso
    return float(3600 * hours + 60 * minutes + seconds) or None
