"""The folder of a batch: what it may hold, what is kept of each region, what is stale.

    DIR/summary.csv, ...     of all regions, written last
    DIR/<region>/...         what `solve` writes
    DIR/.batch/<region>.json the record of a region

A record holds all that came of a region, the files' texts included, with a checksum. It is written
in one step of the file system, and that step decides: before it the region is to be done, after it
the region is done, and its folder can be written again from the record whatever happened to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pcn_group.base import limits
from pcn_group.base.errors import InputError, UnwrittenError
from pcn_group.base.files import (
    Kind,
    in_the_way,
    is_ignored,
    is_temporary,
    refuse_foreign,
    refuse_links,
    remove,
    write_all,
)
from pcn_group.base.paths import encoded, holds
from pcn_group.batch.task import FAILED, Done
from pcn_group.output.data.budget_files import BUDGET_FILES
from pcn_group.output.data.folder import (
    FILES,
    INDEX_FILE,
    ON_REQUEST,
    PICTURES,
    has_pictures,
    write_folder,
)
from pcn_group.plan.reading import RECORDS

__all__ = ["NATIONAL_FILES", "NATIONAL_PAGES", "Store", "digest"]

NATIONAL_FILES = (
    "groupings.csv",
    "networks.csv",
    *BUDGET_FILES,
    "profile.csv",
    "profile_spread.csv",
    "data_report.csv",
    "rollups.csv",
    "summary.csv",
)
"""The files of all regions, in the order they are written: a batch with a summary is complete."""

NATIONAL_PAGES = (INDEX_FILE,)
"""What may be beside them, drawn from them"""

_FORMER_PAGES = ("plotly.min.js",)
"""What version 0.2 wrote beside them; it goes when the batch is written anew"""


def digest(values: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """Return the SHA-256 of plain values."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(encoded(text)).hexdigest()


