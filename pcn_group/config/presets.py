"""The presets of `pcn-group init`: the rules of each that differ from the defaults, and why.

Plain data that loads at once: the command line names the presets in its help.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import cleandoc

__all__ = ["PRESETS", "SCHEMA_NAME", "Preset"]

SCHEMA_NAME = "pcn-group.schema.json"
"""The file beside a configuration that its first line points editors to."""


@dataclass(frozen=True)
class Preset:
    """Rules to start from.

    Attributes
    ----------
    purpose
        What they are for, and what in them is an assumption: the head of the file.
    values
        By key, such as `band.max`, what differs from the defaults.
    notes
        By key, what is said of it here instead of its general description.
    """

    purpose: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = {
    "pcn-2019": Preset(
        cleandoc(
            """
            The rules of a run without any configuration, written out.

            The band is that of the framework agreed in January 2019 by NHS England and the BMA.
            Everything else is pcn-group's own default.
            """
        ),
    ),
    "pcn-soft-top": Preset(
        cleandoc(
            """
            A hard bottom and a soft top.

            No network may be under the minimum. A network may be over the maximum, up to a ceiling,
            when that is worth its price: each patient above the maximum costs as much as 1 km of
            travel for one patient. Networks over the maximum are listed as exceptions, and the run
            ends with exit code 3.

            The price and the ceiling are a judgement. Try several: a lower price lets more networks
            be large.
            """
        ),
        {"band.below": "forbid", "band.above.price": 1, "band.above.ceiling": 60_000},
        {
            "band.below": "if no plan can keep the minimum: exit code 4, with the reason",
            "band.above": "over the maximum at a price",
            "band.above.price": "km (or minutes) for each patient above the maximum",
            "band.above.ceiling": "and never more patients than this",
        },
    ),
    "neighbourhood-50k": Preset(
        cleandoc(
            """
            Networks that follow neighbourhoods of about 50,000 people.

            ASSUMPTIONS of this preset, to be agreed locally before a plan is shown to anyone:
              - the target of 50,000: of registered patients here, though a neighbourhood is of
                residents;
              - the band of 40,000 to 60,000: none has been published;
              - the price on being away from the target.

            The price of 1 says: to bring a network one patient nearer to the target, 1 km more of
            travel for one patient is worth it, and no more. At 0 only the band counts, and most
            networks end up near its minimum, since small networks travel least; the higher the
            price, the nearer to 50,000 and the longer the way. Try several.
            """
        ),
        {
            "band.min": 40_000,
            "band.max": 60_000,
            "prices.balance.price": 1,
            "prices.balance.target": 50_000,
        },
        {
            "band.min": "fewest patients a network may have: an assumption",
            "band.max": "most patients a network may have: an assumption",
            "prices.balance": "a price per patient that a network is away from a target size",
            "prices.balance.price": "km (or minutes) for each such patient: an assumption",
            "prices.balance.target": "patients: an assumption",
        },
    ),
    "rural-exception": Preset(
        cleandoc(
            """
            Small networks where people live far apart.

            A network may be under the minimum, down to a floor, when that is worth its price: each
            patient short of the minimum costs as much as 5 km of travel for one patient. In a town
            nothing is won by it; between villages a small network may save more than it costs.
            Networks under the minimum are listed as exceptions, and the run ends with exit code 3.

            The price is a judgement. Try several: a lower one lets more networks be small.
            """
        ),
        {"band.below.price": 5, "band.below.floor": 20_000},
        {
            "band.below": "under the minimum at a price",
            "band.below.price": "km (or minutes) for each patient short of the minimum",
            "band.below.floor": "and never fewer patients than this",
        },
    ),
}
