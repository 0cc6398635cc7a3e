"""An invented region to try things on."""
