"""The workbook of a budget: formulas whose values are those of the CSV files, and text as text."""

from __future__ import annotations

import csv
import io
import re
import sys
from fractions import Fraction

import pytest
from openpyxl import Workbook, load_workbook

from pcn_group.base.errors import InputError
from pcn_group.funding.scope import Scope
from pcn_group.output.data.budget_files import budget_files
from pcn_group.output.workbook.book import budget_workbook
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    CASH_FLOW,
    ICBS,
    NETWORKS,
    PRACTICE_PAYMENTS,
    REGIONS,
    Sheet,
)
from tests.output.workbook.paid import (
    Paid,
    at_random,
    bare_year,
    line,
    member,
    no_line,
    of_files,
    of_workbook,
    over_years,
    sheet_rows,
    tariff,
)

SMALL = Paid(
    (member("R", "A", "P1", 3), member("R", "B", "P2", 3), member("R", "B", "P3", 1)),
    Scope((tariff("2019/20", line("core", "0.005", "registered")),)),
)
"""Seven patients at half a penny: 4p, of which A is due 1.5p and B 2p."""


def opened(paid: Paid, *, values: bool = True) -> Workbook:
    content = budget_workbook(paid.budget, paid.scope.growth)
    return load_workbook(io.BytesIO(content), data_only=values)


@pytest.mark.parametrize("paid", [SMALL, at_random(1), over_years(2), bare_year(5), no_line()])
def test_the_values_are_those_of_the_files(paid: Paid) -> None:
    assert of_workbook(opened(paid)) == of_files(paid.budget)


def test_a_sheet_without_rows_is_left_out() -> None:
    names = opened(SMALL).sheetnames
    assert "Practice payments" not in names
    assert "ICBs" not in names


def test_a_year_without_lines_has_its_sums_of_nothing() -> None:
    book = opened(bare_year(5))
    first, _, later, in_all = sheet_rows(book, "Totals")
    assert (first["financial_year"], first["funding_line"]) == ("2019/20", "total")
    assert (first["amount_gbp"], first["patients"]) == (0, later["patients"])
    assert in_all["amount_gbp"] == later["amount_gbp"] > 0
    told = [row[1] for row in opened(no_line())["Read me"].iter_rows(values_only=True)]
    assert ("2019/20: Left out, since not asked for: participation.") in told


def test_every_sheet_has_its_purpose_told_in_the_first() -> None:
    book = opened(at_random(1))
    assert len(book.sheetnames) == 11
    told = {cell for row in book["Read me"].iter_rows(values_only=True) for cell in row}
    assert book.sheetnames[0] == "Read me"
    for name in book.sheetnames[1:]:
        assert any(str(cell).startswith(f"{name}: ") for cell in told)


def test_how_an_amount_comes_about() -> None:
    book = opened(SMALL, values=False)
    first, second = sheet_rows(book, "Budgets")
    assert first["units"] == "=Networks!F2"
    assert first["amount_gbp"] == "=S2/100"
    assert first["exact_numerator"] == "=ROUND(100*H2,0)*Rates!O2"
    assert first["whole_pence"] == "=INT(O2/Rates!P2)"
    assert first["remainder"] == "=O2-Rates!P2*P2"
    assert first["rank"] == "=RANK(Q2,Q$2:Q$3)+COUNTIF(Q$2:Q$2,Q2)-1"
    assert first["pence"] == "=P2+IF(R2<=Regions!L2,1,0)"
    assert second["units"] == "=Networks!F3"
    (rate,) = sheet_rows(book, "Rates")
    assert rate["rate_gbp"] == 0.005
    assert rate["pence_numerator"] == (
        "=ROUND(D2*100000,0)*I2/GCD(ROUND(D2*100000,0)*I2,100000*J2)"
    )


def test_what_the_formulas_come_to() -> None:
    first, second = sheet_rows(opened(SMALL), "Budgets")
    names = ("exact_numerator", "whole_pence", "remainder", "rank", "pence", "amount_gbp")
    assert [first[name] for name in names] == [300, 1, 100, 1, 2, 0.02]
    assert [second[name] for name in names] == [400, 2, 0, 2, 2, 0.02]


@pytest.mark.parametrize("sheet", [NETWORKS, BUDGETS, PRACTICE_PAYMENTS, CASH_FLOW, REGIONS, ICBS])
def test_every_figure_is_a_formula(sheet: Sheet) -> None:
    figures = [column.heading for column in sheet.columns if column.kind not in {"text", "flag"}]
    for row in sheet_rows(opened(at_random(1), values=False), sheet.name):
        given = {row[name] for name in figures if not str(row[name]).startswith("=")}
        assert given <= {None}


