"""A batch from beginning to end: find what is left to do, run it, write the totals.

The largest regions go first, and what a process that died was at is done again.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from pcn_group.base.errors import Fault, InputError, PcnGroupError, UnwrittenError
from pcn_group.base.paths import sha256_of
from pcn_group.base.versions import versions
from pcn_group.batch.crews import LOST, Crew
from pcn_group.batch.profiles import joined_profiles
from pcn_group.batch.rollups import Outcomes, joined_tables, rollup_rows, summary_rows
from pcn_group.batch.store import NATIONAL_FILES, NATIONAL_PAGES, Store, digest
from pcn_group.batch.task import Done, Task, failure
from pcn_group.config.closed import with_successors
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.loading import refuse_unknown_practices
from pcn_group.config.model import Configuration
from pcn_group.config.networks import Known, practices_for_networks
from pcn_group.config.rules import groups_by_rule
from pcn_group.geography.travel import refuse_too_many
from pcn_group.output.data.budget_files import budget_files
from pcn_group.output.data.rows import ROLLUPS, SUMMARY_OF_REGIONS
from pcn_group.practices import Practices
from pcn_group.practices.table import report_csv
from pcn_group.practices.units import attach_atypical, units
from pcn_group.tables.sheets import safe_files

__all__ = [
    "GRAVEST_FIRST",
    "Batch",
    "Watcher",
    "done_by",
    "gravest",
    "longest_first",
    "run_batch",
    "unusable_codes",
]

_LOOK_UP_SECONDS = 0.5
"""How long to wait at most: a cluster may have got new workers, and Ctrl-C wants an answer."""

_DIED = (
    "The process working on it died, and once more when no other was at work: too little memory?"
)


class Watcher(Protocol):
    """What follows the progress of a batch."""

    def resumed(self, regions: int) -> None:
        """Note how many regions are kept from an earlier run."""

    def started(self, task: Task) -> None:
        """Work on a region has begun."""

    def finished(self, task: Task, done: Done) -> None:
        """Work on a region has ended, and what came of it is kept."""


def longest_first(tasks: Iterable[Task]) -> list[Task]:
    """Put large regions first, so that none of them is left to the end while others idle.

    The number of practices is not all that makes a search long, but it is all that is known.
    """
    return sorted(tasks, key=lambda task: (-len(task.practices.table), task.code))


def done_by(crew: Crew, tasks: Iterable[Task], watcher: Watcher) -> Iterator[tuple[Task, Done]]:
    """Run tasks, and yield each with its outcome in whatever order they end.

    No more tasks are handed out than can be worked on, so all that are out are under way. When a
    process dies they are all lost, and which of them killed it is unknown. So they are done again,
    each alone; one that kills its process again has failed.

    Raises
    ------
    PcnGroupError
        If the cluster is lost.
    """
    waiting = deque(tasks)
    running: dict[Future[Done], Task] = {}
    while waiting or running:
        lost: list[Task] = []
        places = crew.places()
        while waiting and not lost and len(running) < places:
            task = waiting.popleft()
            watcher.started(task)
            try:
                running[crew.start(task)] = task
            except BrokenProcessPool:
                lost.append(task)
        for future in _ended(running):
            task, done = running.pop(future), _result(future)
            if done is None:
                lost.append(task)
            else:
                yield task, done
        if lost:
            wait(running)
            for future, task in running.items():
                done = _result(future)
                if done is None:
                    lost.append(task)
                else:
                    yield task, done
            running.clear()
            crew.renew()
            for task in lost:
                yield task, _alone(crew, task, watcher)


def _ended(running: Iterable[Future[Done]]) -> set[Future[Done]]:
    """Wait for some to end, and return those that have."""
    futures = set(running)
    if not futures:  # a cluster without workers, for the moment
        time.sleep(_LOOK_UP_SECONDS)
    return wait(futures, timeout=_LOOK_UP_SECONDS, return_when=FIRST_COMPLETED).done


def _result(future: Future[Done]) -> Done | None:
    """Return what came of a task; None if it was lost with the processes."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None
    except CancelledError as error:
        raise PcnGroupError(LOST) from error
    except Exception as error:  # noqa: BLE001 - one region's failure stops no other
        return failure(error)


def _alone(crew: Crew, task: Task, watcher: Watcher) -> Done:
    watcher.started(task)
    future = crew.start(task)
    while not _ended([future]):
        pass
    done = _result(future)
    if done is None:
        crew.renew()
        return failure(PcnGroupError(_DIED))
    return done


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


GRAVEST_FIRST = (1, 5, 4, 3, 0)
"""The exit codes of regions."""


