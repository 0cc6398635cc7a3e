"""The network of today of a practice that took over from one that the list does not have any more.

In the invented region the map has Z00009 in U00001, and the list of 2021 does not have it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.practices.practice_inputs import invented, read_files, written

FILES = ("list-2021-ccg.csv", "map-2020-ccg.csv")


def network(code: str, *more: Path, **successors: str) -> tuple[str, str]:
    """The network of a practice, code and name, by these files and successors."""
    table = read_files(*FILES, *more, region="00X", successors=successors).table
    row = table.set_index("practice_code").loc[code]
    return row["current_network"], row["current_network_name"]


def test_one_in_no_network_takes_that_of_the_other() -> None:
    assert network("Z00005") == ("", "")
    assert network("Z00005", Z00009="Z00005") == ("U00001", "ABBEY PCN")


def test_one_that_has_a_network_keeps_it() -> None:
    assert network("Z00003", Z00009="Z00003") == ("U00002", "DOWNS PCN")


@pytest.mark.parametrize(("size", "code"), [("9000", "U00001"), ("500", "U00002")])
def test_an_earlier_extract_says_who_had_more_patients(
    tmp_path: Path, size: str, code: str
) -> None:
    text = invented("list-2021-ccg.csv").read_text("utf-8")
    head, *rows = text.splitlines()
    rows = [row.replace("01JAN2021", "01OCT2020") for row in rows]
    gone = next(row for row in rows if "Z00003" in row)
    rows.append(gone.replace("Z00003", "Z00009").replace("6977", size))
    earlier = written(tmp_path, "\n".join([head, *rows, ""]), "earlier.csv")
    assert network("Z00003", earlier, Z00009="Z00003")[0] == code


def test_one_that_is_still_in_the_list_hands_nothing_over() -> None:
    assert network("Z00005", Z00001="Z00005") == ("", "")
