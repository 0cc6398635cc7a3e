"""What headings mean in tables that people make: our names, and what else columns are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pcn_group.base.errors import Fault

__all__ = ["Meaning", "meaning_of"]

_ALSO: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "practice_code": (
        ("ods_code", "practice_ods_code", "gp_practice_code", "gp_code"),
        ("organisation_code", "org_code", "partner_organisation_code"),
        ("code", "practice", "gp_practice"),
    ),
    "practice_name": (
        ("gp_practice_name", "organisation_name", "partner_name", "surgery_name"),
        ("name", "practice", "gp_practice", "surgery"),
    ),
    "list_size": (
        ("number_of_patients", "registered_patients", "total_patients", "practice_list_size"),
        ("patients", "total_all"),
    ),
    "postcode": (("post_code", "practice_postcode", "gp_practice_postcode"),),
    "easting": (("eastings", "oseast1m"), ("x",)),
    "northing": (("northings", "osnrth1m"), ("y",)),
    "latitude": (("lat",),),
    "longitude": (("long", "lon", "lng"),),
    "region_code": (("ccg_code", "sub_icb_location_code"),),
    "region_name": (("ccg_name", "sub_icb_location_name"),),
    "icb_code": (("stp_code",),),
    "icb_name": (("stp_name",),),
    "current_network": (("pcn_code",),),
    "current_network_name": (("pcn_name",),),
    "network_id": (("pcn_code", "pcn_id", "network_code"), ("pcn", "network")),
    "neighbour_code": (("neighbour_practice_code", "neighbor_code"), ("neighbour", "neighbor")),
    "from": (("from_code", "from_practice", "origin_code"), ("origin",)),
    "to": (("to_code", "to_practice", "destination_code"), ("destination",)),
    "value": (("travel_time", "travel_distance"), ("distance", "duration", "time", "travel")),
    "rule": (("rule_type",),),
    "group": (("group_id", "group_number", "group_name"),),
}
"""By our name, in the spelling in which headings are compared: each rank only where none before
it is there."""


@dataclass(frozen=True)
class Meaning:
    """What the headings of a table mean.

    Attributes
    ----------
    names
        From headings, in the spelling in which they are compared, to our names.
    unclear
        For our names that several headings could mean: those headings.
    """

    names: Mapping[str, str]
    unclear: Mapping[str, tuple[str, ...]]

    def has(self, columns: Collection[str]) -> bool:
        """Tell whether all of these columns are there, though it may be unclear which they are."""
        return set(columns) <= {*self.names.values(), *self.unclear}

    def faults(self, label: str, row: int) -> list[Fault]:
        """Return a fault for each column that two headings could mean."""
        return [
            Fault(
                label,
                f"could be {' or '.join(headings)}",
                f"Rename the column that is meant to {name}.",
                row,
                name,
            )
            for name, headings in self.unclear.items()
        ]


def meaning_of(keys: Sequence[str], wanted: Sequence[str]) -> Meaning:
    """Find columns by their headings.

    A column that has our name is the one, whatever else there is. A heading means one thing: the
    first that is wanted.

    Parameters
    ----------
    keys
        The headings, in the spelling in which they are compared.
    wanted
        Our names of the columns to find.
    """
    names = {name: name for name in wanted if name in keys}
    unclear: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        if name in names:
            continue
        for rank in _ALSO.get(name, ()):
            there = tuple(also for also in rank if also in keys and also not in names)
            if len(there) > 1:
                unclear[name] = there
            elif there:
                names[there[0]] = name
            if there:
                break
    return Meaning(names, unclear)
