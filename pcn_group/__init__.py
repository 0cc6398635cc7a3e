"""Group GP practices into primary care networks: contiguous, in the band, least travel, proven."""

__version__ = "0.1.0"
