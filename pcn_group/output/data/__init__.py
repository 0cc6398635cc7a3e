"""Tables and files of plans, comparisons, curves and budgets."""
