"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.errors import InputError
from pcn_group.output.files import refuse_existing, remove, write_atomically
from pcn_group.output.folder import refuse_foreign_folder, write_folder


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.csv"
    write_atomically(path, "é,ŵ\n1,2\n")

    assert path.read_bytes() == "é,ŵ\n1,2\n".encode()
    write_atomically(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.csv"
    path.write_text("old")

    def fail(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_atomically(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_way_of_a_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        write_atomically(tmp_path / "file" / "inside.csv", "")


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_inside_a_file_is_refused_before_any_work(
    tmp_path: Path, *, overwrite: bool
) -> None:
    file = tmp_path / "full.csv"
    file.write_text("")
    for folder in (file, file / "plan", file / "new" / "plan"):
        with pytest.raises(InputError, match=r"full.csv: is a file, not a folder"):
            refuse_foreign_folder(folder, overwrite=overwrite)
    refuse_foreign_folder(tmp_path / "new" / "plan", overwrite=overwrite)


def test_what_is_not_there_need_not_be_removed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("")
    remove(path)
    assert not path.exists()
    remove(path)
    remove(tmp_path / "nowhere" / "file.csv")


def test_what_cannot_be_removed_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "summary.json").mkdir()
    with pytest.raises(InputError, match=r"summary.json: cannot be written: .*--out"):
        write_folder(tmp_path, {})
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        remove(tmp_path / "file" / "summary.json")


def test_existing_files_are_refused_unless_allowed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    refuse_existing(path, overwrite=False)
    path.write_text("")

    refuse_existing(path, overwrite=True)
    with pytest.raises(InputError, match="is already there"):
        refuse_existing(path, overwrite=False)
    with pytest.raises(InputError, match="is a folder"):
        refuse_existing(tmp_path, overwrite=True)


def test_what_a_killed_run_left_is_no_foreign_file(tmp_path: Path) -> None:
    (tmp_path / ".groupings.csv.4711.tmp").touch()
    refuse_foreign_folder(tmp_path, overwrite=False)

    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match=r"holds something that is not a plan \('mine.txt'\)"):
        refuse_foreign_folder(tmp_path, overwrite=False)
