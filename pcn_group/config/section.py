"""What every section of the configuration is made of, and the types of its values."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from types import NoneType
from typing import Annotated, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

__all__ = [
    "HIGHEST_PRICE",
    "NONE",
    "Flag",
    "NetworkCount",
    "Patients",
    "Price",
    "Section",
    "meanings",
]

Patients = Annotated[int, Field(gt=0, le=100_000_000, strict=True)]
HIGHEST_PRICE = 1000
NONE = "none"
"""What a key that may be null is printed as, and may be given as."""
Price = Annotated[float, Field(ge=0, le=HIGHEST_PRICE, allow_inf_nan=False, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


def _count(value: object) -> object:
    """Refuse what is no number of networks, and no range of them."""
    if type(value) is int and value >= 1:
        return value
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]*\.\.[1-9][0-9]*", value):
        fewest, _, most = value.partition("..")
        if int(fewest) > int(most):
            raise ValueError(f"{fewest} is more than {most}")
        return value
    raise ValueError("is neither a whole number such as 12 nor a range such as 10..12")


NetworkCount = Annotated[
    int | str,
    BeforeValidator(_count),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {
                    "type": "string",
                    "pattern": r"^[1-9][0-9]*\.\.[1-9][0-9]*$",
                    "examples": ["10..12"],
                },
            ]
        }
    ),
]


class Section(BaseModel):
    """A table of keys; a key that is not known is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _none_is_null(cls, values: object) -> object:
        if not isinstance(values, Mapping):
            return values
        return {
            key: None if value == NONE and _may_be_null(cls.model_fields.get(key)) else value
            for key, value in values.items()
        }

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema with what each key means."""
        schema = handler(core)
        keys = handler.resolve_ref_schema(schema)["properties"]
        for key, meaning in meanings(cls).items():
            keys[key]["description"] = meaning
        return schema


def _may_be_null(key: FieldInfo | None) -> bool:
    return key is not None and NoneType in get_args(key.annotation)


@cache
def meanings(section: type[Section]) -> dict[str, str]:
    """Return what each key of a section means: the docstring below it.

    Read when asked for: pydantic can do so too, but for every command, and that takes a while.
    """
    found: dict[str, str] = {}
    written = cast("ast.ClassDef", ast.parse(inspect.getsource(section)).body[0])
    for key, below in pairwise(written.body):
        match key, below:
            case (
                ast.AnnAssign(target=ast.Name(name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = " ".join(text.split())
    return found