class Store:
    """The folder of a batch.

    Parameters
    ----------
    root
        The folder; it need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def refuse_foreign(self, *, overwrite: bool) -> None:
        """Stop before any work is done if the folder holds anything that is not of a batch.

        Raises
        ------
        InputError
            As `refuse_foreign`: unless `overwrite`, if it holds files or folders that no batch
            wrote.
        """
        kind = Kind(
            "holds something that is not a batch's",
            {*NATIONAL_FILES, *NATIONAL_PAGES, *_FORMER_PAGES}.__contains__,
            lambda root: (root / RECORDS).is_dir(),
            lambda name: self._is_own_folder(self.root / name),
        )
        refuse_foreign(self.root, kind, overwrite=overwrite)

    def refuse_unwritable(self, regions: Iterable[str]) -> None:
        """Stop before any work is done if something there keeps regions from being written.

        Raises
        ------
        InputError
            With all that is in the way, of regions that an earlier run left as well.
        """
        regions = sorted({*regions, *self._recorded()})
        refuse_links(self.root / name for name in (RECORDS, *regions))
        faults = in_the_way(self.root / RECORDS, [f"{code}.json" for code in regions])
        for code in regions:
            faults += in_the_way(self.root / code, (*FILES, *ON_REQUEST, *PICTURES))
        if faults:
            raise InputError(faults)

    def has_pictures(self) -> bool:
        """Whether an earlier run, or report, has drawn something there."""
        return any(has_pictures(self.root / code) for code in self._recorded())

    def open(self, regions: Collection[str], *, resume: bool) -> None:
        """Make the folder ready for a run.

        What is of all regions goes, so that a summary is always of a whole run, and with it all
        pictures; so do the folders of regions that are not asked for any more, and without `resume`
        all of them.
        """
        (self.root / RECORDS).mkdir(parents=True, exist_ok=True)
        for name in reversed((*NATIONAL_FILES, *NATIONAL_PAGES, *_FORMER_PAGES)):
            remove(self.root / name)
        recorded = self._recorded()
        for folder in (self.root, self.root / RECORDS, *(self.root / code for code in recorded)):
            _sweep(folder)
        for code in recorded:
            for name in PICTURES:
                remove(self.root / code / name)
            if not resume or code not in regions:
                self._remove_plan(code)
                remove(self._record(code))

    def kept(self, code: str, fingerprint: str) -> Done | None:
        """Return what came of a region in an earlier run, if its record is whole and still holds.

        The region's folder is put right if it is not as the record has it.
        """
        done = self._outcome(code, fingerprint)
        if done is None or done.status == FAILED:
            return None
        self._write_plan(code, done)
        return done

    def keep(self, code: str, fingerprint: str, done: Done) -> None:
        """Keep what came of a region: first its record, then its folder.

        Raises
        ------
        UnwrittenError
            If that cannot be: then the record has it, or a folder elsewhere.
        """
        values = asdict(done)
        record = {
            "fingerprint": fingerprint,
            "done": values,
            "sha256": digest([fingerprint, values]),
        }
        text = json.dumps(record, indent=1, ensure_ascii=False)
        plan = {self.root / code / name: content for name, content in done.files.items()}
        write_all({self._record(code): text}, root=self.root, with_them=plan)
        self._write_plan(code, done)

    def refuse_changed(self, code: str, fingerprint: str, done: Done) -> None:
        """Stop if the files of a region are no longer as they were kept.

        Raises
        ------
        UnwrittenError
            If its record or a file of its folder is missing, or is another one.
        """
        folder = self.root / code
        if self._outcome(code, fingerprint) != done:
            changed = self._record(code)
        elif folder.is_symlink():
            changed = folder
        elif names := _changed(folder, done.files):
            changed = folder / names[0]
        else:
            return
        raise UnwrittenError(f"{changed}: was removed or changed while the batch ran.")

    def write(self, texts: Mapping[str, str]) -> None:
        """Write the files of all regions, the summary last."""
        write_all({self.root / name: texts[name] for name in NATIONAL_FILES if name in texts})

    def _outcome(self, code: str, fingerprint: str) -> Done | None:
        """Return what the record of a region says, if it is whole and still holds."""
        try:
            record = json.loads(limits.read_whole(self._record(code), limits.WHOLE))
            done = Done(**record["done"])
            is_whole = record["sha256"] == digest([record["fingerprint"], record["done"]])
        except (InputError, OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return done if is_whole and record["fingerprint"] == fingerprint else None

    def _record(self, code: str) -> Path:
        return self.root / RECORDS / f"{code}.json"

    def _recorded(self) -> list[str]:
        return sorted(path.stem for path in (self.root / RECORDS).glob("*.json"))

    def _is_own_folder(self, path: Path) -> bool:
        own = {*FILES, *ON_REQUEST, *PICTURES} if path.name in self._recorded() else set()
        return path.is_dir() and (path.name == RECORDS or _holds_only(path, own))

    def _write_plan(self, code: str, done: Done) -> None:
        folder = self.root / code
        if not done.files:
            self._remove_plan(code)
        elif folder.is_symlink() or _changed(folder, done.files):
            write_folder(folder, done.files, self.root)

    def _remove_plan(self, code: str) -> None:
        folder = self.root / code
        refuse_links([folder])
        for name in reversed(FILES):
            remove(folder / name)
        with contextlib.suppress(OSError):  # not there, or holds something of the user's
            folder.rmdir()


def _holds_only(folder: Path, names: Iterable[str]) -> bool:
    return all(path.name in names or is_ignored(path.name) for path in folder.iterdir())


def _changed(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the names of the files that are not as they should be."""
    return [name for name, text in files.items() if not holds(folder / name, text)]


def _sweep(folder: Path) -> None:
    """Remove what a killed run left of the files it was writing."""
    if folder.is_dir():
        for path in folder.iterdir():
            if is_temporary(path.name):
                remove(path)
