"""The data report: what is odd in the input, and what became of every row.

Each finding is of a kind listed here, with the rule that gives it in `docs/data.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd

from pcn_group.tables.numbers import whole_number

__all__ = [
    "EXCLUDED",
    "EXCLUDED_BY_RULE",
    "KINDS",
    "NOT_HERE",
    "NO_LIST",
    "REPORT_COLUMNS",
    "ROWS_SET_ASIDE",
    "ROWS_USED",
    "Account",
    "Finding",
    "Kind",
    "accounts_of",
    "findings_by_kind",
    "joined_report",
    "report_of",
    "with_beside",
    "with_more",
]


@dataclass(frozen=True)
class Kind:
    """What a kind of finding says.

    Attributes
    ----------
    title
        In a few words, of practices unless it says otherwise.
    treatment
        What is done about it; empty where the finding itself says.
    """

    title: str
    treatment: str = ""


_KEPT = "kept"
_LEFT_OUT = "left out"
_AS_PLANNED = "as planned"

KINDS = {
    "over_maximum": Kind("larger than the band's maximum", "stands alone"),
    "atypical_list": Kind("atypically small list"),
    "excluded_by_rule": Kind("named by rules.exclude", _LEFT_OUT),
    "register_closed": Kind("closed in the register", _KEPT),
    "register_dormant": Kind("dormant in the register", _KEPT),
    "register_proposed": Kind("only proposed in the register", _KEPT),
    "register_not_gp": Kind("no GP practice in the register", _KEPT),
    "not_in_register": Kind("not in the register", _KEPT),
    "not_in_map": Kind("not in the practice map", _KEPT),
    "no_list": Kind("in another file, without a list", _LEFT_OUT),
    "no_name": Kind("without a name", "the code stands for it"),
    "no_network": Kind("in no network of today", _KEPT),
    "still_open": Kind("with a successor (data.successors), and a list still", _KEPT),
    "network_differs": Kind("in another network in another file", "the first file counts"),
    "network_across_regions": Kind("in a network of another region", _KEPT),
    "list_moved": Kind("list moved by more than 20 %", _KEPT),
    "list_new": Kind("not in the earlier extract", _KEPT),
    "list_gone": Kind("in the earlier extract only", _LEFT_OUT),
    "one_sex": Kind("in one of the files by sex only", "counted as it is there"),
    "list_differs": Kind("with another list in another file", "the first file counts"),
    "postcode_replaced": Kind("postcode not found", "located by another file's"),
    "postcode_terminated": Kind("postcode no longer in use", "located by it all the same"),
    "shared_address": Kind("at one place with another practice", _KEPT),
    "far_from_region": Kind("20 km or more from the others", _KEPT),
    "postcode_far": Kind("5 km or more from its postcode", "the coordinates count"),
    "no_areas": Kind("without patients by area", "patients live there"),
    "areas_differ": Kind("patients by area 20 % off the list", "shares are used"),
    "figure_unknown": Kind("with patients whose figure is not known", "not counted"),
    "no_neighbourhood": Kind("with patients who live in no neighbourhood", "in none"),
    "areas_in_none": Kind("areas of patients that no neighbourhood has", "in none"),
    "neighbourhoods_unused": Kind("neighbourhoods where no patient lives", _LEFT_OUT),
    "areas_without_outline": Kind("areas of a map that no polygon has", "nobody is counted there"),
    "neighbourhood_overlap": Kind("two neighbourhoods that overlap", "nobody is counted there"),
    "neighbourhood_joined": Kind("a neighbourhood of several polygons", "taken as one"),
    "neighbourhood_mended": Kind("an invalid polygon of a neighbourhood", "made valid"),
    "neighbourhood_empty": Kind("an empty polygon of a neighbourhood", _LEFT_OUT),
    "code_respelt": Kind("with a code in another spelling", "taken for the same code"),
    "spreadsheet_error": Kind("with an error of a spreadsheet for a value", "taken for empty"),
    "number_ambiguous": Kind("with a dot for decimals or thousands", "read as decimals"),
    "total_differs": Kind("a total in a file is not the sum of its rows", "the rows count"),
    "off_land": Kind("more than 500 m from land", "on the nearest land"),
    "off_road": Kind("more than 200 m from a road", "at the nearest place on one"),
    "near_rim": Kind("near the end of the roads", "ways there may be too long"),
    "neighbours_dropped": Kind("with a long way to who is near", "not neighbours"),
    "neighbours_barred": Kind("across a barrier from who is near", "not neighbours"),
    "piece_joined": Kind("cut off from the others", "joined by the shortest way"),
    "link_over_water": Kind("linked over water within a network", _AS_PLANNED),
    "network_over_water": Kind("in its network only by boat", _AS_PLANNED),
    "place_split": Kind("at one place, in another network", _AS_PLANNED),
}
"""The kinds of findings about practices, in the order of the report; the last are about a plan."""

EXCLUDED = "excluded for its small list"
"""Why the row of a practice is set aside where `data.atypical` is `exclude`."""

EXCLUDED_BY_RULE = "excluded by a rule"
"""Why the row of a practice is set aside that `rules.exclude` names."""

ROWS_USED, ROWS_SET_ASIDE = "rows_used", "rows_set_aside"
"""The findings that give account of a file's rows."""

