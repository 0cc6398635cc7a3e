"""Which regions of an input are meant, and what is said where there are none such."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault
from pcn_group.base.lookup import CANDIDATES, matching, several, told
from pcn_group.base.wording import listed, plural
from pcn_group.practices.joining import Input, as_error
from pcn_group.practices.rows import Rows
from pcn_group.practices.table import REGION_COLUMNS

__all__ = [
    "ALL",
    "Regions",
    "meant_regions",
    "no_regions",
    "nobody_left",
    "regions_around",
    "rows_of_regions",
]

ALL = "all"
"""The region that is all of the input."""

Regions = str | Sequence[str] | None
"""Which regions of an input are asked for; None for whatever there is."""


def meant_regions(given: Input, region: Regions) -> tuple[str, ...]:
    """Return the regions of the input that are meant, by code or name; sorted.

    A text that names no region by itself, as `Bristol, City of` does, names several with commas
    between them.

    Raises
    ------
    InputError
        Where one text may mean several.
    """
    names = _names_of_regions(given, "region_code", "region_name")
    found = set[str]()
    for text in [region] if isinstance(region, str) else region or ():
        whole = _one_meant(text, names)
        parts = [whole] if whole in {ALL, *names} else text.split(",")
        found |= {_one_meant(part.strip(), names) for part in parts if part.strip()}
    return (ALL,) if ALL in found else tuple(sorted(found))


def _one_meant(text: str, names: dict[str, str]) -> str:
    if one_form(text) == one_form(ALL):
        return ALL
    found = matching(text, names)
    if len(found) > 1:
        raise as_error([several("--region", text, found, names)])
    return found[0] if found else text


def _names_of_regions(given: Input, code: str, name: str | None) -> dict[str, str]:
    """Return the name of each region of a kind that the input has, by code."""
    names = given.every[name] if name else [""] * len(given.every)
    pairs = sorted(set(zip(given.every[code], names, strict=True)), reverse=True)
    return {code: name for code, name in pairs if code}


def _other_kind(given: Input, region: str) -> str:
    """Say that a region is one of another kind, if it is."""
    for column, name in REGION_COLUMNS.items():
        if column != given.by:
            names = _names_of_regions(given, column, name)
            found = matching(region, names)
            if found and column != "region_code":
                one = told(found[0], names)
                return f"{one} is {_KINDS[column]}: use --by {column}."
    return ""


_KINDS = {
    "icb_code": "an ICB (or STP)",
    "nhs_region_code": "an NHS region",
    "local_authority": "a local authority",
}


def no_regions(by: str) -> Fault:
    """Return the fault of an input that does not say which regions its practices are in."""
    remedy = "Fill it in, or choose another column with --by."
    if by == "local_authority":
        remedy = "Run prepare on the input: it fills the column in from postcodes."
    return Fault("input", "does not say which practices are in which region", remedy, column=by)


def nobody_left(given: Input, region: str = ALL) -> Fault:
    """Return the fault of rules that exclude every practice of a region, or of the input."""
    by_size = given.rules.data.atypical == "exclude"
    where = "the input" if region == ALL else region
    return Fault(
        "data.atypical" if by_size else "rules.exclude",
        f"leaves no practice in {where}",
        "Exclude fewer, or attach them instead." if by_size else "Exclude fewer.",
    )


def rows_of_regions(
    given: Input, wanted: tuple[str, ...], *, several_regions: bool
) -> tuple[Rows, list[Fault], list[str]]:
    """Keep the rows of some regions; with none asked for, make sure that there is only one."""
    rows = given.rows
    codes = sorted({*rows.cells["region_code"].unique()} - {""})
    if rows.cells.empty:
        return rows, [nobody_left(given, *wanted[:1])], []
    if wanted == (ALL,):
        return rows, [], []
    unknown = ~rows.given("region_code")
    count = plural(int(unknown.sum()), "practice")
    column = "" if given.by == "region_code" else f" ({given.by})"
    notes = [f"{count} without a region code{column}."] if unknown.any() and codes else []
    if not wanted:
        if len(codes) < 2 or several_regions:
            return rows, [], notes
        remedy = f"Choose with --region: {_there(given, codes)}."
        return rows, [Fault("input", f"holds {len(codes):,} regions", remedy)], notes
    faults = [_unknown(given, region, codes) for region in wanted if region not in codes]
    notes = [f"{note[:-1]} left out." for note in notes]
    return rows.where(rows.cells["region_code"].isin(wanted)), faults, notes


def regions_around(given: Input, practices: Collection[str]) -> tuple[str, ...]:
    """Return the regions that practices are in, where there are others as well."""
    cells = given.rows.cells
    own = set(cells["region_code"][cells["practice_code"].isin(practices)]) - {""}
    return tuple(sorted(own)) if own < set(cells["region_code"]) - {""} else ()


def _unknown(given: Input, region: str, codes: Sequence[str]) -> Fault:
    """Return the fault of a region that no practice is left of."""
    if region in set(given.excluded["region_code"]):
        return nobody_left(given, region)
    if other := _other_kind(given, region):
        return Fault("--region", "is no region of this kind", other, value=region)
    near = difflib.get_close_matches(one_form(region), codes, n=3, cutoff=0.5)
    names = _names_of_regions(given, "region_code", "region_name")
    meant = " or ".join(told(code, names) for code in near)
    remedy = f"Did you mean {meant}? " if near else ""
    there = f"The input has {_there(given, codes)}."
    remedy += there if codes else "The input has no region codes."
    return Fault("--region", "is not in the input", remedy, value=region)


def _there(given: Input, codes: Sequence[str]) -> str:
    """Return the first few regions of the input with their names."""
    names = _names_of_regions(given, "region_code", "region_name")
    return listed((told(code, names) for code in codes), CANDIDATES)
