"""Rules in a CSV file: what they add to the configuration, and faults by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration, Rules
from pcn_group.config.rules import Prefer

FILE = """\
rule,group,practice_code,price
together,1,A,
together,1,B,
apart,x,A,
apart,x,C,
fixed,F,D,
exclude,,E,
hub,,A,
hub,,C,
prefer,p,A,2.5
prefer,p,C,
free,,B,
bridge,river,A,
bridge,river,D,
barrier,1,B,
barrier,1,C,
barrier,2,B,
barrier,2,D,
"""


def with_file(folder: Path, text: str, more: str = "") -> Configuration:
    (folder / "rules.csv").write_text(text, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(f"rules:\n  file: rules.csv\n{more}", encoding="utf-8")
    return load_configuration(config)


def test_a_file_adds_to_the_rules_and_is_not_needed_again(tmp_path: Path) -> None:
    more = "  together: [[G, H]]\n  hubs: [A, G]\nadjacency: {add: [[G, H]]}\n"
    configuration = with_file(tmp_path, FILE, more)
    assert configuration.adjacency.add == (("G", "H"), ("A", "D"))
    assert configuration.adjacency.remove == (("B", "C"), ("B", "D"))
    assert configuration.rules == Rules(
        together=(("G", "H"), ("A", "B")),
        apart=(("A", "C"),),
        fixed=(("D",),),
        exclude=("E",),
        hubs=("A", "G", "C"),
        prefer=(Prefer(practices=("A", "C"), price=2.5),),
        free=("B",),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("keep,1,A,", "row 2, column rule: is no rule ('keep'). Write one of together, apart"),
        ("together,1,,", "row 2, column practice_code: is empty"),
        ("together,,A,", "row 2, column group: is empty"),
        ("together,1,A,3", "row 2, column price: is for prefer only ('3')"),
        ("prefer,1,A,much", "row 2, column price: is no price ('much')"),
        ("prefer,1,A,-1", "row 2, column price: is no price ('-1')"),
        ("prefer,1,A,nan", "row 2, column price: is no price ('nan')"),
        ("together,1,A,", "column practice_code: is the only practice of group 1 of together"),
        ("apart,1,A,\napart,1,A,", "row 3, column practice_code: is in group 1 of apart already"),
        ("bridge,1,A,", "column practice_code: is the only practice of group 1 of bridge"),
        ("bridge,1,A,\nbridge,1,B,\nbridge,1,C,", "row 4, column practice_code: is the third"),
        ("prefer,1,A,\nprefer,1,B,", "row 2, column price: of group 1 is missing"),
        ("prefer,1,A,1\nprefer,1,B,2", "row 2, column price: of group 1 is not one"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        with_file(tmp_path, f"rule,group,practice_code,price\n{row}\n")
    assert any(fault in str(each) for each in caught.value.faults)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty. Give a table with a header and the columns rule, group, practice_code"),
        (b"rule,practice_code\nhub,A\n", "row 1, column group: has no such column"),
        (b"\xff\xfe", "is empty"),
        (b'rule,group,practice_code\nhub,,"A', "row 2: has quotation marks that do not pair up"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "rules.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_configuration(None, (f"rules.file={path}",))
    assert any(fault in str(each) for each in caught.value.faults)
    with pytest.raises(InputError, match="does not exist"):
        load_configuration(None, (f"rules.file={tmp_path / 'none.csv'}",))


def test_headings_in_capitals_and_with_blanks(tmp_path: Path) -> None:
    text = "Rule;Group;Practice Code;Price\ntogether;1;A;\nTogether;1;B;\n\nSource: the board\n"
    path = tmp_path / "rules.csv"
    path.write_text(text, encoding="utf-8")
    rules = load_configuration(None, (f"rules.file={path}",)).rules
    assert rules.together == (("A", "B"),)


def test_a_bridge_that_is_a_barrier_is_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"adjacency\.remove: A and D are not to be neighbours"):
        with_file(tmp_path, FILE, "adjacency: {remove: [[D, A]]}\n")


def test_a_file_is_held_against_the_other_rules(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rules\.apart: A and B are not to be in one network"):
        with_file(tmp_path, FILE, "  apart: [[A, B]]\n")


def test_codes_and_groups_in_any_spelling_are_one(tmp_path: Path) -> None:
    text = (
        "rule,group,practice_code\ntogether,x,a81001\ntogether,X,'A81002\nexclude,,\u200bA81003\n"
    )
    rules = with_file(tmp_path, text).rules
    assert rules.together == (("A81001", "A81002"),)
    assert rules.exclude == ("A81003",)


def test_a_practice_twice_in_a_group_shows_both_rows_and_spellings(tmp_path: Path) -> None:
    text = "rule,group,practice_code\ntogether,1,A81001\ntogether,1,a81001\n"
    with pytest.raises(InputError) as caught:
        with_file(tmp_path, text)
    assert str(caught.value) == (
        "rules.csv, row 3, column practice_code: is in group 1 of together already (row 2: "
        "'A81001') ('a81001'). Keep one row."
    )


@pytest.mark.parametrize("group", ["U", "Unallocated", "none", "#N/A", "0"])
def test_no_network_cannot_be_one_that_stays_as_it_is(tmp_path: Path, group: str) -> None:
    text = f"rule,group,practice_code\nfixed,N1,A81001\nfixed,{group},A81002\n"
    with pytest.raises(InputError, match="row 3, column group: means no network"):
        with_file(tmp_path, text)


def test_zero_among_fixed_networks_that_are_numbers_is_asked_about(tmp_path: Path) -> None:
    text = "rule,group,practice_code\nfixed,1,A81001\nfixed,0,A81002\n"
    with pytest.raises(InputError, match="row 3, column group: may be a network or none"):
        with_file(tmp_path, text)
    together = text.replace("fixed,0,A81002", "together,0,A81002\ntogether,0,A81003")
    assert with_file(tmp_path, together).rules.together == (("A81002", "A81003"),)
