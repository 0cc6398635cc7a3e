"""The exact search: price, bound, expand, certify. The only part that imports OR-Tools."""
