"""How densely the patients of networks outside the band live."""

from __future__ import annotations

from pcn_group.config.model import Configuration
from pcn_group.geography.areas import cell_areas
from pcn_group.plan.density import exceptions_per_km2
from pcn_group.plan.network import build_networks
from pcn_group.region.region import prepare_region
from tests.solver.regions import region

REASONS = {True: "", False: ""}
SQUARE = {
    "A": (0.0, 0.0, 20_000),
    "B": (4.0, 0.0, 9_000),
    "C": (0.0, 4.0, 6_000),
    "D": (4.0, 4.0, 4_000),
}


def test_patients_are_divided_by_the_land_of_their_practices() -> None:
    own = prepare_region(region(SQUARE), Configuration())
    networks = build_networks(own, [(0,), (1, 2, 3)], REASONS)
    # The corners of a square have a quarter of it each.
    quarter = float(cell_areas(own.units, None).sum()) / 4
    assert exceptions_per_km2(own, networks) == {
        "A": round(20_000 / quarter, 1),
        "B": round(19_000 / (3 * quarter), 1),
    }


def test_a_network_in_the_band_is_no_exception() -> None:
    own = prepare_region(region(SQUARE), Configuration())
    (network,) = build_networks(own, [(0, 1, 2, 3)], REASONS)
    assert network.in_band
    assert exceptions_per_km2(own, [network]) == {}


def test_practices_in_a_line_have_no_land() -> None:
    own = prepare_region(region({"A": (0, 0, 12_000), "B": (1, 0, 9_500)}), Configuration())
    (network,) = build_networks(own, [(0, 1)], REASONS)
    assert exceptions_per_km2(own, [network]) == {network.network_id: None}