@dataclass(frozen=True)
class Batch:
    """The regions of an input, all under one configuration.

    Attributes
    ----------
    regions
        As `read_regions` gives them.
    by
        The column that divided them.
    configuration
        The rules.
    folder
        What relative paths in the configuration are relative to.
    """

    regions: Mapping[str, Practices]
    by: str
    configuration: Configuration
    folder: Path

    def refuse_unusable(self) -> None:
        """Stop before any work is done where not every region can be done and kept.

        Raises
        ------
        InputError
            For region codes that cannot name a folder, rules that name unknown practices or join
            practices of several regions, funding lines that need a column which the input lacks,
            and files that cannot be read.
        """
        faults = unusable_codes(self.regions)
        faults += self._too_large()
        for check in (
            self._refuse_rules,
            lambda: refuse_unfunded(self._table, self.configuration.funding),
            lambda: self._common,
        ):
            try:
                check()
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(faults)

    def _too_large(self) -> Iterator[Fault]:
        """Name the regions that have more practices than can be worked with."""
        for code, practices in self.regions.items():
            table = attach_atypical(practices.table, self.configuration.data)
            try:
                refuse_too_many(len(units(table)), f"region {code}")
            except InputError as error:
                yield from error.faults

    def task(self, code: str) -> Task:
        """Return what has to be done for a region."""
        return Task(code, self.regions[code], self.configuration, self.folder, versions())

    def fingerprint(self, code: str) -> str:
        """Return the hash of all that a region's outcome depends on."""
        sources = sorted(source.sha256 for source in self.regions[code].sources)
        return digest([code, sources, self._common])

    def _refuse_rules(self) -> None:
        """Stop for rules about practices nowhere in the input, or that are to cross a border."""
        some, table = next(iter(self.regions.values())), self._table
        pairs = zip(table["practice_code"], table["current_network"], strict=True)
        known = Known.of(frozenset(table["practice_code"]), some.networks, pairs)
        configuration = with_successors(self.configuration, some.known)
        configuration = practices_for_networks(configuration, known)
        faults = [*_across_regions(self.regions, configuration)]
        try:
            refuse_unknown_practices(configuration, some.known)
        except InputError as error:
            faults += error.faults
        if faults:
            raise InputError(faults)

    @property
    def _table(self) -> pd.DataFrame:
        return pd.concat([region.table for region in self.regions.values()], ignore_index=True)

    @cached_property
    def _common(self) -> dict[str, Any]:
        files = self.configuration.anchored(self.folder).files()
        return {
            "by": self.by,
            "configuration": self.configuration.model_dump(
                mode="json", exclude={"search": {"workers"}}
            ),
            "files": _sha256_of(files),
            "versions": versions(),
        }


def _across_regions(
    regions: Mapping[str, Practices], configuration: Configuration
) -> Iterator[Fault]:
    """Name the groups that are to be in one network, and are not in one region."""
    region_of = {
        code: region
        for region, practices in regions.items()
        for code in practices.table["practice_code"]
    }
    for key, group in groups_by_rule(configuration.rules):
        where = sorted({region_of[code] for code in group if code in region_of})
        if key in {"rules.together", "rules.fixed"} and len(where) > 1:
            problem = f"is about practices of several regions: {', '.join(where)}"
            remedy = "Networks do not cross the border of a region: name practices of one."
            yield Fault(key, problem, remedy, value=", ".join(group))


def run_batch(
    batch: Batch, store: Store, crew: Crew, watcher: Watcher, *, resume: bool = False
) -> Outcomes:
    """Group every region into networks, and write it all.

    Parameters
    ----------
    store
        Where to; what of it stands is not done again with `resume`.
    crew
        Who does the work; this process alone writes.
    watcher
        Told how it goes on.

    Raises
    ------
    UnwrittenError
        If the folder cannot be written any more, or others have changed what is in it.
    PcnGroupError
        If the cluster is lost, or the folder cannot be made ready.
    """
    try:
        store.open(batch.regions, resume=resume)
        done = _kept(batch, store)
        watcher.resumed(len(done))
        left = longest_first(batch.task(code) for code in batch.regions if code not in done)
        for task, outcome in done_by(crew, left, watcher):
            store.keep(task.code, batch.fingerprint(task.code), outcome)
            done[task.code] = outcome
            watcher.finished(task, outcome)
        outcomes = Outcomes(batch.regions, done, batch.configuration)
        for code, outcome in done.items():
            store.refuse_changed(code, batch.fingerprint(code), outcome)
        store.write(_of_all_regions(outcomes))
    except (PcnGroupError, OSError) as error:
        kind = UnwrittenError if isinstance(error, UnwrittenError) else PcnGroupError
        told = f"{error}." if isinstance(error, OSError) else str(error)
        raise kind(f"{told} What is done is kept: go on with --resume.") from error
    return outcomes


def _kept(batch: Batch, store: Store) -> dict[str, Done]:
    found = {code: store.kept(code, batch.fingerprint(code)) for code in batch.regions}
    return {code: done for code, done in found.items() if done is not None}


def gravest(outcomes: Outcomes) -> int:
    """Return the exit code of a batch: the gravest of its regions'."""
    codes = {done.exit_code for done in outcomes.done.values()}
    return next(code for code in GRAVEST_FIRST if code in codes)


def _of_all_regions(outcomes: Outcomes) -> dict[str, str]:
    texts = {
        "data_report.csv": report_csv(outcomes.data_report),
        **(budget_files(outcomes.budget) if outcomes.groupings else {}),
        **joined_profiles(outcomes),
        "rollups.csv": ROLLUPS.csv(rollup_rows(outcomes), outcomes.unit),
        "summary.csv": SUMMARY_OF_REGIONS.csv(summary_rows(outcomes), outcomes.unit),
    }
    safe = outcomes.configuration.output.excel_safe
    return {**joined_tables(outcomes), **safe_files(texts, excel_safe=safe)}


def _sha256_of(files: Mapping[str, Path]) -> dict[str, str]:
    hashes, faults = {}, []
    for key, path in files.items():
        try:
            hashes[key] = sha256_of(path)
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
            faults.append(Fault(key, problem, "Check the path.", value=str(path)))
    if faults:
        raise InputError(faults)
    return hashes
