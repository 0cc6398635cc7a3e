"""Roads as a file: read from extracts once, and then from there."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import sha256_of
from pcn_group.config.model import Configuration
from pcn_group.geography.roads.extract import read_segments
from pcn_group.geography.roads.network import Roads, network_of
from pcn_group.geography.roads.rules import RULES

__all__ = [
    "ATTRIBUTION",
    "Origin",
    "attribution",
    "origin_of",
    "read_extracts",
    "read_origin",
    "read_roads",
    "stored",
]

ATTRIBUTION = "© OpenStreetMap contributors (ODbL 1.0)"
"""Whose the roads are, and under which licence: wherever minutes on them are shown."""

_FORMAT = 1
_ORIGIN = "origin"
_MAKE = "Make it from extracts of OpenStreetMap with pcn-group roads."
_AGAIN = "Make it again with pcn-group roads."


@dataclass(frozen=True)
class Origin:
    """What roads were made from, and how: two files of one origin hold the same.

    Attributes
    ----------
    format
        Of the file.
    rules
        The digest of the speeds and of what closes a road.
    extracts
        Name and SHA-256 of each extract.
    """

    format: int
    rules: str
    extracts: tuple[tuple[str, str], ...]


def attribution(configuration: Configuration) -> str:
    """Return whose work what is shown under these rules rests on; empty where it is nobody's."""
    return f"Roads: {ATTRIBUTION}." if configuration.travel.roads is not None else ""


def origin_of(paths: Sequence[Path]) -> Origin:
    """Return the origin that roads of these extracts have.

    Raises
    ------
    InputError
        With every file that cannot be read.
    """
    extracts, faults = [], []
    for path in paths:
        try:
            extracts.append((path.name, sha256_of(path)))
        except OSError as error:
            remedy = "Check the path and your rights to it."
            faults.append(Fault(str(path), f"cannot be read: {error.strerror}", remedy))
    if faults:
        raise InputError(faults)
    return Origin(_FORMAT, RULES, tuple(extracts))


def read_extracts(paths: Sequence[Path]) -> Roads:
    """Return the network of the roads of extracts.

    Raises
    ------
    InputError
        As `read_segments`, and where no road leads there and back.
    """
    roads = network_of(read_segments(paths))
    if len(roads.junctions) == 0:
        problem, remedy = "have no roads that lead there and back", "Give an extract of a county."
        raise InputError([Fault(", ".join(path.name for path in paths), problem, remedy)])
    return roads


def stored(roads: Roads, origin: Origin) -> bytes:
    """Return the file of roads: an archive of arrays, as NumPy has them."""
    about = json.dumps(
        {"format": origin.format, "rules": origin.rules, "extracts": origin.extracts}
    )
    file = io.BytesIO()
    np.savez(file, **{_ORIGIN: np.array(about)}, **roads.arrays())  # type: ignore[arg-type]
    return file.getvalue()


def read_origin(path: Path) -> Origin | None:
    """Return the origin of a file of roads; None if there is none that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _origin(arrays)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def read_roads(path: Path) -> Roads:
    """Return the roads of a file that `stored` made.

    Raises
    ------
    InputError
        If it is no such file, is damaged, or was made under other rules.
    """
    try:
        limits.refuse_longer(path.name, path.stat().st_size, limits.FILE)
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            origin = _origin(arrays)
            if (origin.format, origin.rules) == (_FORMAT, RULES):
                return _whole({each.name: arrays[each.name] for each in fields(Roads)})
    except OSError as error:
        fault = Fault(str(path), f"cannot be read: {error.strerror or error}", _MAKE)
        raise InputError([fault]) from error
    except (KeyError, AttributeError, TypeError) as error:
        fault = Fault(path.name, "is no file of roads", _MAKE)
        raise InputError([fault]) from error
    except (ValueError, zipfile.BadZipFile) as error:
        fault = Fault(path.name, f"is no file of roads, or damaged: {error}", _AGAIN)
        raise InputError([fault]) from error
    problem = "was made by a version of pcn-group with other speeds or another form of the file"
    raise InputError([Fault(path.name, problem, _AGAIN)])


def _origin(arrays: Mapping[str, NDArray[Any]]) -> Origin:
    about = json.loads(str(arrays[_ORIGIN]))
    extracts = tuple((str(name), str(digest)) for name, digest in about["extracts"])
    return Origin(about["format"], about["rules"], extracts)


def _whole(arrays: Mapping[str, NDArray[Any]]) -> Roads:
    """Return the roads of arrays that fit each other; ValueError if they do not."""
    roads = Roads(**arrays)
    places, chains = len(roads.places), len(roads.first) - 1
    shapes = {
        "places": (places, 2),
        "metres": (places,),
        "seconds": (places, 2),
        "junctions": (chains, 2),
        "is_open": (chains, 2),
        "is_entry": (chains,),
        "rim": (len(roads.rim), 2),
    }
    fits = all(arrays[name].shape == shape for name, shape in shapes.items())
    if not (fits and chains > 0 and roads.first[0] == 0 and roads.first[-1] == places):
        raise ValueError("its parts do not fit each other")
    if (np.diff(roads.first) < 2).any() or roads.junctions.min() < 0:
        raise ValueError("its parts do not fit each other")
    return roads
