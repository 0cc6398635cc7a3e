"""Plans: what they are made of, how they are judged, and the certificate that comes with them."""
