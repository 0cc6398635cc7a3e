"""Who else moves with each practice, as `summary.json` has it, and read from there again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pcn_group.plan.who_else import Answer, WhoElse

__all__ = ["who_else_json", "who_else_of"]

_NUMBERS = ("patients", "aligned", "cost")


def who_else_json(who_else: Mapping[int, WhoElse], codes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what is known of each practice, by code.

    Parameters
    ----------
    codes
        Of the practices, by position.
    """
    return [
        {
            "practice_code": codes[i],
            "answer": known.answer,
            "others": [codes[other] for other in known.others],
            **{name: getattr(known, name) for name in _NUMBERS},
        }
        for i, known in sorted(who_else.items())
    ]


def who_else_of(summary: Mapping[str, Any], codes: tuple[str, ...]) -> dict[int, WhoElse]:
    """Return what a summary says, without what cannot be of these practices."""
    place = {code: i for i, code in enumerate(codes)}
    rows = summary.get("who_else_moves")
    return dict(_read(rows if isinstance(rows, list) else [], place))


def _read(rows: list[Any], place: Mapping[str, int]) -> Iterator[tuple[int, WhoElse]]:
    for row in rows:
        if not isinstance(row, dict) or row.get("answer") not in get_args(Answer):
            continue
        numbers = {name: row.get(name) for name in _NUMBERS}
        others = row.get("others")
        codes = [row.get("practice_code"), *(others if isinstance(others, list) else [None])]
        is_known = all(isinstance(code, str) and code in place for code in codes)
        if is_known and all(type(value) is int or value is None for value in numbers.values()):
            first, *rest = (place[code] for code in codes)
            yield first, WhoElse(row["answer"], tuple(rest), **numbers)
