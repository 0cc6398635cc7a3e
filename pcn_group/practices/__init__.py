"""Reading and validating practice tables: everything that turns files into one clean table."""

from pcn_group.practices.reading import read_practices, read_regions
from pcn_group.practices.table import Practices, Source

__all__ = ["Practices", "Source", "read_practices", "read_regions"]
