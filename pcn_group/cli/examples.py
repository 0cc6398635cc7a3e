"""Two examples or more of every command, as its help ends with them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXAMPLES", "EXAMPLES_HEAD", "with_examples"]

EXAMPLES_HEAD = "\b\nExamples:\n"

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "solve": (
        "solve practices.csv --report",
        "solve gp-reg-pat-prac-all.csv epraccur.zip ePCN.xlsx --region 06P --out luton",
        "solve practices.csv --set band.max=60000 --set limits.networks=12",
    ),
    "batch": (
        "batch practices.csv --out england",
        "batch practices.csv --by icb_code --out england --resume --report",
    ),
    "repair": (
        "repair practices.csv",
        "repair practices.csv --region 06P --set band.above=forbid --out repaired",
        "repair plan --practices next.csv --set data.successors=successors.csv --out second",
    ),
    "align": (
        "align current --practices practices.csv --practices neighbourhoods.geojson",
        "align plan --at-least 90% --out aligned",
    ),
    "check": (
        "check plan",
        "check groupings.csv --practices practices.csv --config rules.yaml",
    ),
    "budget": (
        "budget plan --year 2019/20",
        "budget plan --years 2019/20..2023/24 --growth 1% --workbook",
    ),
    "compare": (
        "compare plan current --practices practices.csv",
        "compare plan other/groupings.csv --out comparison",
    ),
    "alternatives": (
        "alternatives plan",
        "alternatives plan --within 2% --count 5 --out others",
    ),
    "tradeoff": (
        "tradeoff practices.csv --against moves",
        "tradeoff practices.csv --against band --floor 25000 --points 12",
        "tradeoff practices.csv neighbourhoods.geojson --against neighbourhoods",
    ),
    "footprints": (
        "footprints plan",
        "footprints plan --min 100000 --max 150000 --out footprints",
        "footprints current --practices practices.csv --free",
    ),
    "divide": (
        "divide plan",
        "divide current --practices practices.csv --max 40000",
    ),
    "forecast": (
        "forecast plan --earlier last-year.csv",
        "forecast plan --earlier last-year.csv --homes sites.csv --years 10 --out later",
    ),
    "report": (
        "report plan",
        "report plan --with alternatives",
        "report current --practices practices.csv --out pictures",
    ),
    "paper": (
        "paper plan --out paper.docx",
        "paper plan --with alternatives --with what-if.json --template board.docx --out paper.docx",
        "paper england --out development-plan.docx",
    ),
    "explain": (
        "explain plan",
        "explain plan --practice A81001 --network U60113",
    ),
    "prepare": (
        "prepare gp-reg-pat-prac-all.csv epraccur.zip --out practices.csv",
        "prepare extract.xlsx --region 06P --out luton.csv",
    ),
    "roads": (
        "roads county-latest.osm.pbf --out roads.npz",
        "roads rutland.osm.pbf leicestershire.osm.pbf --out roads.npz --overwrite",
    ),
    "init": (
        "init",
        "init --preset rural-exception --out rules.yaml",
    ),
    "config": (
        "config band.below",
        "config limits",
    ),
    "sample": (
        "sample --out practices.csv",
        "sample --practices 120 --seed 7 --lsoa --out invented.csv",
    ),
    "doctor": (
        "doctor",
        "doctor --compile",
        "doctor --json",
    ),
    "completion": (
        "completion",
        "completion zsh --print",
    ),
}


def with_examples(name: str, epilog: str) -> str:
    """Return the end of a command's help with its examples before it."""
    lines = "\n".join(f"  pcn-group {each}" for each in EXAMPLES[name])
    return f"{EXAMPLES_HEAD}{lines}\n\n{epilog}"
