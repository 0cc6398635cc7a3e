"""The inputs of commands about plans, and the files that the rules of a plan name.

A plan says no more of where the files of its rules are than their names, and their folders where
these were inside the one it was made in. They are looked for in the plan's folder, in the one
around it, beside the files of practices that are given, and in the working directory: of several of
one name the one that the plan was made with is taken, by its SHA-256, else the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import sha256_of, what_is_at
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.config.uses import refuse_unused

__all__ = ["CURRENT", "PlanInputs", "digests_of", "with_found_files"]

CURRENT = "current"
"""The word for the networks of today."""


@dataclass(frozen=True)
class PlanInputs:
    """The practices and rules that a plan is to be judged by.

    Attributes
    ----------
    files
        Files of practices; without any, the plan's own columns.
    region, by
        Which of the practices, as for `read_practices`.
    config, overrides
        Rules, as for `load_configuration`; without `config`, those the plan was made under.
    command
        Which is to use them all; empty for one that does anyway.
    """

    files: tuple[Path, ...] = ()
    region: tuple[str, ...] = ()
    by: str = "region_code"
    config: Path | None = None
    overrides: tuple[str, ...] = ()
    command: str = ""

    @property
    def changes_rules(self) -> bool:
        """Whether there are other rules than those the plan was made under.

        Who has taken over from whom since is none: it goes with the lists.
        """
        return self.config is not None or any(key != _SUCCESSORS for key in self.keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that `overrides` set."""
        return tuple(override.partition("=")[0].strip() for override in self.overrides)

    def refuse_unused_rules(self) -> None:
        """Stop, before anything is read, where the command does not use a rule that is given.

        Raises
        ------
        InputError
            Naming every such rule; of `config` also as `load_configuration`.
        """
        try:
            rules = self._rules_or_defaults
        except InputError:
            if self.config is not None:
                raise
            return  # what the defaults do not allow, the rules of a plan may
        self._refuse_unused(rules)

    def rules(self, own: Configuration | None = None) -> Configuration:
        """Return the rules given.

        Parameters
        ----------
        own
            The rules that a plan was made under: what holds beside the overrides without `config`;
            None means the defaults.

        Raises
        ------
        InputError
            As `load_configuration`, and where the command does not use one of them.
        """
        if self.config is not None or own is None:
            self._refuse_unused(self._rules_or_defaults)
            return self._rules_or_defaults
        if not self.overrides:
            return own
        rules = load_configuration(overrides=self.overrides, own=own)
        self._refuse_unused(rules, own)
        return rules

    @cached_property
    def _rules_or_defaults(self) -> Configuration:
        """The rules given, and where none are, the defaults: read once."""
        return load_configuration(self.config, self.overrides)

    def _refuse_unused(self, rules: Configuration, own: Configuration | None = None) -> None:
        if self.command:
            refuse_unused(self.command, rules, self.overrides, own)

    def to_repair(self, plan: str) -> str:
        """Return the command that starts from a plan with these lists."""
        words = ["pcn-group repair", _quoted(plan)]
        words += [f"--practices {_quoted(str(path))}" for path in self.files]
        words += [f"--region {_quoted(region)}" for region in self.region]
        words += [f"--config {_quoted(str(self.config))}"] if self.config is not None else []
        return " ".join([*words, *(f"--set {_quoted(each)}" for each in self.overrides)])

    @property
    def files_of_today(self) -> tuple[Path, ...]:
        """The files that say what the networks of today are.

        Raises
        ------
        InputError
            Without any.
        """
        if not self.files:
            problem, remedy = "means the networks of today", "Say whose with --practices."
            raise InputError([Fault(CURRENT, problem, remedy)])
        return self.files


_SUCCESSORS = "data.successors"

_MONEY = "funding."
"""What only a budget needs: the plan can be judged without."""


def with_found_files(
    configuration: Configuration, summary: Mapping[str, Any], plan: Path, inputs: PlanInputs
) -> Configuration:
    """Return the rules of a plan with the paths at which their files are.

    Parameters
    ----------
    configuration, summary
        As the plan has them.
    plan
        Its folder.
    inputs
        With the files of practices that are given, and the keys that are: their files in the plan
        are not needed.

    Raises
    ------
    InputError
        With every file that is not found, but for tariffs: their paths are left as they are.
    """
    digests, found, faults = dict(digests_of(summary)), {}, []
    places = [plan, plan.parent, *(path.parent for path in inputs.files), Path()]
    for key, path in configuration.files().items():
        options = [
            place / name for name in dict.fromkeys((path, Path(path.name))) for place in places
        ]
        there = [option for option in dict.fromkeys(options) if what_is_at(option) == "file"]
        same = (option for option in there if _sha256(option) == digests.get(key))
        found[key] = next(same, there[0] if there else path)
        if not there and not key.startswith((_MONEY, *inputs.keys)):
            problem = f"names {path.name} for {key}, which is not found"
            remedy = f"Put it into {plan} or beside that, or give other rules with --config."
            faults.append(Fault("summary.json", problem, remedy))
    if faults:
        raise InputError(faults)
    return configuration.with_files(found)


def _quoted(text: str) -> str:
    return f'"{text}"' if any(map(str.isspace, text)) else text


def digests_of(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the files that the rules of a plan named, by key, each with its SHA-256."""
    rows = summary.get("rule_files")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("key"), str):
            yield row["key"], str(row.get("sha256"))


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:  # what reads it says so
        return ""
