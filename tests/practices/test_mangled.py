"""Files as they come after mishaps: nothing but faults, or every list as it truly is.

What no reader can know is left out, and nothing else: a number of which a byte is lost, or becomes
what numbers may be written with (another digit, a point, a comma, a sign, a space, a line end), and
a line cut inside its last number that has a line end all the same. A practices.csv may lack its
last line end, which some editors do not write; then a note says so.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration, Data
from pcn_group.practices import Practices, read_practices
from tests.depth import many
from tests.practices.practice_inputs import SIZES_2021, account, invented, rows_in, sizes, written
from tests.practices.test_registers import NETWORKS, OLD_NETWORKS, OLD_PARTNERS, WEIGHTED, partners
from tests.tables.workbook_inputs import workbook

LIST, AGES, AGE_PARTS = "list-2021-ccg.csv", "ages-2021.csv", "ages-2021-parts-only.csv"
MAP, REGISTER, PARTNERS = "map-2020-ccg.csv", "epraccur.csv", "epcncorepartnerdetails.csv"
AREAS, CENTROIDS = "areas-2021.csv", "centroids-grid.csv"

BESIDE: dict[str, tuple[str, ...]] = {
    LIST: (),
    AGES: (MAP,),
    AGE_PARTS: (MAP,),
    "practices.csv": (),
    MAP: (LIST,),
    REGISTER: (LIST,),
    PARTNERS: (LIST,),
    AREAS: (LIST, CENTROIDS),
    CENTROIDS: (LIST, AREAS),
    "weighted.csv": (LIST,),
}
"""The files that are mangled, each with those that it is read with."""

WITHOUT_HEADINGS = {REGISTER, PARTNERS}
COUNTS = {"NUMBER_OF_PATIENTS", "Number of Patients", "list_size"}

once = settings(derandomize=True, max_examples=many(40))


def read(path: Path) -> Practices:
    """Read a file with those that belong to it."""
    others = [invented(other) for other in (*BESIDE.get(path.name, ()), "postcodes.csv")]
    rules = Data.model_validate(WEIGHTED if path.name == "weighted.csv" else {})
    return read_practices([path, *others], several_regions=True, rules=Configuration(data=rules))


def read_or_refuse(path: Path) -> Practices | None:
    """What is read, or nothing where there are faults, each with a way out."""
    try:
        return read(path)
    except InputError as error:
        faults = error.faults
    assert faults
    assert all(fault.problem and fault.remedy for fault in faults)
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mangled")


def catchments(practices: Practices) -> dict[object, int]:
    if practices.catchments is None:
        return {}
    columns = ["practice_code", "area_code", "patients"]
    rows = practices.catchments[columns].itertuples(index=False)
    return {(practice, area): patients for practice, area, patients in rows}


def check_true(found: Mapping[object, object], truth: Mapping[object, object]) -> None:
    """Whoever is there has the true number, and there is no number that is not true of anybody."""
    assert all(truth.get(code, number) == number for code, number in found.items())
    assert Counter(found.values()) <= Counter(truth.values())


# --- harmless: read as if nothing had happened ---

HEADINGS: Sequence[Callable[[str], str]] = (
    str,
    str.upper,
    str.lower,
    lambda text: f"  {text} ",
    lambda text: text.replace("_", " "),
)
NUMBERS: Sequence[Callable[[int], str]] = (
    str,
    lambda number: f"{number:,}",
    lambda number: f"{number}.0",
    lambda number: f" {number}  ",
)
DAYS = ("01JAN2021", "01-Jan-21", "2021-01-01", "01/01/2021", "44197", "2021-01-01 00:00:00")
CODECS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")


@dataclass(frozen=True)
class Table:
    """A file as cells; `header` is empty in a file without headings."""

    header: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, name: str) -> Table:
        rows = rows_in(name)
        return cls([], rows) if name in WITHOUT_HEADINGS else cls(rows[0], rows[1:])


@st.composite
def saved_differently(draw: st.DrawFn, name: str) -> bytes:
    """The same table in other clothes."""
    table = Table.of(name)
    number, heading = draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(HEADINGS))
    day, padding = draw(st.sampled_from(DAYS)), draw(st.integers(0, 2))
    rows = draw(st.permutations(table.rows))
    if table.header:
        rows = [
            [
                number(int(cell)) if column in COUNTS else day if column == "EXTRACT_DATE" else cell
                for column, cell in zip(table.header, row, strict=True)
            ]
            for row in rows
        ]
        order = draw(st.permutations(range(len(table.header))))
        rows = [[row[i] for i in order] for row in ([*map(heading, table.header)], *rows)]
    file = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    mark, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    writer = csv.writer(file, delimiter=mark, quoting=quoting, lineterminator=end)
    blank = draw(st.integers(0, len(rows)))
    if table.header and draw(st.booleans()):
        file.write(f"Invented{end}{end}")
    for at, row in enumerate(rows):
        if at == blank:
            file.write(draw(st.sampled_from(["", mark * len(row), "  "])) + end)
        writer.writerow([*row, *[""] * padding])
    codec = draw(st.sampled_from(CODECS))
    text = file.getvalue().replace("ABBEY", draw(st.sampled_from(["ABBEY", "ABBÉY"])))
    return text.encode(codec)


@cache
def as_published(name: str) -> tuple[object, ...]:
    return told(read(invented(name)))


def told(practices: Practices) -> tuple[object, ...]:
    """Everything that is read but names, which may have lost an accent."""
    table = practices.table.drop(columns=["practice_name", "current_network_name"])
    return table.fillna(-1).to_numpy().tolist(), catchments(practices)


@once
@given(data=st.data(), name=st.sampled_from(list(BESIDE)))
def test_the_same_table_saved_differently(data: st.DataObject, name: str, folder: Path) -> None:
    path = written(folder, data.draw(saved_differently(name)), name)
    assert told(read(path)) == as_published(name)


# --- damage: faults, or what is left is true ---


def truth(name: str) -> tuple[dict[object, object], dict[object, object]]:
    """The true lists, and the true patients by area where they are given."""
    *_, areas = as_published(name)
    assert isinstance(areas, dict)
    return dict(SIZES_2021), areas


def lines_of(name: str) -> list[bytes]:
    return invented(name).read_bytes().splitlines(keepends=True)


def any_clothes(draw: st.DrawFn, name: str) -> bytes:
    """A file as published, or saved differently; one byte for each letter."""
    data = draw(st.just(invented(name).read_bytes()) | saved_differently(name))
    assume(not data.startswith(codecs.BOM_UTF16_LE))
    return data


def numbers_in(data: bytes) -> list[range]:
    """The places of the cells that are numbers."""
    edge = rb'[^,;\t\r\n" ]'
    found = re.finditer(rb"(?<!%b)[0-9]+(?:[.,][0-9]+)*(?!%b)" % (edge, edge), data)
    return [range(*match.span()) for match in found]


def cut_off(draw: st.DrawFn, name: str) -> bytes:
    data = draw(st.just(invented(name).read_bytes()) | saved_differently(name))
    return data[: draw(st.integers(0, len(data) - 1))]


def byte_replaced(draw: st.DrawFn, name: str) -> bytes:
    data = any_clothes(draw, name)
    at = draw(st.integers(0, len(data) - 1))
    byte = draw(st.sampled_from(b"\0\t\n\r \"',-./;=E|\x80\x81\xe9\xff") | st.integers(0, 255))
    in_or_beside = any(cell.start - 1 <= at <= cell.stop for cell in numbers_in(data))
    assume(not (in_or_beside and byte in b"0123456789.,+ \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0"))
    return data[:at] + bytes([byte]) + data[at + 1 :]


def byte_inserted(draw: st.DrawFn, name: str) -> bytes:
    data = any_clothes(draw, name)
    at = draw(st.integers(0, len(data)))
    byte = draw(st.sampled_from([b'"', b",", b";", b"\n", b"\r", b"\0", b"\t", b" ", b"\xe9"]))
    return data[:at] + byte + data[at:]


def byte_lost(draw: st.DrawFn, name: str) -> bytes:
    data = any_clothes(draw, name)
    at = draw(st.integers(0, len(data) - 1))
    assume(not any(at in cell for cell in numbers_in(data)))
    return data[:at] + data[at + 1 :]


def lines_lost(draw: st.DrawFn, name: str) -> bytes:
    lines = lines_of(name)
    kept = draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    return b"".join(line for line, is_kept in zip(lines, kept, strict=True) if is_kept)


def lines_again(draw: st.DrawFn, name: str) -> bytes:
    lines = lines_of(name)
    lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(lines)))
    return b"".join(lines)


def line_cut(draw: st.DrawFn, name: str) -> bytes:
    lines = lines_of(name)
    at = draw(st.integers(0, len(lines) - 1))
    end = draw(st.integers(0, lines[at].rindex(b",") + 1))
    return b"".join([*lines[:at], lines[at][:end], b"\n", *lines[at + 1 :]])


def marks_changed(draw: st.DrawFn, name: str) -> bytes:
    old, new = draw(st.sampled_from(",;|\t\"'\n")), draw(st.sampled_from(",;|\t\"' "))
    return invented(name).read_bytes().replace(old.encode(), new.encode())


MANGLED_NUMBERS = (
    "5,903",
    "5 903",
    "5.9E+03",
    "5903.5",
    "-5903",
    "five",
    "#REF!",
    "",
    "5903-01-01",
)
MANGLED_CODES = ("1E+05", "1.00E+05", "01-Mar", "Mar-01", "#N/A", "#REF!", "=A1", "2021-03-01", "")


def cell_mangled(draw: st.DrawFn, name: str) -> bytes:
    """A number or code as it may come out of a spreadsheet, without quotation marks."""
    table = Table.of(name)
    at = draw(st.integers(0, len(table.rows) - 1))
    row = list(table.rows[at])
    numbers = [i for i, column in enumerate(table.header) if column in COUNTS]
    if numbers and draw(st.booleans()):
        row[numbers[0]] = draw(st.sampled_from(MANGLED_NUMBERS))
    else:
        codes = [i for i, cell in enumerate(row) if re.fullmatch("[A-Z][0-9]{5,8}", cell)]
        row[draw(st.sampled_from(codes))] = draw(st.sampled_from(MANGLED_CODES))
    rows = [*([table.header] if table.header else []), *table.rows[:at], row, *table.rows[at + 1 :]]
    return "".join(",".join(cells) + "\n" for cells in rows).encode()


DAMAGES = (
    cut_off,
    byte_replaced,
    byte_inserted,
    byte_lost,
    lines_lost,
    lines_again,
    line_cut,
    marks_changed,
    cell_mangled,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@settings(once, max_examples=many(15))
@given(data=st.data(), name=st.sampled_from(list(BESIDE)))
def test_damaged_text(
    damage: Callable[[st.DrawFn, str], bytes], data: st.DataObject, name: str, folder: Path
) -> None:
    mangled = data.draw(st.composite(damage)(name))
    practices = read_or_refuse(written(folder, mangled, name))
    if practices is not None and not any("has no end" in note for note in practices.notes):
        lists, areas = truth(name)
        check_true(sizes(practices), lists)
        check_true(catchments(practices), areas)
        lost = len(lists) - len(sizes(practices))
        aside = sum(n for why, n in account(practices, name).items() if why != "used")
        assert damage in (cut_off, lines_lost, line_cut) or lost <= aside


# --- workbooks and archives ---


def archive(names: Sequence[str], level: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", level) as packed:
        for name in names:
            packed.writestr(name, invented(name).read_bytes())
    return file.getvalue()


PACKAGES = {
    "list.xlsx": workbook({"List": rows_in(LIST)}),
    "ePCN.xlsx": workbook(
        {
            "PCN Details": [OLD_NETWORKS, *NETWORKS],
            "Core Partners": [OLD_PARTNERS, *partners(dates=True)],
            "List": rows_in(LIST),
        }
    ),
    "packed.zip": archive([LIST, MAP, AREAS, CENTROIDS], zipfile.ZIP_DEFLATED),
    "stored.zip": archive([LIST, MAP, AREAS, CENTROIDS], zipfile.ZIP_STORED),
}


@settings(once, max_examples=many(60))
@given(data=st.data(), name=st.sampled_from(list(PACKAGES)))
def test_damaged_packages(data: st.DataObject, name: str, folder: Path) -> None:
    package = bytearray(PACKAGES[name])
    if data.draw(st.booleans()):
        for at in data.draw(st.lists(st.integers(0, len(package) - 1), min_size=1, max_size=3)):
            package[at] = data.draw(st.integers(0, 255))
    else:
        del package[data.draw(st.integers(0, len(package))) :]
    practices = read_or_refuse(written(folder, bytes(package), name))
    if practices is not None:
        assert sizes(practices) == SIZES_2021


@pytest.mark.parametrize(
    ("name", "offset", "byte", "problem"),
    [
        ("list.xlsx", 8, 1, "cannot be unpacked: File"),  # a flag: encrypted
        ("list.xlsx", 46, 0, "is a damaged archive"),  # its name is gone
        ("packed.zip", 8, 1, "is protected by a password"),
        ("packed.zip", 46, 0, "is a damaged archive"),
    ],
)
def test_one_bad_byte_in_the_list_of_members(
    name: str, offset: int, byte: int, problem: str, folder: Path
) -> None:
    package = bytearray(PACKAGES[name])
    package[package.index(b"PK\1\2") + offset] = byte
    path = written(folder, bytes(package), name)

    with pytest.raises(InputError, match=problem):
        read(path)
