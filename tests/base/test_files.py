"""Files appear whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import pytest

from pcn_group.base import files
from pcn_group.base.errors import IncompleteError, InputError, PcnGroupError, UnwrittenError
from pcn_group.base.files import (
    in_the_way,
    refuse_existing,
    refuse_links,
    remove,
    write_all,
    write_atomically,
)
from pcn_group.output.data.folder import FILES, PICTURES, refuse_foreign_folder, write_folder
from pcn_group.output.report.files import write_pictures
from pcn_group.plan.reading import refuse_no_plan


@pytest.fixture(autouse=True)
def spare(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where things are kept that cannot be written where they belong."""
    folder = tmp_path_factory.mktemp("spare")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def kept(error: pytest.ExceptionInfo[PcnGroupError]) -> dict[str, bytes]:
    """What is in the folder that an error names."""
    (named,) = re.findall(r"The folder (.*) holds what was to be written\.", str(error.value))
    files = (path for path in Path(named).rglob("*") if path.is_file())
    return {path.relative_to(named).as_posix(): path.read_bytes() for path in files}


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
    with pytest.raises(UnwrittenError, match="cannot be written: No space left on device") as error:
        write_atomically(path, "new")

    assert path.read_text() == "old"
    assert kept(error) == {"file.csv": b"new"}
    assert list(tmp_path.iterdir()) == [path]


def scanned(monkeypatch: pytest.MonkeyPatch, moves: int, winerror: int) -> list[float]:
    """Have a virus scanner hold every file for so many moves; returns the pauses made meanwhile."""
    pauses: list[float] = []
    replace = Path.replace

    def move(path: Path, target: Path) -> None:
        if len(pauses) < moves:
            error = PermissionError(13, "The process cannot access the file")
            error.winerror = winerror
            raise error
        replace(path, target)

    monkeypatch.setattr(Path, "replace", move)
    monkeypatch.setattr("pcn_group.base.files.time.sleep", pauses.append)
    return pauses


@pytest.mark.parametrize("winerror", [5, 32])
def test_a_file_that_is_scanned_is_moved_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    path = tmp_path / "file.csv"
    path.write_text("old")
    pauses = scanned(monkeypatch, 3, winerror)
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert len(pauses) == 3


@pytest.mark.parametrize(("winerror", "count"), [(32, 5), (1314, 0)])
def test_a_file_that_stays_held_is_told_and_another_refusal_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int, count: int
) -> None:
    path = tmp_path / "file.csv"
    path.write_text("old")
    pauses = scanned(monkeypatch, 99, winerror)
    with pytest.raises(UnwrittenError, match="cannot be written: The process cannot access"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert len(pauses) == count


def test_a_path_that_windows_finds_too_long_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Path, *_arguments: str, **_named: str) -> None:
        error = FileNotFoundError(2, "No such file or directory")
        error.winerror = 3
        raise error

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(PcnGroupError, match=r"cannot be written: its path has \d{3} characters"):
        write_atomically(tmp_path / ("a" * 120) / ("b" * 120) / "file.csv", "new")
    with pytest.raises(PcnGroupError, match="cannot be written: No such file or directory"):
        write_atomically(tmp_path / "file.csv", "new")


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

    monkeypatch.setattr("pcn_group.base.files.os.fsync", full)
    new = dict.fromkeys(FILES, "new")
    with pytest.raises(UnwrittenError, match=r"summary.json: cannot be written: No spa") as error:
        write_folder(tmp_path, new)
    assert held(tmp_path) == earlier
    refuse_foreign_folder(tmp_path, overwrite=False)
    assert kept(error) == dict.fromkeys(FILES, b"new")


def test_what_is_kept_lies_as_it_would_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    record, plan = tmp_path / "file" / "record", tmp_path / "plan" / "summary.json"
    with pytest.raises(UnwrittenError) as error:
        write_all({record: "1"}, root=tmp_path, with_them={plan: "2"})
    assert kept(error) == {"file/record": b"1", "plan/summary.json": b"2"}
    assert not plan.parent.exists()


def test_where_the_first_place_has_no_room_the_next_one_is_taken(
    tmp_path: Path, spare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    write, home = Path.write_bytes, tmp_path / "home"
    home.mkdir()

    def full(path: Path, data: bytes) -> int:
        if spare in path.parents:
            raise OSError(28, "No space left on device")
        return write(path, data)

    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnwrittenError) as error:
        write_atomically(tmp_path / "file" / "inside.csv", "1")
    assert kept(error) == {"inside.csv": b"1"}
    assert str(home) in str(error.value)
    assert list(spare.iterdir()) == []


def test_what_can_be_kept_nowhere_is_told_to_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> Path:
        raise RuntimeError

    (tmp_path / "file").write_text("")
    monkeypatch.setattr(files, "_PLACES", (nowhere, lambda: tmp_path / "file"))
    with pytest.raises(PcnGroupError, match="Nor is there room to keep it elsewhere") as error:
        write_atomically(tmp_path / "file" / "inside.csv", "1")
    assert error.value.exit_code == 1


def test_a_name_that_is_no_text_can_be_written(tmp_path: Path) -> None:
    write_atomically(tmp_path / "summary.json", '{"name": "pr\udce9.csv"}')
    assert (tmp_path / "summary.json").read_bytes() == b'{"name": "pr\\udce9.csv"}'


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
    told = r"networks.csv: .*denied. The files with it are incomplete."
    with pytest.raises(IncompleteError, match=told) as error:
        write_folder(tmp_path, dict.fromkeys(FILES, "new"))
    assert kept(error) == dict.fromkeys(FILES, b"new")
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

    with pytest.raises(UnwrittenError, match="cannot be written: "):
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
    with pytest.raises(UnwrittenError, match=r"summary.json: cannot be written: "):
        write_folder(tmp_path, dict.fromkeys(FILES, ""))
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot be removed: .*--out"):
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
    monkeypatch.setattr("pcn_group.base.files.os.access", lambda *_: False)
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
        with pytest.raises(InputError, match=r"xx.*: cannot be looked at: .*choose another"):
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


