"""What every section of the configuration is made of, and the types of its values."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

__all__ = ["HIGHEST_PRICE", "Flag", "NetworkCount", "Patients", "Price", "Section"]

Patients = Annotated[int, Field(gt=0, le=100_000_000, strict=True)]
HIGHEST_PRICE = 1000
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
    raise ValueError("is a whole number such as 12, or a range such as 10..12")


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

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
