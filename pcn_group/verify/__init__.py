"""What judges plans: rules, certificate, bound. It never imports the solver."""
