"""The parts of a page, each from what the page says to HTML."""

from __future__ import annotations

from collections.abc import Sequence

from pcn_group.output.report.facts.facts import Facts, Row, Rule
from pcn_group.output.report.facts.words import badge, proof_words, verdict
from pcn_group.output.report.figures.travel import travel_chart
from pcn_group.output.report.html.markup import Cell, Column, figure, table, text, tiles
from pcn_group.output.report.pages.budgets import budgets_section, pounds
from pcn_group.tables.findings import KINDS

__all__ = ["header", "sections"]


def header(facts: Facts, heading: str) -> str:
    """Return title, verdict and key figures."""
    label, kind = badge(facts)
    return (
        f"<h1>{text(heading)}</h1>"
        f'<p class="verdict"><span class="badge {kind}">{text(label)}</span> '
        f"{text(verdict(facts))}</p>"
        f"{tiles(_key_figures(facts))}"
    )


def sections(facts: Facts, colours: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return what follows the map: heading and content by the section's name.

    Parameters
    ----------
    colours
        Of each network on the map.
    """
    parts = {
        "networks": ("Networks", _networks(facts, colours)),
        "exceptions": ("Exceptions", _exceptions(facts)),
        "travel": ("Travel", travel_chart(facts)),
        "proof": ("Proof", _proof(facts)),
        "budgets": ("Budgets", budgets_section(facts)),
        "rules": ("Rules in force", _rules(facts)),
        "data": ("Data", _data(facts)),
        "practices": ("Practices", _practices(facts)),
    }
    return {name: part for name, part in parts.items() if part[1]}


def _key_figures(facts: Facts) -> list[tuple[str, str, str]]:
    inside = len(facts.networks) - len(facts.exceptions)
    longest = max((row[f"max_{facts.unit}"] for row in facts.networks), key=float, default="0")
    placed = facts.placed
    patients = sum(int(row["list_size"]) for row in placed)
    tiles = [
        ("Practices", figure(len(placed)), _beside(len(facts.practices) - len(placed))),
        ("Patients", figure(patients), _beside(facts.patients - patients)),
        ("Networks", figure(len(facts.networks)), f"{inside:,} in the band"),
        ("Mean travel", f"{facts.mean_travel:.3f}", f"{facts.unit} to the hub, per patient"),
        ("Longest", longest, f"{facts.unit} to the hub"),
    ]
    if facts.moved is not None:
        moving, practices = facts.moved
        tiles.append(("Patients who move", figure(moving), f"counted by practices: {practices:,}"))
    years = ", ".join(facts.money.years)
    return [*tiles, ("Budget", pounds(facts.money.amount()), years)]


def _beside(count: int) -> str:
    """Tell of those that the figures of the plan leave out."""
    return f"and {count:,} in no network" if count else ""


def _networks(facts: Facts, colours: Sequence[str]) -> str:
    columns = [
        Column("No.", is_number=True),
        Column("Network"),
        Column("Named after"),
        Column("Practices", is_number=True),
        Column("Patients", is_number=True),
        Column("Against the band", is_drawn=True),
        Column(f"Mean {facts.unit}", is_number=True),
        Column(f"Longest {facts.unit}", is_number=True),
        Column("Hub"),
    ]
    largest = max([facts.band[1], *(int(row["patients"]) for row in facts.networks)])
    rows = [
        (
            f' data-network="{number}"',
            (
                Cell(_chip(number, colours[number]), str(number)),
                Cell(_pick(row["network_id"]), row["network_id"]),
                Cell(text(row["network_name"])),
                Cell(figure(row["practices"])),
                Cell(figure(row["patients"])),
                Cell(_bar(facts, row, largest), row["patients"]),
                Cell(text(row[f"mean_{facts.unit}"])),
                Cell(text(row[f"max_{facts.unit}"])),
                Cell(text(row["hub_practice_code"])),
            ),
        )
        for number, row in enumerate(facts.networks)
    ]
    foot = (
        Cell(""),
        Cell("All"),
        Cell(""),
        Cell(figure(sum(int(row["practices"]) for row in facts.networks))),
        Cell(figure(sum(int(row["patients"]) for row in facts.networks))),
        Cell(""),
        Cell(f"{facts.mean_travel:.3f}"),
        Cell(max((row[f"max_{facts.unit}"] for row in facts.networks), key=float, default="")),
        Cell(""),
    )
    return table("The networks of the plan", columns, rows, foot=foot, is_sortable=True)


def _pick(name: str) -> str:
    """Return a name that shows on the map what it names."""
    return f'<button type="button" class="pick">{text(name)}</button>'


def _chip(number: int, colour: str) -> str:
    """Return the number of a network on its colour, as on the map."""
    return f'<span class="chip" style="background:{text(colour)}">{number + 1}</span>'


def _bar(facts: Facts, row: Row, largest: int) -> str:
    """Draw the patients of a network beside the band, and say in words what is outside."""
    scale = 150 / (1.05 * largest)
    low, high = (round(scale * limit, 1) for limit in facts.band)
    patients, outside = int(row["patients"]), int(row["patients_outside_band"])
    side = "short" if patients < facts.band[0] else "above"
    words = f"<b>{outside:,} {side}</b>" if outside else '<span class="unseen">in the band</span>'
    kind = "outside" if outside else "inside"
    return (
        f'<span class="bar {kind}"><svg viewBox="0 0 150 14" aria-hidden="true">'
        f'<rect class="band" x="{low}" y="0" width="{round(high - low, 1)}" height="14"/>'
        f'<rect class="size" x="0" y="4" width="{round(scale * patients, 1)}" height="6" rx="2"/>'
        f"</svg>{words}</span>"
    )


def _exceptions(facts: Facts) -> str:
    parts = []
    if facts.broken:
        items = "".join(
            f"<li><b>{text(f.where)}</b> {text(f.message)} <small>({text(f.rule)})</small></li>"
            for f in facts.broken
        )
        parts.append(f"<h3>Broken rules</h3><ul>{items}</ul>")
    if facts.exceptions:
        number = {row["network_id"]: k for k, row in enumerate(facts.networks)}
        rows = [
            (
                f' data-network="{number[row["network_id"]]}"',
                (
                    Cell(_pick(row["network_id"])),
                    Cell(text(row["network_name"])),
                    Cell(figure(row["patients"])),
                    Cell(figure(row["patients_outside_band"])),
                    Cell(text(row["exception"])),
                ),
            )
            for row in facts.exceptions
        ]
        columns = [
            Column("Network"),
            Column("Named after"),
            Column("Patients", is_number=True),
            Column("Outside the band", is_number=True),
            Column("Reason"),
        ]
        parts.append(table("Networks outside the band, with reasons", columns, rows))
    return "".join(parts) or "<p>None: every network is inside the band.</p>"


def _proof(facts: Facts) -> str:
    proof, unit = facts.proof, facts.unit
    shown = ""
    if proof is not None:
        values = [
            ("Cost", figure(proof.cost), f"patient-{unit}"),
            ("Bound", figure(proof.bound), f"patient-{unit}"),
            ("Gap", proof.percent, ""),
        ]
        shown = tiles(values)
    return shown + "".join(_paragraph(words) for words in proof_words(facts))


def _paragraph(words: str) -> str:
    """Return a paragraph; a first word that names its subject stands out."""
    subject, point, rest = words.partition(". ")
    if point and " " not in subject:
        return f"<p><b>{text(subject)}.</b> {text(rest)}</p>"
    return f"<p>{text(words)}</p>"


def _rules(facts: Facts) -> str:
    own = [rule for rule in facts.rules if not rule.is_default or rule.key.startswith("band.")]
    rest = [rule for rule in facts.rules if rule not in own]
    changed = any(not rule.is_default for rule in own)
    lead = "" if changed else "<p>All rules are the defaults.</p>"
    return (
        lead
        + _rules_table("The band, and what differs from the defaults", own)
        + f"<details><summary>The other rules, as they are by default</summary>"
        f"{_rules_table('Rules at their defaults', rest)}</details>"
    )


def _rules_table(caption: str, rules: list[Rule]) -> str:
    columns = [Column("Rule"), Column("Value"), Column("What it means")]
    rows = [
        (f"<code>{text(rule.key)}</code>", text(rule.value), text(rule.meaning)) for rule in rules
    ]
    return table(caption, columns, [("", [*map(Cell, row)]) for row in rows])


def _data(facts: Facts) -> str:
    notes = "".join(f"<li>{text(note)}</li>" for note in facts.notes)
    found = [
        ("", (Cell(text(KINDS[kind].title if kind in KINDS else kind)), Cell(figure(count))))
        for kind, count in facts.data_report.items()
    ]
    files = [
        (
            "",
            (
                Cell(text(source.name)),
                Cell(figure(source.rows)),
                Cell(f'<code class="hash">{text(source.sha256)}</code>'),
            ),
        )
        for source in facts.inputs
    ] + [
        (
            "",
            (
                Cell(f"{text(file['name'])} <small>{text(file['key'])}</small>"),
                Cell(""),
                Cell(f'<code class="hash">{text(file["sha256"])}</code>'),
            ),
        )
        for file in facts.rule_files
    ]
    columns = [Column("File"), Column("Rows", is_number=True), Column("SHA-256")]
    report = [Column("What is odd"), Column("Practices", is_number=True)]
    return (
        table("Input files", columns, files)
        + (table("Findings of the data report", report, found) if found else "")
        + (f"<h3>Notes</h3><ul>{notes}</ul>" if notes else "")
    )


def _practices(facts: Facts) -> str:
    columns = [
        Column("Practice"),
        Column("Name"),
        Column("List", is_number=True),
        Column("Network"),
        Column(f"{facts.unit} to hub", is_number=True),
        Column("Network today"),
    ]
    rows = [
        (
            f' data-practice="{text(row["practice_code"])}"',
            (
                Cell(_pick(row["practice_code"]), row["practice_code"]),
                Cell(text(row["practice_name"]) + _hub_mark(row)),
                Cell(figure(row["list_size"])),
                Cell(text(row["network_id"] or "none")),
                Cell(text(row[facts.travel_column])),
                Cell(text(row["current_network_name"] or row["current_network"] or "none")),
            ),
        )
        for row in facts.practices
    ]
    return table("The practices and their networks", columns, rows, is_sortable=True)


def _hub_mark(row: Row) -> str:
    return " <small>hub</small>" if row["is_hub"] == "true" else ""
