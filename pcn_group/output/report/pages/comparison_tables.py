"""The tables of a comparison: figures of all plans, the practices that move, the networks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pcn_group.output.report.facts.facts import Row
from pcn_group.output.report.html.markup import Cell, Column, figure, table, text
from pcn_group.output.report.pages.pair import Pair

__all__ = ["figures_table", "matches_table", "moves_table"]

_WORDS = {
    "practices_in_no_network": "Practices in no network",
    "patients_in_no_network": "Patients in no network",
    "practices_not_of_the_region": "Practices not of the region, set aside",
    "networks_in_band": "In the band",
    "networks_under_band": "Under the band",
    "networks_over_band": "Over the band",
    "share_in_band": "Share in the band",
    "networks_not_contiguous": "Networks not contiguous",
    "local_authorities": "Local authorities",
    "networks_across_authorities": "Networks in several authorities",
    "budget_gbp": "Budget, a year",
    "budget_per_head_gbp": "Budget, a patient",
    "least_network_per_head_gbp": "Budget, a patient: least of a network",
    "most_network_per_head_gbp": "Budget, a patient: most of a network",
    "patients_moved": "Patients who move from the first plan",
    "practices_moved": "Practices that move from the first plan",
}
"""What a column of `comparison.csv` is called where its name does not say it well"""

_UNITS = {"cost_patient_": "Cost, patient-", "mean_": "Mean travel, ", "max_": "Longest travel, "}


def figures_table(rows: Sequence[Row]) -> str:
    """Return the figures of all plans, a column for each, with differences from the first.

    Parameters
    ----------
    rows
        Of `comparison.csv`.
    """
    first, *others = rows
    columns = [Column("Figure"), *(Column(row["plan"], is_number=True) for row in rows)]
    lines = [
        (
            f' data-figure="{key}"',
            (
                Cell(text(_in_words(key))),
                Cell(_value(key, first[key])),
                *(Cell(_value(key, row[key]) + _change(key, row, first)) for row in others),
            ),
        )
        for key in first
        if key != "plan" and any(row[key] not in {"", "0"} for row in rows)
    ]  # fmt: skip
    caption = "The figures of all plans, with differences from the first"
    return table(caption, columns, lines, kind="figures")


def _in_words(key: str) -> str:
    for start, words in _UNITS.items():
        if key.startswith(start):
            return words + key.removeprefix(start)
    return _WORDS.get(key, key.replace("_", " ").capitalize())


def _value(key: str, value: str) -> str:
    if not value:
        return "unknown"
    if key.startswith("share_"):
        return f"{100 * Decimal(value):.2f}%"
    return f"£{figure(value)}" if key.endswith("_gbp") else figure(value)


def _change(key: str, row: Row, first: Row) -> str:
    """Say how much more or less a figure is than that of the first plan."""
    value, before = row[key], first[key]
    if not value or not before or value == before or key.endswith("_moved"):
        return ""
    more = Decimal(value) - Decimal(before)
    sign = "+" if more > 0 else "\N{MINUS SIGN}"
    return f' <small class="change">{sign}{_value(key, str(abs(more)))}</small>'


def moves_table(pair: Pair) -> str:
    """Return the practices that move."""
    if not pair.moving:
        return "<p>None: no practice moves.</p>"
    columns = [
        Column("Practice"),
        Column("Name"),
        Column("Patients", is_number=True),
        Column("From"),
        Column("To"),
    ]
    rows = [
        (
            f' data-practice="{text(row["practice_code"])}"',
            (
                Cell(_pick(row["practice_code"]), row["practice_code"]),
                Cell(text(row["practice_name"])),
                Cell(figure(row["list_size"])),
                _network(pair, 0, row["from_network"]),
                _network(pair, 1, row["to_network"]),
            ),
        )
        for row in pair.moving
    ]
    foot = (
        Cell("All"),
        Cell(""),
        Cell(figure(sum(int(row["list_size"]) for row in pair.moving))),
        Cell(""),
        Cell(""),
    )
    return table("The practices that move", columns, rows, foot=foot, is_sortable=True)


def matches_table(pair: Pair) -> str:
    """Return each network of the first plan with the one that continues it, and what is new."""
    columns = [
        Column("No.", is_number=True),
        Column("In the first plan"),
        Column("In the other"),
        Column("Patients before", is_number=True),
        Column("Patients after", is_number=True),
        Column("In both", is_number=True),
        Column("Leaving", is_number=True),
        Column("Joining", is_number=True),
    ]
    rows = [
        (
            f' data-network="{number}"',
            (
                Cell(_chip(pair, number), str(number)),
                Cell(_pick(row["from_network"] or "new"), row["from_network"]),
                Cell(text(row["to_network"] or "not continued")),
                *(
                    Cell(figure(row[f"{which}_patients"]))
                    for which in ("from", "to", "shared", "leaving", "joining")
                ),
            ),
        )
        for number, row in enumerate(pair.matches)
    ]
    caption = "Networks, and what continues them: the same number and colour on both maps"
    return table(caption, columns, rows, is_sortable=True)


def _pick(name: str) -> str:
    return f'<button type="button" class="pick">{text(name)}</button>'


def _network(pair: Pair, side: int, network: str) -> Cell:
    return Cell(f"{_chip(pair, pair.number(side)[network])} {text(network)}", network)


def _chip(pair: Pair, number: int) -> str:
    return f'<span class="chip" style="background:{pair.colours[number]}">{number + 1}</span>'
