"""Which region codes can name a folder, on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pcn_group.base.errors import Fault
from pcn_group.batch.store import NATIONAL_FILES, NATIONAL_PAGES

__all__ = ["unusable_codes"]

_SAFE = re.compile(r"\w(?:[\w .,&'()+-]{0,98}[\w)])?")
_TAKEN = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""What Windows keeps for devices, whatever the extension."""


def unusable_codes(codes: Iterable[str]) -> list[Fault]:
    """Return a fault for each code that cannot name a region's folder.

    A code is used as it is, so that folders are found under the names people know: letters, digits,
    spaces and `_ . , & ' ( ) + -`, at most 100, with a letter or digit at either end (or a closing
    bracket at the end).
    """
    faults = []
    folded: dict[str, str] = {}
    remedy = "Rename the region in the input."
    for code in codes:
        name = unicodedata.normalize("NFKC", code).casefold()
        twin = folded.setdefault(name, code)
        problem = ""
        if _SAFE.fullmatch(code) is None:
            problem = "cannot name a folder: it has other characters than letters and digits do"
        elif name.partition(".")[0].rstrip() in _TAKEN or name in (
            *NATIONAL_FILES,
            *NATIONAL_PAGES,
            "all",
        ):
            problem = "cannot name a folder: the name is taken"
        elif twin != code:
            problem = f"differs from {twin} only in case, which some systems do not tell apart"
        if problem:
            faults.append(Fault("input", problem, remedy, column="region_code", value=code))
    return faults
