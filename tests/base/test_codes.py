"""Codes and labels in every spelling that people and spreadsheets give them."""

from __future__ import annotations

import pytest

from pcn_group.base.codes import (
    UNALLOCATED,
    is_spreadsheet_error,
    networks_of,
    one_form,
    one_spelling,
)


@pytest.mark.parametrize(
    "written",
    [
        "A81001",
        "a81001",
        " A81001 ",
        "\u00a0A81001\u00a0",  # no-break spaces
        "A81001\u3000",  # an ideographic space
        "\u200bA81001",  # a zero-width space
        "A81\u200d001",  # a zero-width joiner
        "\ufeffA81001",  # a mark of byte order
        "A81\u00ad001",  # a soft hyphen
        "\u200eA81001\u200f",  # marks of direction
        "\u202aA81001\u202c",
        "A81001\ufe0f",  # a variation selector
        "A81001\x00\x7f",
        "'A81001",
        "A81001'",
        "'A81001'",
        "\u2018A81001\u2019",
        "\u2032A81001",
        "`A81001\u00b4",
        "\uff07A81001",
        '"A81001"',
        "\u201cA81001\u201d",
        "' A81001",
        "'\u200bA81001",
        '="A81001"',
        "\uff21\uff18\uff11\uff10\uff10\uff11",  # full-width
    ],
)
def test_one_code_in_many_spellings(written: str) -> None:
    assert one_form(written) == "A81001"


@pytest.mark.parametrize("nothing", ["", " ", "'", "\u200b", '""', '=""', "\u00a0'"])
def test_no_code(nothing: str) -> None:
    assert not one_form(nothing)


def test_codes_that_differ_stay_different() -> None:
    written = ["00L", "O0L", "A81001", "A8100l", "A81-001", "A81 001", "=A1", "St Peter's"]
    assert len({one_form(code) for code in written}) == len(written)


def test_a_label_is_shown_as_it_was_found_and_a_code_in_capitals() -> None:
    written = ["Network A", "north", "u00001", "'n1", "d9y0v", "pcn1", "Today2"]
    assert list(one_spelling(written).values()) == [
        *("Network A", "north", "U00001", "N1", "D9Y0V", "pcn1", "Today2"),
    ]


def test_a_label_in_several_spellings_is_one_whatever_comes_first() -> None:
    written = ["network a", "Network A", "\u200bnetwork A", "N1", "n1"]
    for order in (written, written[::-1]):
        assert set(one_spelling(order).values()) == {"Network A", "N1"}


# --- no network ---


@pytest.mark.parametrize(
    "cell",
    [
        *("U", "u", "'U", "Unallocated", "UNALLOCATED", "Un-allocated", "not allocated"),
        *("U - Unallocated", "Unallocated (U)", "unallocated practices", "Not allocated to a PCN"),
        *("Unassigned", "unassigned", "Not assigned", "Unaligned", "None", "none", "(none)"),
        *("No PCN", "no network", "Not in a PCN", "not in any network", "Without network"),
    ],
)
def test_a_cell_that_says_there_is_no_network(cell: str) -> None:
    assert networks_of([cell, "N1"]) == {cell: UNALLOCATED, "N1": "N1"}


@pytest.mark.parametrize(
    "cell",
    [
        *("", "-", "--", "\u2014", "?", ".", "n/a", "N/A", "n.a.", "NA", "NaN", "null", "NULL"),
        *("<NA>", "nil", "unknown", "TBC", "(blank)", "#N/A", "#n/a", "#REF!", "#VALUE!"),
        *("#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
        *("#NV", "#N/D", "#WERT!", "Err:502", "0", "0.0", "00"),
    ],
)
def test_a_cell_that_says_nothing_of_a_network(cell: str) -> None:
    assert networks_of([cell, "N1"]) == {cell: "", "N1": "N1"}


@pytest.mark.parametrize(
    "label", ["U00001", "U1", "UN", "Unity", "None such", "North", "NAB", "#1", "A", "PCN", "10"]
)
def test_what_is_a_network(label: str) -> None:
    assert networks_of([label, "N1"])[label] == label


def test_zero_is_in_doubt_among_networks_that_are_numbers() -> None:
    assert networks_of(["0", "N1"]) == {"0": "", "N1": "N1"}
    assert networks_of(["0", ""]) == {"0": "", "": ""}
    assert networks_of(["0", "1", "2"]) == {"0": "0", "1": "1", "2": "2"}
    assert networks_of(["0.0", "1.0"]) == {"0.0": "0.0", "1.0": "1.0"}


@pytest.mark.parametrize("text", ["#", "#1", "####", "A#N/A", "", "Err", "10:30"])
def test_what_is_no_error_of_a_spreadsheet(text: str) -> None:
    assert not is_spreadsheet_error(text)
