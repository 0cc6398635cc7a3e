"""Budgets as a workbook whose formulas work them out again, for finance to audit."""
