"""Plain values of JSON compared leaf by leaf: what is there, and what is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

__all__ = ["differing_leaves", "shown"]


def differing_leaves(there: Any, right: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Compare two values of JSON.

    Yields
    ------
    tuple of str
        For each leaf that differs its path, such as `exceptions.0.patients`, and both values as a
        clause. Numbers are compared as such, whether or not they are written with decimals.
    """
    if isinstance(there, dict) and isinstance(right, dict):
        for key in [*right, *(key for key in there if key not in right)]:
            own = f"{path}.{key}" if path else key
            if key not in there:
                yield own, f"is not there, and {shown(right[key])} is right"
            elif key not in right:
                yield own, f"says {shown(there[key])}, and has no place there"
            else:
                yield from differing_leaves(there[key], right[key], own)
    elif isinstance(there, list) and isinstance(right, list) and len(there) == len(right):
        for k, (one, other) in enumerate(zip(there, right, strict=True)):
            yield from differing_leaves(one, other, f"{path}.{k}")
    elif not _is_same(there, right):
        yield path, f"says {shown(there)}, and {shown(right)} is right"


def _is_same(there: object, right: object) -> bool:
    if isinstance(there, bool) or isinstance(right, bool):
        return there is right
    return there == right


def shown(value: object) -> str:
    """Return a value as JSON has it, in one line."""
    return json.dumps(value, ensure_ascii=False)
