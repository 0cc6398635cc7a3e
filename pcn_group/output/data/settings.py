"""The keys of a configuration with their values, as one reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pcn_group.config.model import Configuration

__all__ = ["Rule", "rules_of"]


@dataclass(frozen=True)
class Rule:
    """A key of the configuration.

    Attributes
    ----------
    value, default
        In words.
    plain
        The value as JSON has it.
    meaning
        What the key means.
    """

    key: str
    value: str
    default: str
    plain: Any
    meaning: str

    @property
    def is_default(self) -> bool:
        """Whether the value is the default."""
        return self.value == self.default


def rules_of(configuration: Configuration, *, searched: bool) -> tuple[Rule, ...]:
    """Return all keys of a configuration; those of the search only if that is asked for."""
    plain = configuration.model_dump(mode="json")
    rules = []
    for name, field in type(configuration).model_fields.items():
        if searched or name != "search":
            section, default = getattr(configuration, name), field.default
            rules += [
                Rule(
                    f"{name}.{key}",
                    _in_words(getattr(section, key)),
                    _in_words(getattr(default, key)),
                    plain[name][key],
                    " ".join((about.description or "").split()),
                )
                for key, about in type(section).model_fields.items()
            ]
    return tuple(rules)


def _in_words(value: object) -> str:
    """Return a value of the configuration as one reads it."""
    if value is None or value == ():
        return "none"
    if isinstance(value, BaseModel):
        return ", ".join(f"{key} {_in_words(own)}" for key, own in value)
    if isinstance(value, tuple):
        inner = [", ".join(one) if isinstance(one, tuple) else _in_words(one) for one in value]
        return "; ".join(inner)
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return str(value)
