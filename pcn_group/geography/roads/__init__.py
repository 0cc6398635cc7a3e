"""Roads of OpenStreetMap, and how long a car takes on them."""
