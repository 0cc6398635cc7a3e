"""Trade-off curves of a region: what a step away from the least travel costs, and what it buys."""
