"""Networks of today that rules name, by code or name: they stand for all their practices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pcn_group.base.errors import InputError
from pcn_group.base.lookup import matching, several
from pcn_group.config.model import Configuration
from pcn_group.config.rules import Rules, conflicts_of_codes, groups_by_rule

__all__ = ["Known", "practices_for_networks"]

_OF_ONE = ("exclude", "hubs", "free")
_OF_GROUPS = {"together": 2, "apart": 2, "fixed": 1}


@dataclass(frozen=True)
class Known:
    """What rules may name.

    Attributes
    ----------
    practices
        Codes of practices of the region: these come before networks.
    networks
        The name of each network of today, by code.
    members
        The practices of each network, as far as they are known.
    """

    practices: Collection[str]
    networks: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls,
        practices: Collection[str],
        networks: Mapping[str, str],
        networks_of: Iterable[tuple[str, str]],
    ) -> Known:
        """Collect the members of networks from pairs of a practice and its network."""
        members: dict[str, tuple[str, ...]] = {}
        for practice, network in networks_of:
            members[network] = (*members.get(network, ()), practice)
        return cls(practices, networks, members)

    def practices_of(self, text: str) -> tuple[str, ...]:
        """Return the practices that are meant; the text itself where it is no network."""
        found = self.networks_meant(text)
        return self.members.get(found[0], ()) if found else (text,)

    def networks_meant(self, text: str) -> list[str]:
        """Return the networks that may be meant by their whole code or name."""
        return [] if text in self.practices else matching(text, self.networks, whole=True)


def practices_for_networks(configuration: Configuration, known: Known) -> Configuration:
    """Return the configuration with the practices of each network that a rule names.

    Of a network of another region there may be none; a rule about it has no effect here.

    Raises
    ------
    InputError
        Where a name may mean several networks, or the rules that come of it conflict.
    """
    rules = configuration.rules
    named = [(key, text) for key, group in groups_by_rule(rules) for text in group]
    meant = {text: known.networks_meant(text) for _, text in named}
    if not any(meant.values()):
        return configuration
    faults = [
        several(key, text, meant[text], known.networks)
        for key, text in dict.fromkeys(named)
        if len(meant[text]) > 1
    ]
    expanded = rules if faults else _expanded(rules, known)
    faults += conflicts_of_codes(expanded)
    if faults:
        raise InputError(faults)
    return configuration.model_copy(update={"rules": expanded})


def _expanded(rules: Rules, known: Known) -> Rules:
    def practices(group: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for text in group for code in known.practices_of(text)))

    update: dict[str, object] = {key: practices(getattr(rules, key)) for key in _OF_ONE}
    for key, least in _OF_GROUPS.items():
        groups = map(practices, getattr(rules, key))
        update[key] = tuple(group for group in groups if len(group) >= least)
    prefer = (
        each.model_copy(update={"practices": practices(each.practices)}) for each in rules.prefer
    )
    update["prefer"] = tuple(each for each in prefer if len(each.practices) > 1)
    return rules.model_copy(update=update)
