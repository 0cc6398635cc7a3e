"""A tariff of the user's own: in the place of the one of its year, or refused with every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.funding.scope import tariffs_of

OWN = """\
financial_year: 2026/27
lines:
  - name: core
    description: Ours
    rate_gbp: "2.34567"
    per: registered
    paid_to: networks
    recurrent: true
    cash: true
    source: A letter of 2026
    confirmed: false
"""

BACKWARDS = """\
confirmed: false
    earlier:
      rate_gbp: "2.00"
      in_force: 2026-05-01..2026-04-01
      source: A letter of 2025
      confirmed: true"""


def written(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        tariffs_of((), [written(folder, text)])
    return [str(fault) for fault in caught.value.faults]


def test_a_file_brings_a_year_of_its_own(tmp_path: Path) -> None:
    old, own = tariffs_of(("2025/26", "2026/27"), [written(tmp_path, OWN)])
    assert len(old.lines) == 8
    assert [str(line.rate_gbp) for line in own.lines] == ["2.34567"]


def test_a_file_takes_the_place_of_the_tariff_of_its_year(tmp_path: Path) -> None:
    path = written(tmp_path, OWN.replace("2026/27", "2019/20"))
    (tariff,) = tariffs_of(("2019/20",), [path])
    assert [line.description for line in tariff.lines] == ["Ours"]


def test_a_year_without_a_tariff_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        tariffs_of(("2031/32",), [written(tmp_path, OWN)])
    (fault,) = caught.value.faults
    assert fault.value == "2031/32"
    assert "2017/18, " in fault.remedy
    assert "2025/26, 2026/27" in fault.remedy


def test_two_files_of_a_year_are_one_too_many(tmp_path: Path) -> None:
    files = [written(tmp_path, OWN), written(tmp_path, OWN, "other.yaml")]
    with pytest.raises(InputError, match=r"other.yaml: is of 2026/27, as .*own.yaml is"):
        tariffs_of((), files)


def test_every_fault_is_told_at_once_with_its_row(tmp_path: Path) -> None:
    text = OWN.replace('"2.34567"', "1.5").replace("paid_to", "payed_to") + (
        "  - name: Core\n"
        "    description: More\n"
        '    rate_gbp: "1.234567"\n'
        "    per: head\n"
        "    paid_to: networks\n"
        "    months: 2026-09..2026-06\n"
        "    recurrent: 1\n"
        "    cash: true\n"
        "    source: Nowhere\n"
        "    confirmed: true\n"
    )
    told = faults(tmp_path, text)
    assert told[0] == (
        "own.yaml, row 7: unknown key lines.0.payed_to. Did you mean lines.0.paid_to?"
    )
    assert "own.yaml, row 3: lines.0.paid_to is missing. Add it." in told
    assert (
        "own.yaml, row 5: lines.0.rate_gbp: is no rate ('1.5'). Write pounds in quotes, with up "
        'to 5 decimals, such as "1.50".'
    ) in told
    rest = {row for line in told for row in range(12, 22) if f"row {row}:" in line}
    assert rest == {12, 14, 15, 17, 18}
    assert len(told) == 8


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("2026/27", "2026/28", "is no financial year such as 2019/20"),
        ("name: core", "name: total", "is a word with another meaning"),
        ("per: registered", "per: registered\n    doubled_above: 10", "only for a line per"),
        ("per: registered", "per: registered\n    months: 2019-04..2020-03", "no month is in"),
        ("networks", "practices\n    rate_is_for: week", "rate_is_for"),
        ('"2.34567"', '"-1.50"', "is no rate"),
        ("2026/27\n", "2026/27\nnot_known: [core]\n", "has core with a rate and as not known"),
        ("confirmed: false", BACKWARDS, "earlier.in_force: ends before it begins"),
        ("confirmed: false", "confirmed: false\n    confirmed: true", "is given twice"),
    ],
)
def test_what_a_tariff_may_not_say(tmp_path: Path, before: str, after: str, problem: str) -> None:
    (told,) = faults(tmp_path, OWN.replace(before, after))
    assert problem in told


def test_a_line_per_network_is_not_paid_to_practices(tmp_path: Path) -> None:
    text = OWN.replace("per: registered", "per: network").replace("networks", "practices")
    (told,) = faults(tmp_path, text)
    assert "is per network, so it is paid to networks" in told


def test_a_name_is_there_once(tmp_path: Path) -> None:
    twice = OWN + OWN.split("lines:\n")[1]
    (told,) = faults(tmp_path, twice)
    assert "has core twice" in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- core\n", "is not a table of keys"),
        ("lines: [\n", "is not YAML"),
        ("", "financial_year is missing"),
        ("financial_year: 2026/27\nlines: []\n", "has no lines"),
    ],
)
def test_what_is_no_tariff_at_all(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in faults(tmp_path, text)[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        tariffs_of((), [tmp_path / "missing.yaml"])
