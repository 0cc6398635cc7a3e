"""What the networks of a plan are called: their codes and their names.

A network that continues one of today's has its code, by the one matching that also says who moves,
and its name, for as long as that is true: where the practices that gave it a part of its name are
in other networks, the name says so. Any other network has the code and the name of its hub. Names
that the rules give (`rules.names`) come before all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count

import pandas as pd

from pcn_group.base.codes import one_form
from pcn_group.plan.moves import moves_from_today
from pcn_group.practices.authorities import authority_name
from pcn_group.region.region import Region

__all__ = ["Called", "call_networks", "name_of"]


@dataclass(frozen=True)
class Called:
    """What a network is called.

    Attributes
    ----------
    network_id
        The code of the network of today that it continues; else that of its hub, or of another
        practice of it where a network of today has the hub's.
    name
        As the rules give it; else that of the network of today, with the parts that are not true
        any more; else that of the practice that gave the code.
    """

    network_id: str
    name: str


def call_networks(
    region: Region, networks: Sequence[Sequence[int]], hubs: Sequence[int]
) -> tuple[Called, ...]:
    """Say what the networks of a plan are called.

    Parameters
    ----------
    networks
        The positions of the practices of each.
    hubs
        The hub of each.
    """
    numbered = {str(k): tuple(members) for k, members in enumerate(networks)}
    continues = moves_from_today(region, numbered).continues
    today, codes = set(region.units["current_network"]), region.problem.codes
    called = []
    for k, (members, hub) in enumerate(zip(networks, hubs, strict=True)):
        code = continues.get(str(k))
        if code is None:
            giver = next((i for i in (hub, *sorted(members)) if codes[i] not in today), hub)
            code = _free_code(codes[giver], today)
        called.append(Called(code, name_of(region, code, members)))
    return tuple(called)


def name_of(region: Region, code: str, members: Sequence[int], own: str = "") -> str:
    """Return the name of a network.

    Parameters
    ----------
    code
        What the plan calls it.
    members
        The positions of its practices.
    own
        The name that the plan's own files have for it, if any.
    """
    given = _given(region, code, members)
    if given or own:
        return given or own
    today = region.networks_named
    if one_form(code) in today:
        return _as_far_as_true(*today[one_form(code)], region, members)
    return region.practices_named.get(one_form(_NUMBERED.sub("", code)), code)


def _free_code(code: str, taken: Collection[str]) -> str:
    """Return a code that no network of today has: it would seem to be continued."""
    numbered = (f"{code}-{k}" for k in count(2))
    return code if code not in taken else next(other for other in numbered if other not in taken)


def _given(region: Region, code: str, members: Sequence[int]) -> str:
    """Return the name that the rules give a network, by its code or else by a practice of it."""
    given = region.configuration.rules.given_names
    if not given:
        return ""
    inside = {region.problem.codes[i] for i in members}
    today = region.networks_named
    by_practice = (name for of, name in given.items() if of in inside and of not in today)
    return given.get(one_form(code)) or next(by_practice, "")


_GENERAL_WORDS = """
    AND THE OF FOR WITH PCN PRIMARY CARE NETWORK NETWORKS NEIGHBOURHOOD COMMUNITY COMMUNITIES
    ALLIANCE COLLABORATIVE FEDERATION PARTNERSHIP PARTNERS GROUP LIMITED LTD NHS
    HEALTH HEALTHCARE WELLBEING MEDICAL MEDICINE SURGERY SURGERIES PRACTICE PRACTICES CENTRE CENTRES
    CLINIC DOCTORS FAMILY GENERAL SERVICE SERVICES
    NORTH SOUTH EAST WEST NORTHERN SOUTHERN EASTERN WESTERN CENTRAL MID MIDDLE UPPER LOWER INNER
    OUTER GREATER GREAT LITTLE NEW OLD ONE TWO THREE FOUR FIVE SIX FIRST SECOND
    CITY TOWN COUNTY BOROUGH DISTRICT COUNCIL LOCALITY AREA ISLE ISLES ISLAND ISLANDS ROAD STREET
    LANE HOUSE PARK GREEN HILL BRIDGE VALLEY RIVER COAST COASTAL RURAL SAINT DR
"""
_GENERAL = frozenset(_GENERAL_WORDS.split())
"""Words of names that are of no one place."""

_WORD = re.compile(r"[^\W\d_]{3,}")

_NUMBERED = re.compile(r"-[0-9]+$")


def _as_far_as_true(code: str, name: str, region: Region, members: Sequence[int]) -> str:
    """Return the name of a network of today, and what of it is not true of its practices now.

    A word of it was given by the practices of the network of today that have it in their own name,
    or in that of their local authority, those outside the region among them. It is true as long as
    a practice of the network has it.
    """
    units, beside = region.units, region.practices.beside
    before = _words_of(units[units["current_network"] == code])
    before |= _words_of(beside[beside["current_network"] == code])
    gone = before - _words_of(units.iloc[list(members)])
    words = dict.fromkeys(word for word in _WORD.findall(name) if word.upper() in gone)
    return f"{name} without {' and '.join(words)}" if words else name


def _words_of(practices: pd.DataFrame) -> set[str]:
    """Return the words by which practices and their authorities are known, in capitals."""
    told = [*practices["practice_name"]]
    if "local_authority" in practices:
        told += map(authority_name, practices["local_authority"])
    return {word.upper() for text in told for word in _WORD.findall(text)} - _GENERAL
