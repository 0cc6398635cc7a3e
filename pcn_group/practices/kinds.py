"""What kind of table headings belong to, and what each of them means there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pcn_group.config.model import Neighbourhoods
from pcn_group.config.profile import Profile
from pcn_group.practices.adjusted import ADJUSTED, adjusted_heading
from pcn_group.practices.coordinates import COORDINATE_KINDS
from pcn_group.practices.directories import is_directory
from pcn_group.practices.map_columns import area_columns, map_columns, parent_columns
from pcn_group.practices.rows import LAYOUT
from pcn_group.tables.columns import meaning_of
from pcn_group.tables.sheets import key

__all__ = [
    "AREA_NAMES",
    "NEEDED",
    "PUBLISHED",
    "WEIGHTS",
    "Names",
    "figure_columns",
    "is_streamed",
    "kind_of",
]

Names = Mapping[str, str]
"""What headings mean: from the `key` of a heading to our name of the column."""

NEEDED = ("practice_code", "practice_name", "list_size")
WEIGHTS = ("weighted_list_size", "adjusted_list_size")
PUBLISHED = {
    "number_of_weighted_patients_last_known_figure": "weighted_list_size",  # until 2017/18
    "average_number_of_weighted_patients": "weighted_list_size",
}
"""What NHS Payments to General Practice calls weighted lists."""

_COMMISSIONERS = {
    "ccg_code": "region_code",
    "ccg_name": "region_name",
    "sub_icb_location_code": "region_code",  # the headings since July 2022
    "sub_icb_location_name": "region_name",
    "stp_code": "icb_code",
    "stp_name": "icb_name",
    "icb_code": "icb_code",
    "icb_name": "icb_name",
    "comm_region_code": "nhs_region_code",
    "comm_region_name": "nhs_region_name",
}
_LIST = {
    "extract_date": "date",
    "type": "type",
    "sex": "sex",
    "age": "age",
    "code": "practice_code",
    "number_of_patients": "list_size",
    "postcode": "postcode",
    **_COMMISSIONERS,
}
_AGE = ("age_group_5", "age", "single_year_of_age")
"""What the column of ages is called, in files by five years and by single years."""

_AGES = {
    "extract_date": "date",
    "org_type": "type",
    "org_code": "practice_code",
    "postcode": "postcode",
    "sex": "sex",
    **dict.fromkeys(_AGE, "age"),
    "number_of_patients": "list_size",
    **_COMMISSIONERS,
}
_TOTALS = {
    "gp_practice_code": "practice_code",
    "practice_code": "practice_code",
    "postcode": "postcode",
    "total_all": "list_size",
    "parent_organisation_code": "region_code",
    **dict.fromkeys(("nhse_region_code", "nhse_comm_region_code"), "nhs_region_code"),
    **_COMMISSIONERS,
}
"""The lists of 2013 to January 2017: a row for each practice, and no date."""

_REGISTER = {
    **dict.fromkeys(("organisation_code", "org_code", "practice_code", "code"), "practice_code"),
    **dict.fromkeys(("organisation_name", "practice_name", "name"), "practice_name"),
    "postcode": "postcode",
    **dict.fromkeys(("status_code", "status"), "status"),
    **dict.fromkeys(("commissioner", "commissioner_code"), "region_code"),
    "parent_organisation_code": "region_code",
    "prescribing_setting": "setting",
}
"""The register with headings that someone has put above it, and columns moved or left out."""

AREA_NAMES = {
    "extract_date": "date",
    "practice_code": "practice_code",
    "lsoa_code": "area_code",
    "sex": "sex",
    "number_of_patients": "patients",
}
_MAP = {
    "extract_date": "date",
    "practice_code": "practice_code",
    "practice_name": "practice_name",
    "practice_postcode": "postcode",
    "pcn_code": "current_network",
    "pcn_name": "current_network_name",
    **_COMMISSIONERS,
}
_MEMBERSHIPS = {
    "partner_organisation_code": "practice_code",
    "partner_name": "practice_name",
    "pcn_code": "current_network",
    "pcn_name": "current_network_name",
    "practice_to_pcn_relationship_start_date": "start",
    "practice_to_pcn_relationship_end_date": "end",
    **{
        f"{whose}_parent_{commissioner}_code": column
        for whose, column in (("practice", "region_code"), ("pcn", "network_region"))
        for commissioner in ("ccg", "sub_icb_loc", "sub_icb_location")
    },
}
_REGISTERS = {
    "practice_code": "practice_code",
    "group_code": "group",
    "register": "register",
    "practice_list_size": "patients",
}
"""Prevalence in the Quality and Outcomes Framework: a row for each practice and condition."""

_FIGURES = {
    name: name
    for name in (
        "practice_code",
        "figure",
        "column",
        "adds",
        "amount",
        "patients_known",
        "patients",
    )
}
"""The figures of practices as a plan keeps them."""

_DEPRIVATION = "index_of_multiple_deprivation"
"""How headings begin that only the published indices have."""

_NETWORKS = {"pcn_code": "current_network", "pcn_name": "current_network_name"}
_PLACES = {
    "x": "easting",
    "y": "northing",
    "lat": "latitude",
    "long": "longitude",
    **{name: name for kind in COORDINATE_KINDS[:2] for name in kind},
}
_OF_PRACTICES = {"practice_code", "ods_code", "gp_practice_code", "list_size"}
_PRACTICE_CODES = ("practice_code", "code", "org_code", "gp_practice_code", "practice")


def is_streamed(headings: Sequence[str]) -> bool:
    """Tell the headings of files that are too large to be read whole."""
    return is_directory(headings) or _is_areas({key(heading) for heading in headings})


def figure_columns(profile: Profile) -> Names:
    """Return what the headings of a profile mean, where a table does not mean another thing."""
    return {key(figure.heading): f"figure {key(figure.heading)}" for figure in profile.figures}


def kind_of(
    headings: Sequence[str], weights: Names, of_maps: Neighbourhoods, figures: Names
) -> tuple[str, Names]:
    """Tell a kind of table by its headings; none is one that is given in pieces.

    Parameters
    ----------
    headings
        Of a table, in the spelling in which they are compared.
    weights, figures
        What the headings of weighted lists and of a profile's figures mean.
    of_maps
        May name the columns of a map.
    """
    if is_streamed(headings):
        return "", {}
    keys = set(headings)
    own = meaning_of(headings, LAYOUT)
    practices = {**own.names, **{h: n for n, some in own.unclear.items() for h in some}}
    meant = set(practices.values())
    is_map = keys >= {"practice_code", "practice_name"} and not keys.isdisjoint(
        {*_COMMISSIONERS, "pcn_code"}
    )
    is_ages = keys >= {"org_code", "sex", "number_of_patients"} and not keys.isdisjoint(_AGE)
    is_register = "prescribing_setting" in keys and {"practice_code", "status"} <= {
        _REGISTER.get(heading) for heading in keys
    }
    adjusted = adjusted_heading(headings) if "list_size" not in meant else ""
    is_totals = "total_all" in keys and not keys.isdisjoint({"gp_practice_code", "practice_code"})
    areas, parents = area_columns(headings), parent_columns(headings)
    of_areas = {**dict.fromkeys(parents, "parent_code"), **dict.fromkeys(areas[:1], "area_code")}
    checks: tuple[tuple[str, bool, Names], ...] = (
        ("practice_figures", keys >= _FIGURES.keys(), _FIGURES),
        ("registers", keys >= _REGISTERS.keys(), _REGISTERS),
        ("neighbourhoods", _is_map(headings, of_maps), of_areas),
        ("register", is_register, _REGISTER),
        ("ages", is_ages, _AGES),
        ("list", keys >= {"code", "postcode", "number_of_patients"}, _LIST),
        ("list", is_totals, _TOTALS),
        ("memberships", keys >= {"partner_organisation_code", "pcn_code"}, _MEMBERSHIPS),
        ("weights", _is_weights(keys, weights), _weights(keys)),
        ("figures", _is_weights(keys, figures), _weights(keys)),
        ("adjusted", bool(adjusted), {"pcn_code": "current_network", adjusted: ADJUSTED}),
        ("map", is_map and "list_size" not in meant, _MAP),
        ("practices", "practice_code" in meant and len(meant & set(NEEDED)) > 1, practices),
        ("networks", keys >= {"pcn_code", "pcn_name"}, _NETWORKS),
        ("centroids", _is_centroids(keys), {**of_areas, **_PLACES}),
        ("lookup", bool(areas and (parents or areas[1:])), of_areas),
        ("area_figures", bool(areas) and _has_figures(keys, figures), of_areas),
        # Near enough to a practices.csv to name what is missing.
        ("practices", "practice_code" in keys or len(meant & set(NEEDED)) > 1, practices),
    )
    kind, names = next(((kind, names) for kind, holds, names in checks if holds), ("", {}))
    return kind, {**figures, **names} if kind in _WITH_FIGURES else names


_WITH_FIGURES = {"practices", "weights", "figures", "area_figures", "centroids", "lookup"}
"""The kinds of tables that any column of may be a figure."""


def _has_figures(keys: Collection[str], figures: Names) -> bool:
    return any(name in figures or name.startswith(_DEPRIVATION) for name in keys)


def _is_areas(keys: Collection[str]) -> bool:
    return {"practice_code", "lsoa_code", "number_of_patients"} <= set(keys)


def _is_centroids(keys: Collection[str]) -> bool:
    meant = {_PLACES[heading] for heading in keys if heading in _PLACES}
    has_areas = bool(area_columns(tuple(keys)))
    return has_areas and any(set(kind) <= meant for kind in COORDINATE_KINDS[:2])


def _is_map(headings: Sequence[str], of_maps: Neighbourhoods) -> bool:
    """Tell a table from areas to neighbourhoods; one of practices may say where these stand."""
    has_areas = bool(area_columns(headings) or parent_columns(headings))
    is_about_practices = not {*headings}.isdisjoint(_OF_PRACTICES)
    return (
        has_areas and not is_about_practices and map_columns(headings, of_maps, "").code is not None
    )


def _is_weights(keys: Collection[str], weights: Names) -> bool:
    """Tell a file that is there for its weighted lists, be there names and networks in it too."""
    is_about_practices = any(name in keys for name in _PRACTICE_CODES)
    has_weights = any(heading in keys for heading in weights)
    return is_about_practices and has_weights and "list_size" not in keys


def _weights(keys: Collection[str]) -> Names:
    """Return the heading that has the practice code; the first of several."""
    return dict.fromkeys([name for name in _PRACTICE_CODES if name in keys][:1], "practice_code")
