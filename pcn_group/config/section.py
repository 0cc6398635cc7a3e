"""What every section of the configuration is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["HIGHEST_PRICE", "Flag", "Patients", "Price", "Section"]

Patients = Annotated[int, Field(gt=0, le=100_000_000, strict=True)]
HIGHEST_PRICE = 1000
Price = Annotated[float, Field(ge=0, le=HIGHEST_PRICE, allow_inf_nan=False, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Section(BaseModel):
    """A table of keys; a key that is not known is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
