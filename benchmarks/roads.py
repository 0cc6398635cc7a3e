"""Measure roads: `python -m benchmarks.roads EXTRACT...` prints the tables of docs/how-to/roads.md.

How long extracts take to read, and how much memory; and minutes beside those of another router,
Routino (Debian: `routino`), on the same extract, which is left out where that is not installed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import osmium
from numpy.typing import NDArray
from pyproj import Transformer

from pcn_group.geography.roads import extract, rules
from pcn_group.geography.roads.network import Floats, Roads, network_of
from pcn_group.geography.roads.search import nearest_spots, ways_between
from pcn_group.practices.grid import GRID_WITH_SHIFT

PAIRS = 60
SYNTHETIC_MB = 20
_STREETS, _BENDS, _HOUSES = 250, 8, 3

_MEASURED = """
import json, re, sys, time
from pathlib import Path
import osmium, pandas, scipy.sparse.csgraph, pyproj
from pcn_group.geography.roads.storage import read_extracts
def most():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before = most()
start = time.perf_counter()
roads = read_extracts([Path(sys.argv[1])])
print(json.dumps({
    "seconds": time.perf_counter() - start,
    "mb": most(),
    "idle": before,
    "places": len(roads.places),
    "junctions": roads.number_of_junctions,
    "km": roads.kilometres,
}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roads", description=__doc__)
    parser.add_argument("extracts", nargs="+", type=Path)
    extracts = parser.parse_args().extracts
    print("| extract | MB | seconds | MB a second | memory, MB | of that libraries |", end=" ")
    print("km of roads | places | junctions |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        made = write_synthetic(Path(folder) / "synthetic.osm.pbf")
        for path in (*extracts, made):
            print(measured(path))
        if shutil.which("routino-router") is None:
            print("\nRoutino is not installed: minutes were not compared.")
            return
        print("\n| extract | pairs | minutes, median | apart, median | at most | correlation |")
        print("|---|---:|---:|---:|---:|---:|")
        for path in extracts:
            if path.stat().st_size > 1_000_000:
                print(beside_routino(path, Path(folder)))


def measured(path: Path) -> str:
    """Read an extract in a process of its own, and return the row of the table."""
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED, path], capture_output=True, text=True, check=True
    )
    told, size = json.loads(run.stdout), path.stat().st_size / 1e6
    return (
        f"| {path.name} | {size:.1f} | {told['seconds']:.2f} | {size / told['seconds']:.1f} | "
        f"{told['mb']:.0f} | {told['idle']:.0f} | {told['km']:,.0f} | {told['places']:,} | "
        f"{told['junctions']:,} |"
    )


def write_synthetic(path: Path) -> Path:
    """Write a town of crooked streets and houses without end, until the file is large enough."""
    rng = np.random.default_rng(1)
    writer = osmium.SimpleWriter(str(path), overwrite=True)
    last, above = 0, list[int]()
    node, ways = 0, list[tuple[list[int], dict[str, str]]]()
    step = 0.0015
    for row in range(_STREETS * 4):
        corners: list[int] = []
        for column in range(_STREETS):
            bends = []
            for bend in range(_BENDS + 5 * _HOUSES):
                node += 1
                place = (
                    -1.5 + step * (column + min(bend, _BENDS) / (_BENDS + 1)) + rng.normal(0, 2e-5),
                    52.0 + step * row + rng.normal(0, 2e-5),
                )
                writer.add_node(osmium.osm.mutable.Node(id=node, location=place, version=1))
                bends.append(node)
            corners.append(bends[0])
            ways.append((bends[:_BENDS], {"highway": "residential", "maxspeed": "30 mph"}))
            for house in range(_BENDS, len(bends), 5):
                ways.append(([*bends[house : house + 5], bends[house]], {"building": "house"}))
            if column:
                ways.append(([last, bends[0]], {"highway": "tertiary"}))
            if row:
                ways.append(([above[column], bends[0]], {"highway": "secondary"}))
            last = bends[_BENDS - 1]
        above = corners
        if row % 20 == 0 and node * 5 > SYNTHETIC_MB * 1e6:
            break
    for number, (nodes, tags) in enumerate(ways, start=1):
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags, version=1))
    writer.close()
    return path


