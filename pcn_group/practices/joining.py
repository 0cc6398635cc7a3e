"""Joining input files: every practice with what all of them say of it, not yet judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from pcn_group.base.codes import UNALLOCATED
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import what_is_at
from pcn_group.base.wording import listed, plural
from pcn_group.config.model import Configuration
from pcn_group.config.networks import Known
from pcn_group.config.successors import networks_taken_over
from pcn_group.practices.adjusted import share_adjusted
from pcn_group.practices.areas import read_areas
from pcn_group.practices.kinds import is_streamed
from pcn_group.practices.layouts import EXPECTED, Recognised, recognise
from pcn_group.practices.lists import Lists, read_lists
from pcn_group.practices.oddities import Files, atypical, findings_in_files
from pcn_group.practices.official import (
    fill,
    map_facts,
    membership_facts,
    register_facts,
    weight_facts,
)
from pcn_group.practices.profile.figures import Figures
from pcn_group.practices.profile.reading import read_figures
from pcn_group.practices.rows import Rows, stacked
from pcn_group.practices.table import REGION_COLUMNS
from pcn_group.tables.codes import distinct, mapped, spelt_alike
from pcn_group.tables.findings import (
    EXCLUDED,
    EXCLUDED_BY_RULE,
    NO_LIST,
    Account,
    Finding,
    with_beside,
)
from pcn_group.tables.numbers import whole_numbers
from pcn_group.tables.opening import Opened, open_input

__all__ = ["Input", "as_error", "read_input"]

_WEIGHTS = ("weighted_list_size", "adjusted_list_size")
_WITH_LISTS = "Give gp-reg-pat-prac-all.csv or a practices.csv as well."
_WHOLE_LISTS = "Give gp-reg-pat-prac-all.csv, or another file with whole lists of practices."
_FILLED = ("practice_name", "region_code", "postcode", "icb_code", "nhs_region_code", *_WEIGHTS)

_WITHOUT_LISTS = {
    "map": "has practices, but no list sizes",
    "register": "has practices, but no list sizes",
    "memberships": "has practices, but no list sizes",
    "weights": "has weighted lists, but not the registered ones",
    "adjusted": "has populations of networks, but no list sizes",
    "areas": "has patients by area, but no list sizes",
    "centroids": "says where areas are, and has no practices",
    "directories": "says where postcodes are, and has no practices",
    "neighbourhoods": "is a map of neighbourhoods, and has no practices",
    "lookup": "says in which areas areas are, and has no practices",
    "area_figures": "has figures of areas, and no practices",
    "figures": "has figures of practices, but no list sizes",
    "registers": "has figures of practices, but no list sizes",
    "practice_figures": "has figures of practices, but no list sizes",
}
"""What is true of files, by kind, where none of the input has a list."""

_ABOUT_AREAS = frozenset({"centroids", "neighbourhoods", "lookup", "area_figures"})
"""The kinds of tables, beside patients by area, that go with whatever practices there are."""


@dataclass(frozen=True)
class Input:
    """All files, read and joined but not yet judged.

    Attributes
    ----------
    rows
        The practices with a list, with the region of each in `region_code`.
    excluded
        The cells of those left out for their small lists, or by `rules.exclude`.
    by
        The column the regions were taken from.
    accounts
        Of all files but the postcode directories, which are read for the practices at hand.
    respelt
        What was read otherwise than the files beside the lists have it, and is not known.
    figures
        Those of the profile.
    faults, notes
        What was found on the way here.
    """

    rows: Rows
    excluded: pd.DataFrame
    by: str
    rules: Configuration
    opened: tuple[Opened, ...]
    found: Recognised
    lists: Lists
    files: Files
    accounts: tuple[Account, ...]
    respelt: tuple[Finding, ...]
    figures: Figures
    faults: list[Fault]
    notes: list[str]

    @cached_property
    def every(self) -> pd.DataFrame:
        """The cells of all practices with a list, those that are left out last."""
        return stacked([self.rows.cells, self.excluded])

    @cached_property
    def without_list(self) -> pd.DataFrame:
        """Practices that only other files have, or an earlier extract: name and region, by code."""
        columns = ["practice_code", "practice_name", self.by]
        known = [facts.cells.reset_index() for facts in self.files.about_practices.values()]
        earlier = _filled(self.lists.earlier, self.files).cells
        joined = stacked([cells[columns] for cells in (*known, earlier)])
        joined = joined.set_axis([*columns[:2], "region_code"], axis="columns")
        joined = joined.set_index("practice_code")
        others = ~joined.index.duplicated() & ~joined.index.isin(self.every["practice_code"])
        return joined[others].assign(list_size="")

    @cached_property
    def known(self) -> pd.DataFrame:
        """Name, region and list of all practices of all files, by code."""
        columns = ["practice_name", "region_code", "list_size"]
        listed_ones = self.every[["practice_code", *columns]].set_index("practice_code")
        joined = pd.concat([listed_ones, self.without_list])
        return joined[~joined.index.duplicated()]

    @cached_property
    def listed(self) -> frozenset[str]:
        """The codes of all practices with a list."""
        return frozenset(self.known.index[self.known["list_size"] != ""])

    @cached_property
    def in_networks(self) -> pd.DataFrame:
        """Name and network of today of the practices that are in one, by code."""
        columns = ["practice_code", "practice_name", "current_network"]
        is_first = ~self.every["practice_code"].duplicated()
        joined = self.every.loc[is_first & (self.every["current_network"] != ""), columns]
        return joined.set_index("practice_code")

    @cached_property
    def networks(self) -> dict[str, str]:
        """The name of each network of today by its code; of several the first in the alphabet."""
        return networks_in(self.every)

    @cached_property
    def findings(self) -> dict[str, list[Finding]]:
        """What is odd from file to file, by region; nothing more about excluded practices."""
        regions = self.known["region_code"].to_dict()
        excluded = frozenset(self.excluded["practice_code"])
        by_region: dict[str, list[Finding]] = {}
        found = findings_in_files(replace(self.rows, cells=self.every), self.lists, self.files)
        for finding in (*self.respelt, *found):
            if finding.code not in excluded:
                by_region.setdefault(regions.get(finding.code, ""), []).append(finding)
        return by_region


def networks_in(cells: pd.DataFrame) -> dict[str, str]:
    """Return the name of each network of today by its code; of several the first."""
    codes, names = cells["current_network"].tolist(), cells["current_network_name"].tolist()
    pairs = set(zip(codes, names, strict=True))
    return dict(sorted(((code, name) for code, name in pairs if code), reverse=True))


def _refuse_torn_names(paths: Sequence[Path]) -> None:
    """Stop with an InputError where a name with spaces was given without quotes."""
    ends = [(start, end) for start in range(len(paths)) for end in range(start + 2, len(paths) + 1)]
    for start, end in ends:
        whole = Path(" ".join(map(str, paths[start:end])))
        if not any(map(what_is_at, paths[start:end])) and what_is_at(whole) == "file":
            problem = f"is one file, and was given as {end - start}: there are spaces in its name"
            raise as_error([Fault(str(whole), problem, f'Put it in quotes: "{whole}".')])


def read_input(
    paths: Sequence[Path], by: str, rules: Configuration, otherwise: Sequence[Path] = ()
) -> Input:
    """Open, recognise and join files.

    Parameters
    ----------
    paths
        The files, in any order.
    by
        Which of `REGION_COLUMNS` says what region a practice is in.
    rules
        The section `data` says what to make of small and of weighted lists.
    otherwise
        Files with the practices where those given are about areas alone, such as a map.

    Raises
    ------
    InputError
        If there are no practices to go on with; else `Input.faults` has what was found.
    """
    if by not in REGION_COLUMNS:
        remedy = f"Choose one of {listed(REGION_COLUMNS)}."
        raise as_error(
            [Fault("--by", "is no column that regions can be told by", remedy, value=by)]
        )
    _refuse_torn_names(paths)
    opened, faults = _open_all(paths)
    found = recognise(opened, rules)
    faults += found.faults
    if otherwise and not faults and set(found.tables) <= _ABOUT_AREAS:
        return read_input((*otherwise, *paths), by, rules)
    lists = read_lists(found)
    files = Files(
        map_facts(found.of("map")),
        membership_facts(found.of("memberships"), lists.date),
        register_facts(found.of("register")),
        read_areas(found, rules.neighbourhoods),
    )
    weights = weight_facts(found.of("weights"))
    lists, files, respelt = _spelt_alike(lists, files)
    rows = fill(_filled(lists.rows, files), weights, _WEIGHTS)
    rows, wrong, notes = share_adjusted(rows, found.of("adjusted"))
    faults += wrong
    found.notes += notes
    rows = _with_networks_taken_over(rows, lists, files, rules.data.given_successors)
    facts = (files.practice_map, files.register, files.memberships, weights)
    faults += [*lists.faults, *(fault for some in facts for fault in some.faults)]
    faults += files.areas.faults
    if rows.cells.empty:
        raise as_error(faults or _no_practices(found, lists))
    name = REGION_COLUMNS[by]
    names = rows.cells[name] if name else ""
    rows = replace(rows, cells=rows.cells.assign(region_code=rows.cells[by], region_name=names))
    small = atypical(rows, rules)
    if rules.data.atypical != "exclude":
        small[:] = False
    named = rows.cells["practice_code"].isin(_excluded(rows.cells, rules))
    out = small | named
    told = read_figures(found, rules, rows.cells[~out], files.areas.homes)
    faults += told.faults
    found.notes += told.notes
    listed_codes = frozenset(rows.cells["practice_code"])
    unnamed_codes = frozenset(rows.cells.loc[~named, "practice_code"])
    kept_codes = frozenset(rows.cells.loc[~out, "practice_code"])
    accounts = [
        account.among(listed_codes, NO_LIST)
        .among(unnamed_codes, EXCLUDED_BY_RULE)
        .among(kept_codes, EXCLUDED)
        for some in (lists, *facts, files.areas, told)
        for account in some.accounts
    ]
    accounts += files.areas.centroids
    return Input(
        rows=rows.where(~out),
        excluded=rows.cells[out],
        by=by,
        rules=rules,
        opened=tuple(opened),
        found=found,
        lists=lists,
        files=files,
        accounts=tuple(with_beside(accounts, found.beside)),
        respelt=(*respelt, *(f for some in (*facts, files.areas, told) for f in some.findings)),
        figures=told.figures,
        faults=faults,
        notes=found.notes,
    )


def _excluded(cells: pd.DataFrame, rules: Configuration) -> Collection[str]:
    """Return the practices that `rules.exclude` names, by code or by the network they are in."""
    networks = networks_in(cells)
    pairs = zip(cells["practice_code"], cells["current_network"], strict=True)
    known = Known.of(frozenset(cells["practice_code"]), networks, pairs)
    return {code for text in rules.rules.exclude for code in known.practices_of(text)}


def _spelt_alike(lists: Lists, files: Files) -> tuple[Lists, Files, list[Finding]]:
    """Have lists and files spell regions and networks in one way; say which did otherwise."""
    facts = files.about_practices
    others = [some.cells.reset_index() for some in facts.values()]
    tables, found = spelt_alike([lists.rows.cells, lists.earlier.cells, *others])
    rows, earlier, *own = tables
    lists = replace(
        lists,
        rows=replace(lists.rows, cells=rows),
        earlier=replace(lists.earlier, cells=earlier),
    )
    return lists, files.with_cells(dict(zip(facts, own, strict=True))), found


def _filled(rows: Rows, files: Files) -> Rows:
    """Fill in what lists do not say; of files that disagree the first one here counts."""
    rows = fill(rows, files.practice_map, (*_FILLED, "current_network"))
    rows = fill(rows, files.register, ("practice_name", "region_code", "postcode", *_WEIGHTS))
    memberships = ("practice_name", "region_code", "current_network", *_WEIGHTS)
    rows = fill(rows, files.memberships, memberships)
    network = rows.cells["current_network"]
    if UNALLOCATED not in distinct(network):
        return rows
    cells = rows.cells.assign(current_network=network.mask(network == UNALLOCATED, ""))
    return replace(rows, cells=cells)


def _with_networks_taken_over(
    rows: Rows, lists: Lists, files: Files, successors: Mapping[str, str]
) -> Rows:
    """Give practices the network of today of those they took over from, by the earlier lists."""
    if not successors:
        return rows
    earlier = _filled(lists.earlier, files).cells
    others = (files.practice_map.cells, files.memberships.cells)
    every = pd.concat(
        [rows.cells, earlier, *(cells.assign(practice_code=cells.index) for cells in others)]
    )
    every = every[~every["current_network"].isin(["", UNALLOCATED])]
    codes = every["practice_code"]
    sizes = zip(earlier["practice_code"], whole_numbers(earlier["list_size"]), strict=True)
    taken = networks_taken_over(
        dict(zip(codes[::-1], every["current_network"][::-1], strict=True)),
        {code: int(size) for code, size in sizes if size > 0},
        successors,
        frozenset(rows.cells["practice_code"]),
    )
    names, cells = networks_in(every), rows.cells
    networks = mapped(cells["practice_code"], lambda code: taken.get(code, ""))
    is_heir = networks != ""
    cells = cells.assign(
        current_network=cells["current_network"].mask(is_heir, networks),
        current_network_name=cells["current_network_name"].mask(
            is_heir, mapped(networks, lambda network: names.get(network, ""))
        ),
    )
    return replace(rows, cells=cells)


def _open_all(paths: Sequence[Path]) -> tuple[list[Opened], list[Fault]]:
    """Open the files; faults call a file by its name, or by its path where names are alike."""
    names = Counter(path.name for path in paths)
    files: dict[str, Opened] = {}
    labels: dict[str, str] = {}
    faults: list[Fault] = []
    for path in paths:
        label = path.name if path.name and names[path.name] == 1 else str(path)
        try:
            file = open_input(path, label, is_streamed)
        except InputError as error:
            faults += error.faults
            continue
        if file.sha256 in files:
            problem = f"has the same content as {labels[file.sha256]}"
            faults.append(Fault(label, problem, "Give each file once."))
            continue
        files[file.sha256], labels[file.sha256] = file, label
    return sorted(files.values(), key=lambda file: (file.name, labels[file.sha256])), faults


def as_error(faults: list[Fault]) -> InputError:
    """Put faults in the order in which a user mends a file, each once."""
    each = dict.fromkeys(faults)
    return InputError(sorted(each, key=lambda fault: (fault.source, fault.row or 0)))


def _no_practices(found: Recognised, lists: Lists) -> list[Fault]:
    """Say of each file why no practice of it has a list."""
    faults = []
    for label, rows in lists.booked.groupby("source", sort=True):
        reason = rows["reason"].mode().iloc[0]
        problem = f"has no list that counts: {plural(len(rows), 'row')}, {reason}"
        faults.append(Fault(str(label), problem, _WHOLE_LISTS))
    named = {kind: [each.table.label for each in some] for kind, some in found.tables.items()}
    named["areas"] = [some.label for some in found.areas]
    named["directories"] = [some.label for some in found.directories]
    named["neighbourhoods"] = [path.name for path in found.maps]
    faults += [
        Fault(label, problem, _WITH_LISTS)
        for kind, problem in _WITHOUT_LISTS.items()
        for label in named.get(kind, [])
    ]
    return faults or [Fault("input", "has no table of practices", EXPECTED)]
