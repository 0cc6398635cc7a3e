"""Finding what is meant by a code, a name, or the start of one, in any case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed

__all__ = ["CANDIDATES", "matching", "several", "told", "unknown"]

CANDIDATES = 8
"""How many a fault names."""


def matching(text: str, names: Mapping[str, str], *, whole: bool = False) -> list[str]:
    """Return the codes that may be meant by a code, a name or the start of one.

    What has the text as its code comes before what has it as its name, then comes what begins with
    it, and at last what has a word that does: `kernow` is *NHS Kernow CCG*.

    Parameters
    ----------
    text
        As a person wrote it.
    names
        The name of each, by code; empty for one without.
    whole
        Whether only a whole code or name will do.
    """
    form = one_form(text)
    if not form:
        return []
    forms = {code: one_form(name) for code, name in names.items()}
    found = [code for code in names if one_form(code) == form]
    found = found or [code for code, name in forms.items() if name == form]
    if not whole:
        within = re.compile(rf"\b{re.escape(form)}")
        found = found or [code for code, name in forms.items() if name.startswith(form)]
        found = found or [code for code, name in forms.items() if within.search(name)]
    return sorted(found)


def told(code: str, names: Mapping[str, str]) -> str:
    """Return a code with its name beside it, where it has one of its own."""
    name = names.get(code, "")
    return f"{code} ({name})" if name and name != code else code


def several(source: str, text: str, found: list[str], names: Mapping[str, str]) -> Fault:
    """Return the fault of a name that may mean several."""
    candidates = listed((told(code, names) for code in found), CANDIDATES)
    return Fault(source, f"may mean {len(found):,}", f"Say which: {candidates}.", value=text)


def unknown(source: str, text: str, problem: str, names: Mapping[str, str]) -> Fault:
    """Return the fault of a name that is nobody's, with the nearest or all there are."""
    codes = {one_form(word): code for code, name in names.items() for word in (code, name) if word}
    near = get_close_matches(one_form(text), codes, n=1)
    remedy = f"Did you mean {told(codes[near[0]], names)}?" if near else ""
    there = listed((told(code, names) for code in names), CANDIDATES)
    return Fault(source, problem, remedy or (f"There are {there}." if names else ""), value=text)