def beside_routino(path: Path, folder: Path) -> str:
    """Compare the minutes of pairs at random, both programs with the same speeds."""
    split = ["planetsplitter", f"--dir={folder}", "--tagging=/usr/share/routino/tagging-drive.xml"]
    subprocess.run([*split, path], capture_output=True, check=True)
    with patch.object(extract, "road_of", aligned):
        roads = network_of(extract.read_segments([path]))
    rng = np.random.default_rng(1)
    places = roads.places[rng.choice(len(roads.places), (2, 2 * PAIRS))].astype(np.float64)
    far = np.hypot(*(places[0] - places[1]).T) > 2000
    starts, ends = places[0][far][:PAIRS], places[1][far][:PAIRS]
    ours = minutes(roads, starts, ends)
    theirs = np.array([*routino(folder, starts, ends)])
    both = np.isfinite(ours) & np.isfinite(theirs)
    apart = np.abs(ours - theirs)[both]
    return (
        f"| {path.name} | {both.sum()} | {np.median(ours[both]):.1f} | {np.median(apart):.2f} | "
        f"{apart.max():.2f} | {np.corrcoef(ours[both], theirs[both])[0, 1]:.4f} |"
    )


def aligned(tags: rules.Tags) -> rules.Road | None:
    """Return a road as Routino has it: slip roads as the roads they lead to, limits kept whole."""
    road = rules.road_of(tags)
    kind = tags.get("highway", "").removesuffix("_link")
    if road is None or kind not in rules.SPEEDS:
        return road
    usual = rules.SPEEDS["residential" if kind == "living_street" else kind]
    limit = rules.driven(tags.get("maxspeed", ""))
    speed = min(usual, usual if limit is None else limit / 0.8)
    onward, back = (speed if each else 0.0 for each in (road.onward, road.back))
    return rules.Road(onward, back, road.seconds, road.is_entry, road.goes_on)


def minutes(roads: Roads, starts: Floats, ends: Floats) -> NDArray[np.float64]:
    """Return the minutes of each way, infinite where an end is on no road."""
    here, there = (nearest_spots(roads, places, 50) for places in (starts, ends))
    found = here.is_found & there.is_found
    result = np.full(len(starts), np.inf)
    seconds = ways_between(roads, here[found], there[found], "seconds")
    result[found] = seconds.diagonal() / 60
    return result


def routino(folder: Path, starts: Floats, ends: Floats) -> Iterator[float]:
    """Yield the minutes of each way as Routino has them, infinite where it has none."""
    degrees = Transformer.from_crs(GRID_WITH_SHIFT, "EPSG:4326", always_xy=True)
    kinds = [
        kind for kind in rules.SPEEDS if not kind.endswith("_link") and kind != "living_street"
    ]
    speeds = {**{kind: rules.SPEEDS[kind] for kind in kinds}, "ferry": rules.FERRY}
    given = [part for k, s in speeds.items() for part in (f"--highway-{k}=100", f"--speed-{k}={s}")]
    alike = ("paved", "multilane", "bridge", "tunnel", "footroute", "bicycleroute")
    given += [f"--property-{each}=50" for each in alike]
    given += ["--turns=0", "--output-text-all", "--output-stdout", "--quiet"]
    command = ["routino-router", f"--dir={folder}", "--transport=motorcar", "--quickest", *given]
    for start, end in zip(starts, ends, strict=True):
        (lon1, lat1), (lon2, lat2) = (degrees.transform(*place) for place in (start, end))
        between = [f"--lon1={lon1}", f"--lat1={lat1}", f"--lon2={lon2}", f"--lat2={lat2}"]
        run = subprocess.run(
            [*command, *between],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = [line.split("\t") for line in run.stdout.splitlines() if not line.startswith("#")]
        if run.returncode or not rows:
            yield np.inf
            continue
        yield float(rows[-1][7])  # from the start to the last place


if __name__ == "__main__":
    main()
