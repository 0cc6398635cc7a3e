"""The money: tariffs as data, budgets in exact pence."""
