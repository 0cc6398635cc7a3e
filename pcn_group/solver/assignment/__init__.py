"""The second engine: assignment to hubs with Lagrangian bounds, for networks of many practices."""