# --- the remedies work ---------------------------------------------------------------------------


def test_another_folder_helps_where_a_file_beside_is_there_and_another_name_does_not(
    tmp_path: Path,
) -> None:
    table, report = tmp_path / "practices.csv", tmp_path / "data_report.csv"
    report.write_text("")
    with pytest.raises(InputError) as refused:
        refuse_existing(table, report, overwrite=False)
    assert str(refused.value) == (
        f"{report}: is already there. Choose another folder with --out, or allow it to be replaced "
        "with --overwrite."
    )
    other = tmp_path / "other"
    refuse_existing(other / table.name, other / report.name, overwrite=False)
    refuse_existing(table, report, overwrite=True)
    report.unlink()
    report.mkdir()
    with pytest.raises(InputError, match=r"data_report.csv: is a folder.*Move it away, or choose"):
        refuse_existing(table, report, overwrite=True)


def test_a_folder_may_be_a_link_of_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = linked(tmp_path / "plan", tmp_path / "disk")
    refuse_foreign_folder(link, overwrite=False)
    write_folder(link, dict.fromkeys(FILES, "new"))
    assert held(tmp_path / "disk") == dict.fromkeys(FILES, b"new")


def linked(link: Path, target: Path) -> Path:
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("may not make links here")
    return link


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    link = linked(tmp_path / "link", tmp_path / "gone")
    for refuse in (
        lambda: refuse_foreign_folder(link, overwrite=True),
        lambda: refuse_foreign_folder(link / "plan", overwrite=True),
        lambda: refuse_existing(link / "practices.csv", overwrite=True),
    ):
        with pytest.raises(InputError, match=r"link: is a link that leads nowhere. Remove"):
            refuse()
    link.unlink()
    refuse_foreign_folder(link, overwrite=False)


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    link = linked(tmp_path / "link", tmp_path / "other")
    linked(tmp_path / "other", link)
    with pytest.raises(InputError, match="link: cannot be looked at"):
        refuse_foreign_folder(link, overwrite=True)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_named_by_a_link_is_to_be_named_itself(tmp_path: Path, *, is_there: bool) -> None:
    target = tmp_path / "shared.csv"
    if is_there:
        target.write_text("theirs")
    link = linked(tmp_path / "practices.csv", target)
    for overwrite in (False, True):
        with pytest.raises(InputError) as refused:
            refuse_existing(link, overwrite=overwrite)
        assert str(refused.value).endswith(f"place. Name the file it leads to: {target.resolve()}.")
    refuse_existing(target, overwrite=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_device_or_pipe_is_never_replaced(tmp_path: Path, *, overwrite: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, linked(tmp_path / "link", pipe), Path(os.devnull)):
        with pytest.raises(InputError, match=r"is a device or a pipe.* Choose another place with"):
            refuse_existing(path, overwrite=overwrite)
    with pytest.raises(InputError, match="null: is a file, not a folder"):
        refuse_foreign_folder(Path(os.devnull), overwrite=overwrite)


def test_a_file_that_may_not_be_written_to_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "practices.csv"
    path.write_text("")
    monkeypatch.setattr("pcn_group.base.files.os.access", lambda place, _: Path(place).is_dir())
    with pytest.raises(InputError, match=r"may not write to. Allow it, or choose another"):
        refuse_existing(path, overwrite=True)


def test_no_file_is_written_through_a_link(tmp_path: Path) -> None:
    theirs, out = tmp_path / "theirs", tmp_path / "out"
    theirs.mkdir()
    out.mkdir()
    (theirs / "file.csv").write_text("theirs")
    folder = linked(out / "folder", theirs)
    with pytest.raises(InputError, match=r"folder: is a link, .* Remove the link, or choose"):
        refuse_links([out, folder])
    with pytest.raises(UnwrittenError, match="its folder is a link") as error:
        write_all({folder / "new.csv": "1", out / "new.csv": "2"})
    assert kept(error) == {"folder/new.csv": b"1", "new.csv": b"2"}
    with pytest.raises(UnwrittenError, match="its folder is a link"):
        write_all({folder / "new.csv": "1"}, root=out)

    linked(out / "file.csv", theirs / "file.csv")
    linked(out / f".file.csv.{os.getpid()}.tmp", theirs / "file.csv")
    write_atomically(out / "file.csv", "ours")
    assert held(theirs) == {"file.csv": b"theirs"}
    assert not (out / "file.csv").is_symlink()
    assert (out / "file.csv").read_text() == "ours"


def test_what_may_not_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_of_an_earlier_run(tmp_path)

    def denied(_: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(tmp_path / "mine"))

    monkeypatch.setattr("pcn_group.output.data.folder._is_plan", denied)
    with pytest.raises(InputError, match="mine: cannot be looked at: Permission denied"):
        refuse_foreign_folder(tmp_path, overwrite=True)


@pytest.mark.parametrize("summary", ['{"versions": null}', "[]", '{"versions": "1"}', "{"])
def test_a_damaged_summary_makes_no_plan(tmp_path: Path, summary: str) -> None:
    plan_of_an_earlier_run(tmp_path)
    (tmp_path / "summary.json").write_text(summary)
    with pytest.raises(InputError, match="holds something that is not a plan"):
        refuse_foreign_folder(tmp_path, overwrite=False)
    refuse_foreign_folder(tmp_path, overwrite=True)
