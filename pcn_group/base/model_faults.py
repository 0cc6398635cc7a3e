"""Faults of a configuration: where the value came from, and which key was meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pcn_group.base.errors import Fault
from pcn_group.base.wording import nearest_key
from pcn_group.base.yaml import KeyPath

__all__ = ["COMMAND_LINE", "Origins", "faults_of"]

COMMAND_LINE = "command line"
"""The source of a value given by `--set`."""


_KINDS_OF_SIDE = ("literal['forbid','avoid']", "PriceBelow", "PriceAbove")
"""How pydantic tells apart, in the place of an error, what a side of the band may be."""


_PLAINLY = {
    "bool_type": "Write true or false.",
    "int_type": "Write it in plain digits, such as 30000.",
    "float_type": "Write it in plain digits, such as 2.5.",
}
"""What to do about a value that is no number, or neither true nor false, as it is written."""


@dataclass
class Origins:
    """Where the values of a configuration came from.

    Attributes
    ----------
    file
        The name of the configuration file, whether there is one or not.
    rows
        Where each key is in it, but for keys that were overridden.
    overridden
        The keys given on the command line.
    """

    file: str
    rows: dict[KeyPath, int]
    overridden: list[KeyPath]

    def override(self, key: KeyPath) -> None:
        """Note that a key now has its value from the command line."""
        self.overridden.append(key)
        self.rows = {k: row for k, row in self.rows.items() if k[: len(key)] != key}

    def of(self, key: KeyPath) -> tuple[str, int | None]:
        """Return the source to name for a fault of a key, and its row; around what is missing."""
        for end in range(len(key), -1, -1):
            place = key[:end]
            given = any(k[:end] == place or k == place[: len(k)] for k in self.overridden)
            if any(k[:end] == place for k in self.rows):
                source = f"{COMMAND_LINE} and {self.file}" if given else self.file
                return source, self.rows.get(place)
            if given:
                return COMMAND_LINE, None
        return self.file, None


def faults_of(error: ValidationError, origins: Origins, known: Sequence[str]) -> list[Fault]:
    """Turn what pydantic found into faults, unknown keys first: they explain what is missing.

    Parameters
    ----------
    known
        Every valid key, such as `band.max`.
    """
    details = [detail for detail in error.errors() if not _misses_the_point(detail)]
    details.sort(key=lambda detail: detail["type"] != "extra_forbidden")
    return [_fault(detail, origins, known) for detail in details]


def _fault(detail: ErrorDetails, origins: Origins, known: Sequence[str]) -> Fault:
    place = tuple(part for part in map(str, detail["loc"]) if part not in _KINDS_OF_SIDE)
    source, row = origins.of(place)
    key = ".".join(place)
    if detail["type"] == "extra_forbidden":
        if source == COMMAND_LINE:  # say it as it was typed
            typed = (".".join(k) for k in origins.overridden if k[: len(place)] == place)
            key = next(typed, key)
        return Fault(source, f"unknown key {key}", _remedy(key, place, known), row=row)
    if detail["type"] == "missing":
        return Fault(source, f"{key} is missing", "Add it.", row=row)
    value = detail.get("input")
    if detail["type"] == "model_type":
        remedy = "Write its keys below it, indented, or delete it."
        shown = None if value is None else str(value)
        return Fault(source, f"{key}: is not a table of keys", remedy, row=row, value=shown)
    problem = detail["msg"].removeprefix("Value error, ")
    shown = None if isinstance(value, dict) else "null" if value is None else str(value)
    where = f"{key}: {problem}" if key else problem
    remedy = _PLAINLY.get(detail["type"], "Correct the value.")
    return Fault(source, where, remedy, row=row, value=shown)


def _misses_the_point(detail: ErrorDetails) -> bool:
    """Whether an error is about the kind of side that was not meant: a word, or a price."""
    kind = next((part for part in detail["loc"] if part in _KINDS_OF_SIDE), None)
    if kind is None:
        return False
    meant_a_word = not isinstance(detail["input"], dict) and detail["type"] != "missing"
    at_the_side = detail["loc"][-1] == kind
    return at_the_side and meant_a_word != (kind == _KINDS_OF_SIDE[0])


def _remedy(key: str, place: KeyPath, known: Sequence[str]) -> str:
    if key in known:  # a name with a dot in it, as for --set
        section, _, name = key.rpartition(".")
        return f"Write {name} below {section}, indented."
    near, sure = nearest_key(key, known)
    if sure:
        return f"Did you mean {near}?"
    section = ".".join(place[:-1])
    prefix = f"{section}." if section else ""
    names = [k.removeprefix(prefix) for k in known if k.startswith(prefix)]
    listed = ", ".join(name for name in names if "." not in name)
    question = f"Did you mean {near}? " if near else ""
    return f"{question}The keys {f'of {section}' if section else 'here'} are {listed}."
