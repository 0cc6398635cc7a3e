"""The record of a draft that a page saved: what was tried in a meeting, and the notes on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcn_group.base.days import is_day
from pcn_group.base.errors import Fault, InputError
from pcn_group.output.data.table import read_back

__all__ = ["Record", "read_record"]

_AGAIN = "Save the record again in the page of the plan (Save record)."


@dataclass(frozen=True)
class Record:
    """A draft.

    Attributes
    ----------
    day
        When it was saved, ISO; empty where it does not say.
    networks
        The network of each practice in it, by code; empty for none.
    on_practices, on_networks
        Notes, by code.
    broken
        The rules that it breaks, a sentence each.
    """

    day: str
    networks: Mapping[str, str]
    on_practices: Mapping[str, str]
    on_networks: Mapping[str, str]
    broken: tuple[str, ...]


def read_record(path: Path) -> Record:
    """Return a draft as the page of a plan saves it.

    Raises
    ------
    InputError
        If it cannot be read, or with everything that a record has and this lacks.
    """
    text = read_back(path, _AGAIN)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        fault = Fault(str(path), f"is not readable JSON: {error}", _AGAIN)
        raise InputError([fault]) from error
    if not isinstance(found, dict) or "what_if" not in found:
        raise InputError([Fault(str(path), "is no record of a draft", _AGAIN)])
    if faults := list(_faults(path, found)):
        raise InputError(faults)
    notes, day = found["notes"], str(found.get("exported", ""))[:10]
    return Record(
        day=day if is_day(day) else "",
        networks=found["networks"],
        on_practices=notes["practices"],
        on_networks=notes["networks"],
        broken=tuple(found["broken"]),
    )


def _faults(path: Path, found: Mapping[str, Any]) -> Iterator[Fault]:
    """Return a fault for each part of a record that is not as it should be."""
    if found["what_if"] != 1:
        remedy = "Save it again with the page that this version draws."
        yield Fault(str(path), "is a record of another version", remedy, value=found["what_if"])
    notes = found.get("notes")
    notes = notes if isinstance(notes, dict) else {}
    for name, value in (
        ("networks", found.get("networks")),
        ("notes.practices", notes.get("practices")),
        ("notes.networks", notes.get("networks")),
    ):
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            yield Fault(str(path), f"is damaged: {name}", _AGAIN)
    broken = found.get("broken")
    if not isinstance(broken, list) or not all(isinstance(text, str) for text in broken):
        yield Fault(str(path), "is damaged: broken", _AGAIN)
