"""Files appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pcn_group.errors import IncompleteError, InputError
from pcn_group.output.files import (
    in_the_way,
    refuse_existing,
    remove,
    write_all,
    write_atomically,
)
from pcn_group.output.folder import FILES, PICTURES, refuse_foreign_folder, write_folder
from pcn_group.output.pictures import write_pictures
from pcn_group.plan.folders import refuse_no_plan


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


def plan_of_an_earlier_run(folder: Path) -> dict[str, bytes]:
    """Write a plan with its pictures, and give what the folder holds."""
    texts = dict.fromkeys(FILES, "old") | {"summary.json": '{"versions": {"pcn-group": "1"}}'}
    write_folder(folder, texts)
    write_pictures(folder, dict.fromkeys(PICTURES, "old"))
    return held(folder)


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_full_disk_spoils_no_earlier_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = plan_of_an_earlier_run(tmp_path)
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == len(FILES):  # the last of them does not fit
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("pcn_group.output.files.os.fsync", full)
    with pytest.raises(InputError, match=r"summary.json: cannot be written: No space left"):
        write_folder(tmp_path, dict.fromkeys(FILES, "new"))
    assert held(tmp_path) == earlier
    refuse_foreign_folder(tmp_path, overwrite=False)


def test_files_that_came_half_way_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_of_an_earlier_run(tmp_path)
    replace = Path.replace

    def held_open(path: Path, target: Path) -> Path:
        if target.name in {"networks.csv", "map.svg"}:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held_open)
    with pytest.raises(IncompleteError, match=r"networks.csv: .*denied. The files with it are"):
        write_folder(tmp_path, dict.fromkeys(FILES, "new"))
    assert not {"summary.json", *PICTURES} & held(tmp_path).keys()
    with pytest.raises(IncompleteError, match=r"map.svg: cannot be written"):
        write_pictures(tmp_path, dict.fromkeys(PICTURES, "new"))
    assert set(PICTURES) & held(tmp_path).keys() == {"map.png"}
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".tmp"]


def test_files_take_their_places_in_the_order_given_after_the_old_ones_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, first, last = (tmp_path / name for name in ("old", "z", "a"))
    old.write_text("")
    seen: list[tuple[str, bool]] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        seen.append((target.name, old.exists()))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_all({first: "1", last: b"2"}, old=[old, tmp_path / "never-was"])
    assert seen == [("z", False), ("a", False)]
    assert held(tmp_path) == {"z": b"1", "a": b"2"}


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
        write_folder(tmp_path, dict.fromkeys(FILES, ""))
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


def test_what_helps_against_a_file_of_a_fixed_name_is_another_folder(tmp_path: Path) -> None:
    (tmp_path / "report.csv").touch()
    with pytest.raises(InputError, match=r"report\.csv: is already there. Choose another folder"):
        refuse_existing(tmp_path / "new.csv", tmp_path / "report.csv", overwrite=False)
    there = tmp_path / "there"
    refuse_existing(there / "new.csv", there / "report.csv", overwrite=False)
    with pytest.raises(InputError, match=r"report\.csv: is already there. Choose another name"):
        refuse_existing(tmp_path / "report.csv", overwrite=False)


def test_what_a_killed_run_left_is_no_foreign_file(tmp_path: Path) -> None:
    (tmp_path / ".groupings.csv.4711.tmp").touch()
    refuse_foreign_folder(tmp_path, overwrite=False)

    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match=r"holds something that is not a plan \('mine.txt'\)"):
        refuse_foreign_folder(tmp_path, overwrite=False)


def test_what_a_desktop_put_there_is_no_foreign_file(tmp_path: Path) -> None:
    plan_of_an_earlier_run(tmp_path)
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$letter.docx"):
        (tmp_path / name).touch()
    refuse_foreign_folder(tmp_path, overwrite=False)


@pytest.mark.parametrize("lock", [".~lock.groupings.csv#", "~$groupings.csv"])
def test_a_file_that_is_open_in_an_office_program_is_told(tmp_path: Path, lock: str) -> None:
    plan_of_an_earlier_run(tmp_path)
    (tmp_path / lock).touch()
    told = (
        f"{tmp_path / 'groupings.csv'}: is open in another program. Close it there; if it is not "
        f"open, remove {lock}."
    )
    for refuse in (
        lambda: refuse_foreign_folder(tmp_path, overwrite=False),
        lambda: refuse_existing(tmp_path / "groupings.csv", overwrite=True),
    ):
        with pytest.raises(InputError) as refused:
            refuse()
        assert str(refused.value) == told


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 300)
    for refuse in (
        lambda: refuse_foreign_folder(long / "plan", overwrite=False),
        lambda: refuse_existing(long, overwrite=False),
        lambda: refuse_no_plan(long),
    ):
        with pytest.raises(InputError, match=r"xx.*: cannot be looked at: .*Choose another place"):
            refuse()


def test_a_folder_that_nobody_may_look_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat, private = Path.stat, tmp_path / "private"

    def denied(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if private in path.parents:
            raise PermissionError(13, "Permission denied")
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", denied)
    for refuse in (
        lambda: refuse_foreign_folder(private / "plan", overwrite=True),
        lambda: refuse_existing(private / "a.csv", overwrite=True),
        lambda: refuse_no_plan(private / "plan"),
    ):
        with pytest.raises(InputError, match="cannot be looked at: Permission denied"):
            refuse()


@pytest.mark.parametrize("summary", ['{"versions": null}', "[]", '{"versions": "1"}', "{"])
def test_a_damaged_summary_makes_no_plan(tmp_path: Path, summary: str) -> None:
    plan_of_an_earlier_run(tmp_path)
    (tmp_path / "summary.json").write_text(summary)
    with pytest.raises(InputError, match="holds something that is not a plan"):
        refuse_foreign_folder(tmp_path, overwrite=False)
    refuse_foreign_folder(tmp_path, overwrite=True)
