"""Makes `pcn_group/practices/authorities.csv`, the names of local authorities by their ONS codes.

    python data/authorities/make.py FILE

FILE is a table of the ONS of every local authority since 2011, with the columns LADCD and LADNM.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "pcn_group" / "practices" / "authorities.csv"


def main(source: Path) -> None:
    """Keep code and name of each authority, by code."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        names = {row["LADCD"]: row["LADNM"] for row in csv.DictReader(file)}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("local_authority", "local_authority_name"))
        writer.writerows(sorted(names.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
