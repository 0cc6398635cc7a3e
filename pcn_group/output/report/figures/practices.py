"""Practices on a map: how large a circle is, and what is said of one that is pointed at."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pcn_group.output.data.rows import GroupingRow
from pcn_group.output.report.facts import Facts

__all__ = ["MOST", "diameters", "escaped", "practice_words", "shared"]

MOST = 6
"""Practices at one place that are told one by one"""

_LONGEST_NAME, _LONGEST_OF_SEVERAL = 60, 40
"""Letters of a name, alone and beside others"""


def practice_words(facts: Facts, notes: Mapping[str, str] | None = None) -> list[str]:
    """Say for each practice what it is, and what else is at its place: one hides the others.

    Parameters
    ----------
    facts
        What the page says.
    notes
        A last line for some, by code.
    """
    rows = facts.practices
    told = notes or {}
    ends = [f"<br>{told[code]}" if (code := row.practice_code) in told else "" for row in rows]
    return shared(
        [(row.easting, row.northing) for row in rows],
        [_alone(facts, row) + end for row, end in zip(rows, ends, strict=True)],
        [_one_of_several(facts, row) + end for row, end in zip(rows, ends, strict=True)],
    )


def shared(places: Sequence[Hashable], alone: Sequence[str], brief: Sequence[str]) -> list[str]:
    """Return the words for each practice: its own, or those of all that are at its place.

    Parameters
    ----------
    places
        Where each is.
    alone
        What is said of one that is alone at its place.
    brief
        What is said of one of several. Of many the first are told; all have the same words.
    """
    at: defaultdict[Hashable, list[int]] = defaultdict(list)
    for k, place in enumerate(places):
        at[place].append(k)
    words = {place: _together([brief[k] for k in own]) for place, own in at.items()}
    return [alone[k] if len(at[place]) == 1 else words[place] for k, place in enumerate(places)]


def _together(brief: Sequence[str]) -> str:
    left_out = len(brief) - MOST
    more = [f"and {left_out:,} more"] if left_out > 0 else []
    return "<br>".join([f"{len(brief):,} practices at this place", *brief[:MOST], *more])


def _alone(facts: Facts, row: GroupingRow) -> str:
    lines = [
        f"<b>{escaped(row.practice_code)}</b> {escaped(row.practice_name)}",
        f"{row.list_size:,} patients",
    ]
    if not row.network_id:
        return "<br>".join([*lines, "in no network"])
    lines.append(f"in {escaped(row.network_name)} ({escaped(row.network_id)})")
    return "<br>".join([*lines, _to_hub(facts, row)])


def _one_of_several(facts: Facts, row: GroupingRow) -> str:
    where = "in no network"
    if row.network_id:
        where = f"in {escaped(row.network_id)}, {_to_hub(facts, row)}"
    code, name = escaped(row.practice_code), escaped(row.practice_name, _LONGEST_OF_SEVERAL)
    return f"<b>{code}</b> {name}<br>{row.list_size:,} patients, {where}"


def _to_hub(facts: Facts, row: GroupingRow) -> str:
    to_hub = f"{row.to_hub} {facts.unit} to the hub"
    return f"the hub, {to_hub}" if row.is_hub else to_hub


def escaped(name: str, longest: int = _LONGEST_NAME) -> str:
    """Return a name for a text of plotly, which reads some HTML, but no entities of quotes."""
    short = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return html.escape(short, quote=False)


_LARGEST, _SMALLEST = 26, 6
"""Of the largest list, and the least there is, in pixels"""


def diameters(lists: ArrayLike) -> NDArray[np.float64]:
    """Return diameters in pixels, to the tenth: areas are as the lists are, but for the least."""
    sizes = np.asarray(lists, dtype=np.float64)
    fitting: NDArray[np.float64] = _LARGEST * np.sqrt(sizes / sizes.max())
    return fitting.clip(_SMALLEST).round(1)
