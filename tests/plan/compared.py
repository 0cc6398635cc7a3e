r"""A region for comparing plans, small enough to work out every figure by hand.

    S ------- R          P, Q, R, S: 10,000 patients each, at the corners of 4 km by 3 km
    |  \   /  | \        Z: 5,000 patients in the middle, 2.5 km from each corner
    |    Z    |   \      T: 30,000 patients, 4 km east of Q and 5 km from R
    |  /   \  |     \
    P ------- Q ----- T  The lines are the neighbours.

P, S and Z are in the authority West, Q and R in East; that of T is unknown. Today P and Q are one
network, R and S another.
"""

from __future__ import annotations

from pathlib import Path

from pcn_group.plan.inputs import PlanInputs

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,local_authority,current_network,list_date
P,Park,10000,500000,200000,West,one,2019-01-01
Q,Quay,10000,504000,200000,East,one,2019-01-01
R,Rise,10000,504000,203000,East,two,2019-01-01
S,Spring,10000,500000,203000,West,two,2019-01-01
T,Tower,30000,508000,200000,,,2019-01-01
Z,Zenith,5000,502000,201500,West,,2019-01-01
"""
EDGES = "practice_code,neighbour_code\n" + "".join(
    f"{a},{b}\n" for a, b in ("PQ", "QR", "RS", "PS", "PZ", "QZ", "RZ", "SZ", "QT", "RT")
)
RING = {"ring": "PQRS", "eye": "Z", "east": "T"}
HALVES = {"west": "PSZ", "right": "QR", "far": "T"}


def write_region(folder: Path) -> PlanInputs:
    """Write the practices and their neighbours; give what a command is given about them."""
    practices, edges = folder / "practices.csv", folder / "edges.csv"
    practices.write_text(PRACTICES, encoding="utf-8")
    edges.write_text(EDGES, encoding="utf-8")
    rules = ("adjacency.method=edges", f"adjacency.edges={edges}")
    return PlanInputs(files=(practices,), overrides=rules)


def write_by_hand(path: Path, networks: dict[str, str]) -> str:
    """Write a plan of practices with codes of one letter; give its name."""
    rows = [f"{code},{label}" for label, codes in networks.items() for code in codes]
    path.write_text("\n".join(["practice_code,network_id", *rows, ""]), encoding="utf-8")
    return str(path)
