"""The names of local authorities by their ONS codes, which is how postcodes tell them."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

__all__ = ["authority_name"]


@cache
def _names() -> dict[str, str]:
    text = files("pcn_group.practices").joinpath("authorities.csv").read_text("utf-8")
    return {row[0]: row[1] for row in csv.reader(text.splitlines()[1:])}


def authority_name(authority: str) -> str:
    """Return the name of a local authority; one that is not told by its code is its own name."""
    return _names().get(authority, authority)
