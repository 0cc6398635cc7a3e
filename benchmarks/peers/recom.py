"""GerryChain's ReCom under its annealing optimiser, for each number of networks in turn.

ReCom merges two neighbouring networks and splits them anew along a random spanning tree. With the
middle of the band as target and half its width as tolerance, every split keeps the band. The
optimiser anneals on the cost of the plan; each number of networks that the band allows is started
from a random plan of that many, and again and again with other seeds.
"""

from __future__ import annotations

import itertools
import random
import warnings
from functools import cache, partial

import networkx as nx
from gerrychain import Graph, Partition
from gerrychain.constraints import contiguous
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.partition import recursive_tree_part
from gerrychain.proposals import ProposalFn, ReCom
from gerrychain.proposals.tree_proposals import MetagraphError
from gerrychain.tree import PopulationBalanceError, bipartition_tree
from protocol import Answer, Region, serve

STEPS = 2000
"""Of one annealing: a fifth hot, three fifths cooling, a fifth cold."""

COLDNESS = 200
"""When cold, a step for the worse by half a per cent of the cost is taken one time in e."""

bisect = partial(bipartition_tree, max_attempts=100)
"""Where a hundred spanning trees have no balanced cut, another seed or number is better."""


def group(region: Region, answer: Answer) -> None:
    warnings.simplefilter("ignore")
    graph = graph_of(region)
    smallest, largest = region.band
    middle, tolerance = (smallest + largest) / 2, (largest - smallest) / (largest + smallest)
    proposal = ReCom.district_pairs_mst("patients", middle, tolerance, allow_pair_reselection=True)
    counts = [count for count in region.network_counts if count > 1]
    for seed, count in enumerate(itertools.cycle(counts)):
        rng = random.Random(seed)  # noqa: S311 - for search, not for secrets
        start = first_plan(region, graph, count, rng)
        if start is not None:
            anneal(region, answer, proposal, start, rng)


def graph_of(region: Region) -> Graph:
    graph = nx.Graph()
    graph.add_nodes_from((i, {"patients": w}) for i, w in enumerate(region.weights))
    graph.add_edges_from(region.edges)
    return Graph.from_networkx(graph)


def first_plan(region: Region, graph: Graph, count: int, rng: random.Random) -> Partition | None:
    """Draw a plan of so many networks inside the band; none where that fails."""
    smallest, largest = region.band
    mean = sum(region.weights) / count
    tolerance = min(mean - smallest, largest - mean) / mean
    try:
        labels = recursive_tree_part(
            graph, range(count), mean, "patients", tolerance, bipartition_tree_fn=bisect, rng=rng
        )
    except (PopulationBalanceError, RuntimeError):
        return None
    return Partition(graph, labels)


def anneal(
    region: Region, answer: Answer, proposal: ProposalFn, start: Partition, rng: random.Random
) -> None:
    """Improve a plan, and offer the best that was met."""
    network_cost = cache(region.network_cost)

    def networks(partition: Partition) -> list[frozenset[int]]:
        known = partition.graph.original_nx_node_ids_for_set
        return [frozenset(known(members)) for members in partition.parts.values()]

    def cost(partition: Partition) -> int:
        return sum(map(network_cost, networks(partition)))

    search = SingleMetricOptimizer(proposal, contiguous, start, cost, maximize=False, rng=rng)
    cooling = search.linear_jumpcycle_beta_function(STEPS // 5, 3 * STEPS // 5, STEPS // 5)
    steps = search.simulated_annealing(STEPS, cooling, beta_magnitude=COLDNESS / cost(start))
    try:
        for _ in steps:
            pass
    except MetagraphError:
        answer.note = "no pair of networks could be split"
    finally:
        # Also where time is up in the middle.
        answer.offer(networks(search.best_part or start))


if __name__ == "__main__":
    serve(group, "gerrychain")
