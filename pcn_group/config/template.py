"""The text of what `pcn-group init` writes: a preset as commented YAML, and the JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from pydantic_core import PydanticUndefined

from pcn_group.config.model import Configuration
from pcn_group.config.presets import SCHEMA_NAME, Preset
from pcn_group.config.section import Section, meanings

__all__ = ["preset_rules", "preset_yaml", "schema_json"]

_WIDTH = 100

_DIALECT = "http://json-schema.org/draft-07/schema#"
"""The oldest that has all that is used: editors know it best."""

_FOOT = (
    "Every key is here; one that you delete has its default. Paths are relative to this file.",
)

_NO_BREAK = "\N{NO-BREAK SPACE}"

_Line = tuple[str, str]
"""What is before the comment, and the comment."""


def preset_rules(preset: Preset) -> Configuration:
    """Return the configuration that a preset is."""
    tables: dict[str, Any] = {}
    for key, value in preset.values.items():
        *sections, name = key.split(".")
        table = tables
        for section in sections:
            table = table.setdefault(section, {})
        table[name] = value
    return Configuration.model_validate(tables)


def preset_yaml(preset: Preset) -> str:
    """Return a preset as YAML: every key of the configuration with its value and a comment."""
    head = [*preset.purpose.splitlines(), "", *_FOOT]
    text = [f"# yaml-language-server: $schema={SCHEMA_NAME}", "#"]
    text += [f"# {line}".rstrip() for line in head]
    rules = preset_rules(preset)
    for section in Configuration.model_fields:
        lines = [
            (f"{section}:", _comment(meanings(Configuration)[section])),
            *_lines(getattr(rules, section), f"{section}.", preset.notes),
        ]
        text += ["", *_aligned(lines)]
    return "\n".join(text) + "\n"


def schema_json() -> str:
    """Return the JSON Schema of a configuration, for editors: each key told by its whole name."""
    raw = Configuration.model_json_schema()
    schema = _plain(raw, "", raw.pop("$defs"))
    head = {"$schema": _DIALECT, "title": "pcn-group configuration"}
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


def _lines(section: Section, prefix: str, notes: Mapping[str, str]) -> Iterator[_Line]:
    indent = "  " * prefix.count(".")
    for name, field in type(section).model_fields.items():
        key, value = prefix + name, getattr(section, name)
        comment = notes.get(key) or _comment(meanings(type(section))[name])
        if field.default is not PydanticUndefined and value != field.default:
            comment += f" (default: {_scalar(field.default)})"
        if isinstance(value, Section):
            yield f"{indent}{name}:", comment
            yield from _lines(value, f"{key}.", notes)
        else:
            yield f"{indent}{name}: {_scalar(value)}", comment


def _aligned(lines: list[_Line]) -> Iterator[str]:
    """Put the comments of a section under each other; long ones go on in the next row."""
    column = max(len(before) for before, _ in lines) + 2
    for before, comment in lines:
        whole = re.sub(
            r"[{\[].*?[}\]]|null: \S+", lambda code: code[0].replace(" ", _NO_BREAK), comment
        )
        parts = wrap(whole, _WIDTH - column - 2, break_on_hyphens=False)
        for left, part in zip_longest([before], parts, fillvalue=""):
            yield f"{left:{column}}# {part.replace(_NO_BREAK, ' ')}"


def _comment(meaning: str) -> str:
    """Return what a key means as a comment: no capital, no full stop."""
    text = meaning.removesuffix(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "[]" if value == () else str(value)


def _plain(node: Mapping[str, Any], prefix: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema as an editor shows it best: without references and generated titles."""
    whole = parts.get(str(node.get("$ref")).removeprefix("#/$defs/"), {}) | node
    kept = {name: whole[name] for name in whole if name not in {"$ref", "title", "format"}}
    plain: dict[str, Any] = {}
    if "description" in kept:
        plain["description"] = " ".join(kept.pop("description").split())
    if isinstance(kept.get("default"), dict):
        del kept["default"]  # the keys of a section have their own
    if "properties" in kept:
        kept["properties"] = {
            name: {"title": prefix + name} | _plain(part, f"{prefix}{name}.", parts)
            for name, part in kept["properties"].items()
        }
    if "items" in kept:
        kept["items"] = _plain(kept["items"], prefix, parts)
    if "anyOf" in kept:
        kept["anyOf"] = [_plain(part, prefix, parts) for part in kept["anyOf"]]
    return plain | kept
