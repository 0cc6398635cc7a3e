"""Many regions at once: what to do, who does it, what is kept, and what it adds up to."""