NO_LIST = "of a practice without a list size"
"""Why a row about a practice is set aside that no list names."""

NOT_HERE = "outside the region"
"""Why a row is set aside that is about a practice, network, area or postcode of elsewhere."""


@dataclass(frozen=True)
class Finding:
    """Something odd about a practice.

    Attributes
    ----------
    kind
        One of `KINDS`.
    code
        Of the practice.
    detail
        The values concerned, as a clause.
    file
        Where it was found, if in one file.
    treatment
        What is done about it, where that is not the same for the whole kind.
    """

    kind: str
    code: str
    detail: str = ""
    file: str = ""
    treatment: str = ""


@dataclass(frozen=True)
class Account:
    """What became of the rows of a table.

    Attributes
    ----------
    label
        Of the table.
    used
        How many rows were used, by the practice, area or postcode they are about.
    aside
        How many were set aside, by reason.
    """

    label: str
    used: Mapping[str, int]
    aside: Mapping[str, int]

    @classmethod
    def of(cls, label: str, codes: Iterable[str], reasons: Iterable[str]) -> Account:
        """Count rows by what each is about, and why it was set aside: empty where it was not."""
        rows = Counter(zip(codes, reasons, strict=True))
        aside: Counter[str] = Counter()
        for (_, reason), count in rows.items():
            aside[reason] += count
        used = {code: count for (code, reason), count in rows.items() if not reason}
        return cls(label, used, {reason: n for reason, n in aside.items() if reason})

    def with_rows(self, rows: int, reason: str) -> Account:
        """Add rows that are set aside."""
        if not rows:
            return self
        return Account(self.label, self.used, Counter(self.aside) + Counter({reason: rows}))

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return sum(self.used.values()) + sum(self.aside.values())

    def among(self, concerned: Collection[str], reason: str = NOT_HERE) -> Account:
        """Return the account where rows about others than these are set aside for a reason."""
        used = {code: self.used[code] for code in concerned if code in self.used}
        return Account(self.label, used, self.aside).with_rows(
            sum(self.used.values()) - sum(used.values()), reason
        )


def accounts_of(booked: pd.DataFrame) -> list[Account]:
    """Return account of the rows of files.

    Parameters
    ----------
    booked
        Each row's file in `source`, the `practice_code` it is about, and the `reason` why it was
        set aside, empty where it was not.
    """
    labels = booked["source"]
    files = ((label, booked[labels == label]) for label in sorted(set(labels.tolist())))
    return [
        Account.of(label, rows["practice_code"].tolist(), rows["reason"].tolist())
        for label, rows in files
    ]


def report_of(
    findings: Iterable[Finding],
    accounts: Sequence[Account],
    concerned: Collection[str],
    known: pd.DataFrame,
    region: str,
) -> pd.DataFrame:
    """Return a data report: the accounts of all files, then findings by kind and practice.

    Parameters
    ----------
    findings
        About the practices of the run.
    accounts
        Of all files.
    concerned
        The practices, areas and postcodes of the run: rows about others are outside the region.
    known
        Index: practice codes. Columns: `practice_name`, `region_code`, `list_size`, as files have
        them, for the practices of the run and those without a list.
    region
        Of the run; empty where it is about several.

    Returns
    -------
    pandas.DataFrame
        `REPORT_COLUMNS`, as text. Patients are plain digits, however a file writes them; they and
        what is about a practice are empty for files.
    """
    found = _in_order(findings)
    known = known[known.index.isin({finding.code for finding in found})]
    sizes = map(whole_number, known["list_size"])
    told = _told_by_code(known, ["" if isnan(size) else f"{size:.0f}" for size in sizes])
    rows = [
        *(row for account in accounts for row in _account_rows(account.among(concerned), region)),
        *(_finding_row(finding, told) for finding in found),
    ]
    return pd.DataFrame(rows, columns=list(REPORT_COLUMNS), dtype=object).astype(str)


