"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.errors import InputError
from pcn_group.output.files import in_the_way, refuse_existing, remove, write_atomically
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


def test_all_that_is_in_the_way_is_told_before_anything_is_removed(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text('{"versions": {"pcn-group": "1"}}')
    for name in ("map.png", "report.html"):
        (tmp_path / name).mkdir()
    for overwrite in (False, True):
        with pytest.raises(InputError) as refused:
            refuse_foreign_folder(tmp_path, overwrite=overwrite)
        assert [fault.source for fault in refused.value.faults] == [
            str(tmp_path / "map.png"),
            str(tmp_path / "report.html"),
        ]
    assert (tmp_path / "summary.json").exists()


def test_a_file_that_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "groupings.csv"
    path.write_text("")

    def held(_self: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    assert in_the_way(tmp_path, [path.name, "new.csv"]) == []
    monkeypatch.setattr(Path, "open", held)
    (fault,) = in_the_way(tmp_path, [path.name, "new.csv"])
    assert str(fault) == (
        f"{path}: cannot be written: Permission denied. Close it where it is open, or choose "
        "another place with --out."
    )


def test_a_folder_that_may_not_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pcn_group.output.files.os.access", lambda *_: False)
    for refuse in (
        lambda: refuse_foreign_folder(tmp_path / "new" / "plan", overwrite=True),
        lambda: refuse_existing(tmp_path / "new.csv", overwrite=True),
    ):
        with pytest.raises(InputError, match="is a folder that you may not write to"):
            refuse()


def test_every_file_that_is_there_is_told_at_once(tmp_path: Path) -> None:
    file, folder, inside = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "a.csv" / "c.csv"
    file.write_text("")
    folder.mkdir()
    with pytest.raises(InputError) as refused:
        refuse_existing(file, folder, inside, overwrite=False)
    assert [fault.problem for fault in refused.value.faults] == [
        "is already there",
        "is a folder, not a file",
        "is a file, not a folder",
    ]


def test_what_a_killed_run_left_is_no_foreign_file(tmp_path: Path) -> None:
    (tmp_path / ".groupings.csv.4711.tmp").touch()
    refuse_foreign_folder(tmp_path, overwrite=False)

    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match=r"holds something that is not a plan \('mine.txt'\)"):
        refuse_foreign_folder(tmp_path, overwrite=False)
