"""Where an event stands: why a stage of its life is not done."""
