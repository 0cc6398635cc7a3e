"""Run the benchmark: `python -m benchmarks`, or with `--full` for the tables of the documentation.

Everything a run makes is left in `out/benchmarks`: the instances, each program's answer, and
`results.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.instances import OFFICIAL, ROOT, Spec, build_instance, generated, official
from benchmarks.programs import PEERS, Peer, prepare_environment
from benchmarks.runs import Run, judged_today, run_pcn_group, run_peer, run_repeatedly
from benchmarks.tables import Comparison, compared, conditions, grown, put_into

OUT = ROOT / "out" / "benchmarks"
DOCUMENT = ROOT / "docs" / "benchmarks.md"

SMALL = tuple(generated(practices, seed=1, limit=10) for practices in (20, 40))
FULL = tuple(generated(practices, seed=1, limit=20) for practices in (20, 60))
REAL = (
    official("06P", "Luton", limit=20),
    official("02H", "Wigan Borough", limit=30),
    official("16C", "Tees Valley", limit=30),
    official("15E", "Birmingham and Solihull", limit=30),
    official("72Q", "South East London", limit=80),
)
GROWTH = {
    practices: [generated(practices, seed, limit=60) for seed in (1, 2, 3)]
    for practices in (20, 40, 80, 160, 240, 400)
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--full",
        action="store_true",
        help="everything, written into docs/benchmarks.md (about 25 minutes)",
    )
    full = parser.parse_args().full
    peers = ready_peers()
    warm_up(peers)
    comparisons = [compare(spec, peers) for spec in specs(full=full)]
    growth = {n: [alone(spec) for spec in several] for n, several in GROWTH.items() if full}
    runs = [run for comparison in comparisons for run in comparison.runs]
    results = "\n\n".join(sections(comparisons, growth, runs))
    keep(comparisons, growth)
    if full:
        put_into(DOCUMENT, results)
    print(results)


def specs(*, full: bool) -> Sequence[Spec]:
    if not full:
        return SMALL
    if not OFFICIAL.is_dir():
        print(f"left out: the official regions, there is no {OFFICIAL}", file=sys.stderr)
        return FULL
    return (*FULL, *REAL)


def ready_peers() -> tuple[Peer, ...]:
    """Return the peers whose environment is there, installing it if it can be."""
    fault = prepare_environment()
    missing = [peer for peer in PEERS if not peer.is_ready]
    for peer in missing:
        print(f"left out: {peer.name}, which could not be installed ({fault})", file=sys.stderr)
    return tuple(peer for peer in PEERS if peer not in missing)


def warm_up(peers: Sequence[Peer]) -> None:
    """Run everything once on a tiny region, so that no clock includes compiling or a cold disk."""
    tiny = generated(12, seed=1, limit=2)
    instance = build_instance(tiny, folder(tiny))
    # It ends by itself, unlike some peers; but compiling may take minutes on a busy machine.
    patient = replace(instance, spec=replace(tiny, limit=600))
    for run in (run_pcn_group(patient), *(run_peer(peer, instance) for peer in peers)):
        if not run.versions:
            raise SystemExit(f"{run.program} does not run: {run.note}")


def compare(spec: Spec, peers: Sequence[Peer]) -> Comparison:
    """Run all programs on an instance, one after the other."""
    instance = build_instance(spec, folder(spec))

    def runs() -> Iterator[Run]:
        yield run_repeatedly(instance)
        for peer in peers:
            if len(instance.problem.codes) <= peer.largest:
                print(f"{spec.name}: {peer.name}", file=sys.stderr)
                yield run_peer(peer, instance)
        today = judged_today(instance)
        if today is not None:
            yield today

    comparison = Comparison(instance, tuple(runs()))
    if comparison.contradictions():
        raise SystemExit(f"{spec.name}: {'; '.join(comparison.contradictions())}")
    return comparison


def alone(spec: Spec) -> Run:
    """Run pcn-group alone."""
    print(f"{spec.name}: growth", file=sys.stderr)
    return run_pcn_group(build_instance(spec, folder(spec)))


def folder(spec: Spec) -> Path:
    return OUT / "".join(letter if letter.isalnum() else "-" for letter in spec.name)


def sections(
    comparisons: Sequence[Comparison], growth: Mapping[int, Sequence[Run]], runs: Sequence[Run]
) -> Iterator[str]:
    yield conditions(runs)
    yield from map(compared, comparisons)
    if growth:
        yield "### Growth of pcn-group's cost with the size of the region"
        yield grown(growth)


def keep(comparisons: Sequence[Comparison], growth: Mapping[int, Sequence[Run]]) -> None:
    """Write every figure down, beyond what the tables show."""
    by_name = {c.instance.spec.name: [asdict(run) for run in c.runs] for c in comparisons}
    results = {
        "compared": by_name,
        "growth": {n: list(map(asdict, runs)) for n, runs in growth.items()},
    }
    (OUT / "results.json").write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
