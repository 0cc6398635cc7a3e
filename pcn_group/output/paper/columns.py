"""How wide the columns of a table are, so that no figure is broken and no table leaves the page."""

from __future__ import annotations

from pcn_group.output.paper.blocks import Table

__all__ = ["column_widths"]

_LETTER, _WIDE_LETTER, _BOLD, _PADDING = 0.18, 0.215, 1.12, 0.35
"""Centimetres that a letter of a table takes, and a capital or a digit, in the wider of usual
fonts; how much more a bold one does; and what is beside a text in its cell"""

_NARROW = 0.6
"""A table that needs less of the room than this stays as narrow"""


def column_widths(table: Table, room: float) -> list[float]:
    """Return how wide columns are, in centimetres.

    Figures get what they need, and stay on their line. Texts share what is left by what they would
    take on one line. A table that needs little of the room does not stretch over all of it: the eye
    would lose the row.
    """
    columns = [
        [_BOLD * _length(title), *map(_length, cells)]
        for title, cells in zip(table.titles, _transposed(table), strict=True)
    ]
    words = [
        [_BOLD * _longest_word(title), *map(_longest_word, cells)]
        for title, cells in zip(table.titles, _transposed(table), strict=True)
    ]
    wanted = [_PADDING + max(lengths) for lengths in columns]
    least = [
        _PADDING + max(lengths[1:] if is_figure else [], default=0.0)
        for lengths, is_figure in zip(columns, table.are_figures, strict=True)
    ]
    least = [max(low, _PADDING + max(own)) for low, own in zip(least, words, strict=True)]
    if sum(least) >= room:
        return [wide * room / sum(least) for wide in least]
    if sum(wanted) < _NARROW * room:
        return wanted
    more = [high - low for high, low in zip(wanted, least, strict=True)]
    share = (room - sum(least)) / sum(more) if any(more) else 0.0
    widths = [low + min(1.0, share) * extra for low, extra in zip(least, more, strict=True)]
    left = (room - sum(widths)) / len(widths)
    return [wide + left for wide in widths]


def _transposed(table: Table) -> list[tuple[str, ...]]:
    """Return the cells of each column."""
    return [tuple(row[k] for row in table.rows) for k in range(len(table.titles))]


def _length(text: str) -> float:
    """Return about how long a line of text in a table is, in centimetres."""
    wide = sum(letter.isupper() or letter.isdigit() or letter in "mw£%" for letter in text)
    return wide * _WIDE_LETTER + (len(text) - wide) * _LETTER


def _longest_word(text: str) -> float:
    return max(map(_length, text.split()), default=0.0)
