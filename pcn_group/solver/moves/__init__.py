"""Plans that move few patients from the networks of today."""
