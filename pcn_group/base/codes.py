"""Codes and labels as people and programs write them: one form of each, and what means none.

`a81001`, `'A81001` and `A81001` with a zero-width space in it are one code. Whatever reads codes
brings them to one form with `one_form`; names of networks and regions, which may be in any words,
are compared in that form and shown as `one_spelling` has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

__all__ = [
    "UNALLOCATED",
    "ZERO",
    "ZERO_OR_NONE",
    "is_spreadsheet_error",
    "is_unallocated",
    "networks_of",
    "one_form",
    "one_spelling",
    "says_nothing",
]

_AROUND = " '\"`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u02b9\u02bc"
"""White space, apostrophes and quotation marks: a spreadsheet puts them before what is text."""

_AS_TEXT = re.compile(r'=\s*"([^"]*)"')
"""Another way to make a spreadsheet take a code for text: `="00L"`."""

_UNSEEN_KINDS = {"Cc", "Cf"}
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]")
"""What has no ink although Unicode counts it among letters and marks."""

_CODE = re.compile(r"(?!.*[A-Z]{3})[A-Z0-9]*[0-9][A-Z0-9]*")
"""A label that is a code, not words: these are in capitals.

No code of the NHS has a digit and three letters in a row.
"""

_ERROR = re.compile(r"#(?:N/?[AVD]|GETTING_DATA|[^\W\d_][\w/. ]*[!?])|ERR:[0-9]{3}")
"""What a spreadsheet has where a formula went wrong, in several languages."""

ZERO = re.compile(r"0+(?:\.0+)?")
"""What a spreadsheet's look-up gives for an empty cell."""

_NUMBER = re.compile(r"[0-9]+(?:\.0+)?")

ZERO_OR_NONE = (
    "may be a network or none, since other networks are numbers",
    "Leave it empty for a practice in no network, or call the network something else.",
)
"""What is wrong with a zero that `networks_of` leaves, and what to do about it."""

UNALLOCATED = "U"
"""The network of a practice that is said to be in none."""

_UNALLOCATED = re.compile(
    r"U|(?:U )?(?:UN ?|NOT |NO PCN |NO NETWORK )(?:ALLOCATED|ASSIGNED|ALIGNED)"
    r"(?: U| PRACTICES?| PCN| TO (?:A|ANY) (?:PCN|NETWORK))?"
    r"|NONE|(?:NO|NOT IN|NOT IN AN?Y?|WITHOUT|WITHOUT AN?Y?|OUTSIDE|OUTSIDE AN?Y?) (?:PCN|NETWORK)"
)
_UNKNOWN = {
    *("NA", "N A", "NAN", "NULL", "NIL", "UNKNOWN", "NOT KNOWN", "NOT AVAILABLE", "NOT APPLICABLE"),
    *("BLANK", "EMPTY", "MISSING", "TBC", "TBD", "TO BE CONFIRMED"),
}


def one_form(text: str) -> str:
    """Return the form in which a code is compared and kept.

    It is in capitals and in ordinary letters, without what cannot be seen, and without white
    space, apostrophes or quotation marks around it.
    """
    return _tidy(text).upper()


def one_spelling(texts: Collection[str]) -> dict[str, str]:
    """Return for each way of writing a label the label that is meant.

    Those that are alike in one form are one label. It is in capitals where it is a code, such as
    `N1`; else it is spelt as it was found, and of several spellings as in the first, capitals
    before small letters.

    Parameters
    ----------
    texts
        Every way in which labels are written.
    """
    spellings: dict[str, str] = {}
    for text in texts:
        form = one_form(text)
        spelling = form if _CODE.fullmatch(form) else _tidy(text)
        spellings[form] = min(spelling, spellings.get(form, spelling))
    return {text: spellings[one_form(text)] for text in texts}


def networks_of(texts: Collection[str]) -> dict[str, str]:
    """Return for each cell that a column has for a network the network that is meant.

    What says nothing is empty, and what says that there is none is `UNALLOCATED`. Zero says nothing
    either, unless other networks are plain numbers: then it is left, and may mean either.
    """
    networks = one_spelling(texts)
    for text in networks:
        if says_nothing(text):
            networks[text] = ""
        elif is_unallocated(text):
            networks[text] = UNALLOCATED
    zeros = [text for text, network in networks.items() if ZERO.fullmatch(network)]
    if len(zeros) == sum(map(bool, map(_NUMBER.fullmatch, networks.values()))):
        networks |= dict.fromkeys(zeros, "")
    return networks


def is_spreadsheet_error(text: str) -> bool:
    """Tell whether a cell has an error of a spreadsheet, such as `#N/A`, in place of a value."""
    is_unlike = "#" not in text and ":" not in text
    return not is_unlike and _ERROR.fullmatch(one_form(text)) is not None


def is_unallocated(label: str) -> bool:
    """Tell whether a network is said to be none: `U` or `Unallocated`, as in the practice map."""
    return _UNALLOCATED.fullmatch(_words(label)) is not None


def says_nothing(label: str) -> bool:
    """Tell whether a cell for a network is as good as empty: `-`, `n/a`, `NULL`, `#N/A`."""
    words = _words(label)
    return not words or words in _UNKNOWN or is_spreadsheet_error(label)


def _tidy(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text  # nearly all: a million rows are of some such codes
    seen = "".join(c for c in text if c.isspace() or not _is_unseen(c))
    plain = " ".join(seen.split())
    as_text = _AS_TEXT.fullmatch(plain)
    bare = (as_text[1] if as_text else plain).strip(_AROUND)
    return " ".join(unicodedata.normalize("NFKC", bare).split()).strip(_AROUND)


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN_KINDS or _UNSEEN.match(character) is not None


def _words(label: str) -> str:
    """Return the words of a label, without dashes, brackets and the like."""
    return re.sub(r"[\W_]+", " ", one_form(label)).strip()