def joined_report(reports: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the data report of several regions of one input together.

    A row of a file counts for one region or for none, so what is outside one may be inside another.
    """
    every = pd.concat(reports, ignore_index=True)
    is_account = every["finding"].isin([ROWS_USED, ROWS_SET_ASIDE])
    accounts = every[is_account].assign(rows=every.loc[is_account, "rows"].astype(int))
    rows: list[tuple[str, ...]] = []
    for label, own in accounts.groupby("file", sort=True):
        used = int(own.loc[own["finding"] == ROWS_USED, "rows"].sum())
        reasons = own[(own["finding"] == ROWS_SET_ASIDE) & (own["detail"] != NOT_HERE)]
        alike = reasons.groupby("detail")["rows"].max()
        aside = {str(reason): int(count) for reason, count in alike.items()}
        nowhere = max(0, int(own["rows"].sum()) // len(reports) - used - sum(aside.values()))
        account = Account(str(label), {"": used}, aside).with_rows(nowhere, "of no region")
        rows += _account_rows(account, "")
    joined = pd.DataFrame(rows, columns=list(REPORT_COLUMNS), dtype=object)
    # What is about a file and no practice stands in the report of every region.
    findings = every[~is_account].drop_duplicates()
    return pd.concat([joined, findings], ignore_index=True).astype(str)


def with_more(
    report: pd.DataFrame, findings: Iterable[Finding], table: pd.DataFrame
) -> pd.DataFrame:
    """Return a report with further findings below, so far as it has not told them.

    Parameters
    ----------
    table
        The practices that they are about, with `practice_code` and the columns of `known`.
    """
    found = _in_order(findings)
    if not found:
        return report
    known = _told_by_code(table.set_index("practice_code"), map(str, table["list_size"]))
    before = set(report.itertuples(index=False, name=None))
    rows = [_finding_row(finding, known) for finding in found]
    rows = [row for row in rows if row not in before]
    if not rows:
        return report
    more = pd.DataFrame(rows, columns=list(REPORT_COLUMNS), dtype=object).astype(str)
    return pd.concat([report, more], ignore_index=True)


def findings_by_kind(report: pd.DataFrame) -> dict[str, int]:
    """Count the findings of a report by kind, in the order of `KINDS`."""
    counts = report["finding"].value_counts()
    return {kind: int(counts[kind]) for kind in KINDS if kind in counts}


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(set(findings), key=lambda f: (order[f.kind], f.code, f.file, f.detail))


def _account_rows(account: Account, region: str) -> list[tuple[str, ...]]:
    counts = [(ROWS_USED, "", sum(account.used.values()), "used")]
    counts += [
        (ROWS_SET_ASIDE, reason, rows, "set aside")
        for reason, rows in sorted(account.aside.items())
    ]
    return [
        (kind, "", "", region, "", account.label, str(rows), reason, treatment)
        for kind, reason, rows, treatment in counts
        if rows or kind == ROWS_USED
    ]


def _told_by_code(known: pd.DataFrame, sizes: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Return what a report tells of each practice beside its code: name, region and list."""
    told = zip(known["practice_name"], known["region_code"], sizes, strict=True)
    return dict(zip(known.index, told, strict=True))


def _finding_row(finding: Finding, known: Mapping[str, tuple[str, str, str]]) -> tuple[str, ...]:
    name, region, patients = known.get(finding.code, ("", "", ""))
    treatment = finding.treatment or KINDS[finding.kind].treatment
    about = (finding.code, name, region, patients, finding.file)
    return (finding.kind, *about, "", finding.detail, treatment)


def with_beside(
    accounts: Iterable[Account], beside: Iterable[tuple[str, str, int]]
) -> list[Account]:
    """Add rows that are in no table to the accounts of their files: label, reason and how many."""
    by_label = {account.label: account for account in accounts}
    for label, reason, rows in beside:
        if rows:
            account = by_label.get(label, Account(label, {}, {}))
            by_label[label] = account.with_rows(rows, reason)
    return [by_label[label] for label in sorted(by_label)]


REPORT_COLUMNS: Mapping[str, str] = {
    "finding": "what was found: one of the findings listed with the input files",
    "practice_code": "the practice it is about; empty where it is about a file",
    "practice_name": "its name",
    "region_code": "its region",
    "patients": "registered patients of the practice",
    "file": "the file it was found in",
    "rows": "of a file: how many rows were used or set aside",
    "detail": "what exactly, or why rows were set aside",
    "treatment": "what is done about it",
}
"""The columns of a data report."""
