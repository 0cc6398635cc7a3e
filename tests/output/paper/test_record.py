"""Records of drafts, as the page of a plan saves them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.output.paper.record import read_record

WHOLE: dict[str, object] = {
    "what_if": 1,
    "exported": "2026-11-20T10:11:12.000Z",
    "broken": ["band: N1 has 12 patients"],
    "networks": {"A": "N1", "B": ""},
    "notes": {"practices": {"A": "Keep it."}, "networks": {"N1": "Why?"}},
}


def saved(folder: Path, **changes: object) -> Path:
    path = folder / "what-if.json"
    path.write_text(json.dumps({**WHOLE, **changes}), "utf-8")
    return path


def refusal(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_record(path)
    return [str(fault).removeprefix(f"{path}: ") for fault in error.value.faults]


def test_a_record_is_read(tmp_path: Path) -> None:
    record = read_record(saved(tmp_path))
    assert record.day == "2026-11-20"
    assert record.networks == {"A": "N1", "B": ""}
    assert record.on_practices == {"A": "Keep it."}
    assert record.on_networks == {"N1": "Why?"}
    assert record.broken == ("band: N1 has 12 patients",)
    assert not read_record(saved(tmp_path, exported="once")).day


def test_everything_that_is_damaged_is_told_at_once(tmp_path: Path) -> None:
    notes = {"practices": {"A": 1}, "networks": []}
    faults = refusal(saved(tmp_path, networks=None, notes=notes, broken="none"))
    assert [fault.partition(". ")[0] for fault in faults] == [
        "is damaged: networks",
        "is damaged: notes.practices",
        "is damaged: notes.networks",
        "is damaged: broken",
    ]
    assert refusal(saved(tmp_path, notes=3))[0].startswith("is damaged: notes.practices")


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "what-if.json"
    for text, told in (
        ("{", "is not readable JSON"),
        ("[" * 100_000, "is not readable JSON"),
        ("[]", "is no record of a draft"),
        ("{}", "is no record of a draft"),
    ):
        path.write_text(text, "utf-8")
        assert refusal(path)[0].startswith(told)
    assert "is a record of another version" in refusal(saved(tmp_path, what_if=2))[0]
