"""Plans to draw, made by hand."""

from __future__ import annotations

import csv
from pathlib import Path

SCRIPT = '"><script>alert(1)</script>'
ENDING = "</script><script>alert('2')</script><!-- <b>bold</b> &amp; %{x}"
QUOTES = """O'Neill's "Health" Centre' onmouseover='alert(3)"""
ACCENTS = "Ynys Môn Sûr-gérý, Łódź Street"
LONG = "The Very Long Name of a Practice That Nobody Would Ever Want to Write on a Map!!"
UNBROKEN = LONG.replace(" ", "_")
NAMES = (SCRIPT, ENDING, QUOTES, ACCENTS, LONG, UNBROKEN)
NETWORKS = ("<i>N</i>1", '!N2"&')

assert len(LONG) == 80


def write_hostile(folder: Path) -> Path:
    """A plan of six practices with names, networks and today's networks that would do harm.

    The first three practices are one network, the fourth and the last another; the fifth is in
    none.
    """
    path = folder / "by-hand.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(
            [
                "practice_code", "practice_name", "list_size", "region_code", "network_id",
                "easting", "northing", "current_network", "current_network_name", "list_date",
            ]
        )  # fmt: skip
        for k, name in enumerate(NAMES):
            network = "" if k == 4 else NETWORKS[k // 3]
            east, north = 500_000 + 2_000 * (k % 3), 200_000 + 3_000 * (k // 2)
            place = ["R", network, east, north, f"T{k % 2}", SCRIPT, "2019-01-01"]
            rows.writerow([f"P{k}", name, 12_000 + k, *place])
    return path
