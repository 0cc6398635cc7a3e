"""Why there is no plan: clashes of rules, reasons, and what would help."""