def test_every_total_of_the_files_is_beside_what_its_formula_comes_to() -> None:
    paid = over_years(2)
    text = budget_files(paid.budget)["budget_totals.csv"]
    files = [
        (row["level"], row["code"], row["funding_line"], float(row["amount_gbp"]) or "")
        for row in csv.DictReader(io.StringIO(text))
    ]
    rows = list(sheet_rows(opened(paid), "Audit"))
    names = ("level", "code", "funding_line", "csv_gbp")
    assert [tuple(row[name] or "" for name in names) for row in rows] == files
    assert all(row["workbook_gbp"] == row["csv_gbp"] for row in rows)
    formulas = sheet_rows(opened(paid, values=False), "Audit")
    for row in formulas:
        assert "!" in row["workbook_gbp"]  # of another sheet
        assert str(row["difference_gbp"]).startswith("=ROUND(G")


def test_footprints_are_audited_by_the_networks_that_they_hold() -> None:
    members = tuple(
        member("R", code, f"P{code}", size, footprint=where, network_name=f"Network {code}")
        for code, size, where in (("A", 3, "East"), ("B", 4, "West"), ("C", 5, "East"))
    )
    book = opened(Paid(members, SMALL.scope), values=False)
    east = [row for row in sheet_rows(book, "Audit") if row["code"] == "East"]
    assert [row["workbook_gbp"] for row in east] == [
        "=ROUND(SUM(Budgets!J2,Budgets!J4),2)",
        "=ROUND(SUM(Networks!J2,Networks!J4),2)",
    ]
    assert next(iter(sheet_rows(book, "Audit")))["network_name"] == "Network A"


def test_totals_say_what_they_are_without() -> None:
    book = opened(no_line())
    partial = "partial: without participation (1.761 a weighted patient)"
    assert [row["remark"] for row in sheet_rows(book, "Totals")] == [partial, partial]
    assert book["Read me"]["B1"].value == f"2019/20, {partial}"


def test_rows_are_as_high_as_their_texts_need() -> None:
    source = "A source whose name is so long that it goes over several lines of its cell: " * 3
    long = tariff("2019/20", line("core", "1.50", "registered") | {"source": source})
    book = opened(Paid((member("R", "A", "P", 10),), Scope((long,))))
    rates, told = book["Rates"], book["Read me"]
    assert rates.row_dimensions[2].height == 75  # five lines of 15 points
    assert rates.column_dimensions["P"].width > len("pence_denominator")
    rounding = next(row for row in told.iter_rows() if row[0].value == "Rounding")[0].row
    assert told.row_dimensions[rounding].height >= 60


def test_headings_are_repeated_and_stay_in_view() -> None:
    book = opened(at_random(1))
    for name in book.sheetnames[1:]:
        page = book[name]
        assert page.print_title_rows == "$1:$1"
        assert page.row_dimensions[1].height == 30  # the heading, and the button of the filter
        assert page.freeze_panes is not None
        assert int(re.sub(r"\D", "", str(page.freeze_panes))) == 2


def test_text_stays_text() -> None:
    name = '=HYPERLINK("http://x.test","<b>Ångström & \'Söhne\'</b>")'
    paid = Paid((member("+1", "@A", "-P", 10, practice_name=name, icb_code="0012"),), SMALL.scope)
    book = opened(paid, values=False)
    (practice,) = sheet_rows(book, "Practices")
    texts = ("region_code", "network_id", "practice_code", "practice_name", "icb_code")
    assert [practice[each] for each in texts] == ["+1", "@A", "-P", name, "0012"]
    page = book["Practices"]
    assert {page.cell(2, column).data_type for column in (2, 3, 4, 6, 7)} == {"s"}
    assert of_workbook(opened(paid)) == of_files(paid.budget)


def test_the_same_budget_gives_the_same_bytes() -> None:
    first, second = (budget_workbook(SMALL.budget, Fraction(0)) for _ in range(2))
    assert first == second


def test_growth_and_who_is_not_paid_are_told() -> None:
    told = [row[1] for row in opened(over_years(2))["Read me"].iter_rows(values_only=True)]
    assert any("Lists grow by 0.6 % a year from 2019/20 on" in str(text) for text in told)
    assert any(str(text).startswith("Practices in no network: ") for text in told)


def test_a_list_that_is_not_known_stays_empty() -> None:
    members = (member("R", "A", "P", 10), member("R", "A", "Q", 10, weighted=None))
    (network,) = sheet_rows(opened(Paid(members, SMALL.scope)), "Networks")
    assert (network["registered"], network["weighted"], network["adjusted"]) == (20, None, 20)


def test_without_the_package_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(InputError, match=r'pip install "pcn-group\[excel\]"'):
        budget_workbook(SMALL.budget, Fraction(0))


def test_amounts_that_spreadsheets_would_round_are_refused() -> None:
    long = tariff("2019/20", line("bounty", "999999999.99999", "registered"))
    paid = Paid((member("R", "A", "P", 1_000),), Scope((long,)))
    with pytest.raises(InputError, match=r"bounty of 2019/20: needs numbers of more than 14"):
        budget_workbook(paid.budget, Fraction(0))
