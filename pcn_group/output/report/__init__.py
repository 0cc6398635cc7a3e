"""The report of a plan as one page of HTML that needs nothing else: map, tables, proof."""
