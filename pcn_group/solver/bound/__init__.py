"""Lower bounds: pricing, the relaxation, and cuts."""
