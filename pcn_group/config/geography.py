"""The sections about ways and neighbours: how far it is to a hub, and who is beside whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from pcn_group.base.codes import one_form
from pcn_group.base.unfit import UnfitError
from pcn_group.config.section import Section

__all__ = ["DETOUR_BY_LAND", "DETOUR_BY_ROAD", "Adjacency", "Travel"]

DETOUR_BY_LAND, DETOUR_BY_ROAD = (1.5, 2.0), (2.0, 3.0)
"""A road bends more than a way over land, and so must be longer before it says that two practices
have nothing to do with each other."""


def _of_two(edge: tuple[str, str]) -> tuple[str, str]:
    first, second = map(one_form, edge)
    if first == second:
        raise ValueError("names one practice twice")
    return first, second


Edge = Annotated[
    tuple[str, str],
    AfterValidator(_of_two),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 2,
            "maxItems": 2,
            "uniqueItems": True,
        }
    ),
]


class Travel(Section):
    """How far it is to a hub: from practices or patients; by land, straight, by road, by matrix."""

    way: Literal["land", "straight", "roads"] = "land"
    """How ways are measured without a matrix: land (straight, but round water or over crossings
    where water lies between), straight, or roads (minutes by car)."""

    roads: Path | None = None
    """With roads: the file of roads, which pcn-group roads makes; null: none."""

    snap_max: Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)] = 1.0
    """With roads: how many km a practice may be from the nearest road, and the homes of patients
    that count."""

    origin: Literal["practice", "patients"] = "practice"
    """Where travel starts: practice, or patients (where they live: needs the LSOA file and
    centroids among the inputs)."""

    matrix: Path | None = None
    """Table with from, to, value for travel, empty where out of reach; null: see way."""

    unit: Literal["metres", "minutes", "none"] = "metres"
    """What the matrix holds: metres, minutes, or none (plain numbers of no known unit, which limits
    and prices are then in as well)."""

    max_to_hub: Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)] | None = None
    """Farthest a practice may be from its hub, in km (or minutes); null: no limit."""

    @model_validator(mode="after")
    def _roads_need_a_file(self) -> Travel:
        if (self.way == "roads") != (self.roads is not None):
            raise UnfitError("way roads and a file of roads go together", "Give both or neither.")
        return self

    @property
    def reported_in(self) -> Literal["km", "minutes", "units"]:
        """What reports say travel in."""
        if self.unit == "none":
            return "units"
        is_by_road = self.way == "roads" and self.matrix is None
        return "minutes" if is_by_road or self.unit == "minutes" else "km"

    @model_validator(mode="after")
    def _other_units_need_a_matrix(self) -> Travel:
        if self.unit != "metres" and self.matrix is None:
            what = "minutes" if self.unit == "minutes" else "plain numbers"
            raise UnfitError(
                f"unit is {self.unit}, but there is no matrix to take {what} from",
                "Give a matrix, or unit metres.",
            )
        return self

    @model_validator(mode="after")
    def _a_matrix_is_between_practices(self) -> Travel:
        if self.origin == "patients" and self.matrix is not None:
            raise UnfitError(
                "origin is patients, but a matrix is about practices",
                "Give origin practice, or no matrix.",
            )
        return self


class Adjacency(Section):
    """Which practices are neighbours."""

    method: Literal["voronoi", "gabriel", "knn", "catchments", "edges"] = "voronoi"
    """How neighbours are found: voronoi (cells that share an edge), gabriel, knn, catchments
    (enough patients in the same LSOAs, or main LSOAs that touch), or edges (a file)."""

    outline: Path | None = None
    """With voronoi: GeoJSON or GeoPackage of land to clip cells to, beside the alpha shape; null:
    none."""

    nearest: Annotated[int, Field(ge=1, strict=True)] = 6
    """With knn: how many nearest addresses are neighbours."""

    shared: Annotated[float, Field(gt=0, le=1, strict=True)] = 0.5
    """With catchments: least overlap of two practices' patients by LSOA, from 0 to 1."""

    main: Annotated[float, Field(gt=0, le=1, strict=True)] = 0.25
    """With catchments: main LSOAs are the fewest with this share of a practice's patients, from 0
    to 1."""

    edges: Path | None = None
    """With edges: CSV with practice_code, neighbour_code."""

    detour: (
        Annotated[float, Field(ge=1, allow_inf_nan=False, strict=True)] | Literal["auto"] | None
    ) = "auto"
    """With voronoi, gabriel and knn: a pair goes if its way by land or road is more than this many
    times the straight line, and detour_km longer, or there is none; auto: 1.5 by land and 2 by
    road; null: no pair goes."""

    detour_km: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | Literal["auto"] = (
        "auto"
    )
    """How many km longer than the straight line the way must be as well; auto: 2 by land and 3 by
    road."""

    islands: Literal["join", "leave"] = "join"
    """Pieces that no way by land leads to any more: join (to the nearest practice over water) or
    leave (add says who their neighbours are)."""

    land: Path | None = None
    """GeoJSON or GeoPackage of the land that ways lead over; null: Great Britain."""

    crossings: Path | None = None
    """CSV of further bridges, tunnels and car ferries with name, kind, from_easting, from_northing,
    to_easting, to_northing; null: only those of Great Britain."""

    barriers: Path | None = None
    """GeoJSON or GeoPackage of lines, such as a river or a motorway: a pair goes if the line from
    one to the other crosses one, unless a crossing leads over it with no longer a detour than
    detour and detour_km allow; null: none."""

    add: tuple[Edge, ...] = ()
    """Pairs that are neighbours all the same: [[A81001, A81002]] for a bridge."""

    remove: tuple[Edge, ...] = ()
    """Pairs that are not neighbours: [[A81001, A81003]] for a river in between."""

    @model_validator(mode="after")
    def _options_fit_the_method(self) -> Adjacency:
        if (self.method == "edges") != (self.edges is not None):
            raise UnfitError("method edges and an edges file go together", "Give both or neither.")
        if self.outline is not None and self.method != "voronoi":
            raise UnfitError(
                f"an outline clips Voronoi cells, but method is {self.method}",
                "Give method voronoi, or no outline.",
            )
        if self.barriers is not None and self.method == "edges":
            raise UnfitError(
                "barriers lie between neighbours that are found, and edges are taken as given",
                "Give another method, or no barriers.",
            )
        return self
