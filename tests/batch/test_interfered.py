"""Somebody is at the folder of a batch while it runs: nothing is lost, nor written elsewhere."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError, UnwrittenError
from pcn_group.batch.store import Store
from pcn_group.batch.task import Done, Task
from tests.batch.several import batch_here, contents, country, do_once, results, written

LAST = "R0"
"""The region that is done last: the largest ones come first, and R2 is the largest"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch done in one go."""
    folder = tmp_path_factory.mktemp("clean")
    batch_here(written(folder, country(3)), folder / "out")
    return folder


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a batch to be; what cannot be written there goes to `spare`."""
    (tmp_path / "spare").mkdir()
    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spare"))
    return tmp_path / "out"


def meanwhile(harm: Callable[[], None]) -> Callable[[Task], Done]:
    """Have harm done while the last region is worked on."""

    def work(task: Task) -> Done:
        if task.code == LAST:
            harm()
        return do_once(task)

    return work


def link_to_theirs(path: Path) -> None:
    """Put a link in the place of a folder."""
    shutil.rmtree(path, ignore_errors=True)
    try:
        path.symlink_to(path.parents[1 if path.parent.name == "out" else 0] / "theirs")
    except OSError:
        pytest.skip("may not make links here")


def remove_record(out: Path) -> None:
    (out / ".batch" / "R2.json").unlink()


def halve_record(out: Path) -> None:
    record = out / ".batch" / "R2.json"
    record.write_bytes(record.read_bytes()[:100])


def remove_file(out: Path) -> None:
    (out / "R2" / "networks.csv").unlink()


def change_file(out: Path) -> None:
    (out / "R2" / "networks.csv").write_text("other", encoding="utf-8")


def remove_region(out: Path) -> None:
    shutil.rmtree(out / "R2")


def remove_everything(out: Path) -> None:
    shutil.rmtree(out)


@pytest.mark.parametrize(
    ("harm", "named", "again"),
    [
        (remove_record, ".batch/R2.json", 1),
        (halve_record, ".batch/R2.json", 1),
        (remove_file, "R2/networks.csv", 0),
        (change_file, "R2/networks.csv", 0),
        (remove_region, "R2/groupings.csv", 0),
        (remove_everything, ".batch/R2.json", 2),
    ],
)
def test_what_was_removed_or_changed_is_told_and_put_right(
    clean: Path, out: Path, harm: Callable[[Path], None], named: str, again: int
) -> None:
    path = clean / "practices.csv"
    with pytest.raises(UnwrittenError) as error:
        batch_here(path, out, work=meanwhile(lambda: harm(out)))
    assert str(error.value) == (
        f"{out / named}: was removed or changed while the batch ran. What is done is kept: go on "
        "with --resume."
    )
    assert not (out / "summary.csv").exists()
    diary, _ = batch_here(path, out, resume=True)
    assert len(diary.began) == again
    assert results(out) == results(clean / "out")


@pytest.mark.parametrize("name", ["R0", "R2", ".batch"])
def test_a_link_that_comes_into_the_place_of_a_folder_is_not_followed(
    clean: Path, out: Path, tmp_path: Path, name: str
) -> None:
    path = clean / "practices.csv"
    with pytest.raises(UnwrittenError, match=r"go on with --resume\.$") as error:
        batch_here(path, out, work=meanwhile(lambda: link_to_theirs(out / name)))
    assert contents(tmp_path / "theirs") == {}
    if name == ".batch":
        (told,) = re.findall(r"its folder is a link.*The folder (.*) holds what", str(error.value))
        kept = contents(Path(told))
        assert {key: kept[f"{LAST}/{key}"] for key in contents(clean / "out" / LAST)} == contents(
            clean / "out" / LAST
        )
        assert f".batch/{LAST}.json" in kept
    with pytest.raises(InputError, match=r"is a link, .* Remove the link, or choose another"):
        Store(out).refuse_unwritable(["R0", "R1", "R2"])
    (out / name).unlink()
    batch_here(path, out, resume=True)
    assert results(out) == results(clean / "out")
    assert contents(tmp_path / "theirs") == {}


def test_a_disk_that_fills_up_loses_nothing(
    clean: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill() -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pcn_group.base.files.os.fsync", full)

    path = clean / "practices.csv"
    with pytest.raises(UnwrittenError, match=r"No space left.* go on with --resume\.$") as error:
        batch_here(path, out, work=meanwhile(fill))
    (told,) = re.findall(r"The folder (.*) holds what", str(error.value))
    shutil.copytree(told, out, dirs_exist_ok=True)  # as its reader may
    monkeypatch.undo()
    diary, _ = batch_here(path, out, resume=True)
    assert diary.began == []
    assert results(out) == results(clean / "out")


def test_a_region_without_a_plan_removes_nothing_through_a_link(
    clean: Path, out: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs" / "groupings.csv"
    theirs.write_text("theirs", encoding="utf-8")
    nobody = ("band.below=forbid", "band.above=forbid", "limits.max_practices=1")
    harm = meanwhile(lambda: link_to_theirs(out / LAST))
    with pytest.raises(Exception, match=r"go on with --resume\.$"):
        batch_here(clean / "practices.csv", out, *nobody, work=harm)
    assert theirs.read_text("utf-8") == "theirs"
