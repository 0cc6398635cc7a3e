"""LibreOffice works a workbook out again, from its formulas alone, to the figures of the program.

Whatever the formulas came to when the workbook was written is taken out first.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from openpyxl import Workbook, load_workbook

from pcn_group.config.model import Configuration
from pcn_group.funding.members import members_of
from pcn_group.funding.scope import Scope, scope_between
from pcn_group.output.workbook.book import budget_workbook
from pcn_group.practices import read_practices
from tests.output.workbook.paid import (
    KINDS,
    Paid,
    at_random,
    bare_year,
    no_line,
    of_files,
    of_workbook,
    over_years,
    sheet_rows,
)
from tests.paths import ROOT

SAMPLE = ROOT / "data" / "sample" / "practices.csv"

SOFFICE = shutil.which("soffice") or ""

pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")


def sample() -> Paid:
    """Today's networks of the sample region over two years."""
    table = read_practices(
        (SAMPLE,), None, by="region_code", several_regions=True, rules=Configuration()
    ).table
    networks = (("", network) for network in table["current_network"])
    members = members_of(table, dict(zip(table["practice_code"], networks, strict=True)))
    years = ("2019/20", "2020/21")
    growth = Fraction(6, 1000)
    return Paid(members, scope_between(years, (), "registered", growth=growth))


def after() -> Paid:
    """What `before` is when the cells are changed that `changed` changes."""
    lines = {line.name: line for line in KINDS.lines}
    lines["part_year"] = lines["part_year"].model_copy(update={"rate_gbp": Decimal("0.52345")})
    lines["participation"] = lines["participation"].model_copy(update={"confirmed": False})
    lines["role"] = lines["role"].model_copy(update={"doubled_above": 49_999})
    tariff = KINDS.model_copy(update={"lines": tuple(lines.values())})
    first, *others = at_random(4).members
    grown = replace(first, registered=first.registered + 12_345, weighted=Decimal("98765.43"))
    return Paid((grown, *others), Scope((tariff,), "all"))


PAID = {
    "sample": sample,
    "one": partial(at_random, 1),
    "another": partial(at_random, 2),
    "years": partial(over_years, 3),
    "bare year": partial(bare_year, 5),
    "no line": no_line,
    "before": partial(at_random, 4),
    "after": after,
}


def changed(content: bytes) -> bytes:
    """Enter other rates and lists, as finance would."""
    book = load_workbook(io.BytesIO(content))
    rates, practices = book["Rates"], book["Practices"]
    row_of = {rates.cell(row, 2).value: row for row in range(2, rates.max_row + 1)}
    rates[f"D{row_of['part_year']}"] = 0.52345
    rates[f"N{row_of['participation']}"] = False
    rates[f"F{row_of['role']}"] = 49_999
    practices["H2"] = practices["H2"].value + 12_345
    practices["I2"] = 98_765.43
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def without_values(content: bytes) -> bytes:
    """Take out what formulas came to: only the formulas themselves are left."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"</f><v>[^<]*</v>", rb"</f>", part)
                assert b"</f><v>" not in part
            new.writestr(name, part)
    return file.getvalue()


def written(paid: Paid) -> bytes:
    return budget_workbook(paid.budget, paid.scope.growth)


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Workbook]:
    folder = tmp_path_factory.mktemp("workbooks")
    bare = {name: without_values(written(paid())) for name, paid in PAID.items()}
    bare["after"] = changed(bare["before"])
    for name, content in bare.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            *(str(folder / f"{name}.xlsx") for name in bare),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {name: load_workbook(folder / "out" / f"{name}.xlsx", data_only=True) for name in bare}


@pytest.mark.parametrize("name", list(PAID))
def test_the_figures_are_those_of_the_files_and_no_difference_is_left(
    recalculated: Mapping[str, Workbook], name: str
) -> None:
    budget, book = PAID[name]().budget, recalculated[name]
    assert of_workbook(book) == of_files(budget)
    in_all = [row["amount_gbp"] for row in sheet_rows(book, "Totals")][-1]
    assert Decimal(str(in_all)) == budget.total
    told = {row[0]: row[1] for row in book["Read me"].iter_rows(values_only=True)}
    assert told["All differences, GBP"] == 0
    # Whoever changes an entry sees how far that is from the files.
    assert (told["From the CSV files, GBP"] == 0) is (name != "after")
    for row in sheet_rows(book, "Regions"):
        # Only in the sum of lines is nothing rounded.
        assert row["rounded_by"] is None or abs(row["rounded_by"]) <= 0.005


def test_the_changed_cells_change_what_is_paid() -> None:
    assert of_files(after().budget) != of_files(at_random(4).budget)
