"""What pydantic found wrong with a value, in the words of whoever wrote the value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from pcn_group.base.wording import one_of, plural

__all__ = ["Unfit", "UnfitError", "unfit_values"]

_KIND = re.compile(r"[a-z-]+\[.*\]|constrained-[a-z]+|float|int|str|Price[A-Z]\w+", re.DOTALL)
"""How pydantic tells apart, in the place of an error, the kinds of value that a key may have."""

_WANTED = {
    "bool_type": ("is neither true nor false", ("true", "false")),
    "dict_type": ("is not a table of keys", ("a table of keys",)),
    "finite_number": ("is no finite number", ("a number in plain digits, such as 2.5",)),
    "float_type": ("is no number", ("a number in plain digits, such as 2.5",)),
    "int_type": ("is no whole number", ("a whole number in plain digits, such as 30000",)),
    "path_type": ("is not the path of a file", ("the path of a file",)),
    "string_type": ("is no text", ("text, in quotation marks if it looks like a number",)),
    "tuple_type": ("is no list", ("a list, in square brackets",)),
}
"""What is wrong with a value that is not of the kind it should be, and what to write instead."""

_RANGE = {
    "greater_than": ("is not above {gt}", "Give more than {gt}."),
    "greater_than_equal": ("is under {ge}", "Give {ge} or more."),
    "less_than": ("is not under {lt}", "Give less than {lt}."),
    "less_than_equal": ("is over {le}", "Give {le} or less."),
    "string_too_short": ("is empty", "Fill it in."),
    "too_long": ("has {items}", "Give {max_length} at most."),
    "too_short": ("has {items}", "Give {min_length} at least."),
}
"""The same of a value that is too small or too large, with what pydantic says beside it."""


@dataclass(frozen=True)
class Unfit:
    """What is wrong with one value.

    Attributes
    ----------
    kind
        As pydantic names it, such as `extra_forbidden`.
    place
        Where the value is: names of keys, and positions in lists as text.
    problem
        What is wrong, to follow the name of the key.
    remedy
        What to write instead.
    value
        The value as YAML would have it; None for a table, which is too long to show.
    """

    kind: str
    place: tuple[str, ...]
    problem: str
    remedy: str
    value: str | None


class UnfitError(ValueError):
    """What a validator raises that knows what to write instead of a value."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}. {remedy}")


def unfit_values(details: Iterable[ErrorDetails]) -> list[Unfit]:
    """Return what is wrong, each value once.

    Where a key may have values of several kinds, pydantic says for each kind what is wrong. Only
    those that the value is of are told then; if it is of none, all of them are named at once.
    """
    unfit: list[Unfit] = []
    of_no_kind: dict[tuple[str, ...], list[ErrorDetails]] = {}
    for detail in details:
        place = tuple(part for part in map(str, detail["loc"]) if not _KIND.fullmatch(part))
        if _is_of_another_kind(detail):
            of_no_kind.setdefault(place, []).append(detail)
        else:
            unfit.append(_one(detail, place))
    for place, others in of_no_kind.items():
        if not any(each.place[: len(place)] == place for each in unfit):
            words = [word for other in others for word in _wanted(other)]
            remedy = f"Write {one_of(sorted(words, key=_is_described))}."
            value = _shown(others[0]["input"])
            unfit.append(Unfit("kind", place, "is not one of its values", remedy, value))
    return unfit


def _is_of_another_kind(detail: ErrorDetails) -> bool:
    """Whether an error says of one kind of value, among several, that the value is not of it."""
    is_one_of_several = bool(detail["loc"]) and bool(_KIND.fullmatch(str(detail["loc"][-1])))
    kinds = (*_WANTED, "literal_error", "model_type")
    return is_one_of_several and detail["type"] in kinds and detail["type"] != "finite_number"


def _wanted(detail: ErrorDetails) -> tuple[str, ...]:
    if detail["type"] == "literal_error":
        return tuple(re.findall("'([^']*)'", detail["ctx"]["expected"]))
    return _WANTED["dict_type" if detail["type"] == "model_type" else detail["type"]][1]


def _is_described(word: str) -> bool:
    """Whether it says what to write, and is not what to write itself: such come last."""
    return " " in word


def _one(detail: ErrorDetails, place: tuple[str, ...]) -> Unfit:
    problem, remedy = _in_words(detail)
    kind, value = detail["type"], detail["input"]
    is_nothing = kind == "model_type" and value is None  # a section whose keys are all comments
    return Unfit(kind, place, problem, remedy, None if is_nothing else _shown(value))


def _in_words(detail: ErrorDetails) -> tuple[str, str]:
    kind = detail["type"]
    if kind == "model_type":
        return "is not a table of keys", "Write its keys below it, indented, or delete it."
    if kind in _WANTED:
        return _WANTED[kind][0], f"Write {one_of(_WANTED[kind][1])}."
    if kind in _RANGE:
        problem, remedy = (text.format(**_limits(detail["ctx"])) for text in _RANGE[kind])
        return problem, remedy
    if kind == "literal_error":
        return "is not one of its values", f"Write {one_of(_wanted(detail))}."
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, UnfitError):
        return error.problem, error.remedy
    return detail["msg"].removeprefix("Value error, "), "Correct the value."


def _limits(said: Mapping[str, Any]) -> dict[str, object]:
    """Return what pydantic says beside an error, whole numbers without decimals."""
    limits = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in said.items()
    }
    return limits | {"items": plural(said.get("actual_length", 0), "item")}


def _shown(value: object) -> str | None:
    """Return a value as YAML has it; None for a table of keys."""
    if isinstance(value, dict):
        return None
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(_shown(each) or '{...}' for each in value)}]"
    return str(value)
