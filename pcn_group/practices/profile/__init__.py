"""The figures of a profile: what files say of practices, and of the areas where patients live."""
