"""Every key of the configuration as a person asks about it: its meaning, default and values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pcn_group.config.template import schema_json

__all__ = ["Key", "KeySection", "key_sections"]


@dataclass(frozen=True)
class Key:
    """One key.

    Attributes
    ----------
    name
        Such as `band.max`.
    default, values
        In Markdown: what is typed stands in backquotes.
    meaning
        In a sentence or two.
    """

    name: str
    default: str
    values: str
    meaning: str


@dataclass(frozen=True)
class KeySection:
    """The keys under one heading, such as `band`."""

    name: str
    meaning: str
    keys: tuple[Key, ...]


def key_sections() -> tuple[KeySection, ...]:
    """Return all keys, in the order of the configuration."""
    schema = json.loads(schema_json())
    return tuple(
        KeySection(name, section["description"], tuple(_keys(section)))
        for name, section in schema["properties"].items()
    )


def _keys(section: Mapping[str, Any]) -> Iterator[Key]:
    for key in section.get("properties", {}).values():
        parts = [part for part in key.get("anyOf", [key]) if part.get("type") != "null"]
        default = "required" if "default" not in key else _yaml(key["default"])
        values = " or ".join(map(_values, parts))
        yield Key(key["title"], default, values, key.get("description", ""))
        for part in parts:
            if part.get("type") == "object":
                yield from _keys(part)


def _yaml(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"`{value:g}`"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _values(part: Mapping[str, Any]) -> str:
    if "enum" in part or "const" in part:
        return ", ".join(f"`{each}`" for each in part.get("enum", [part.get("const")]))
    if "additionalProperties" in part and not part.get("properties"):
        return "pairs such as `{A81001: ...}`"
    kind = {
        "object": "a price, with the keys below",
        "array": "a list",
        "boolean": "`true`, `false`",
        "integer": "a whole number",
        "number": "a number",
        "string": "text",
    }[part["type"]]
    if part.get("pattern"):
        return f"text such as `{part['examples'][0]}`"
    bounds = {
        "exclusiveMinimum": "above {}",
        "minimum": "from {}",
        "exclusiveMaximum": "below {}",
        "maximum": "up to {}",
    }
    limits = [told.format(f"{part[name]:,}") for name, told in bounds.items() if name in part]
    return f"{kind} {' '.join(limits)}".strip()
