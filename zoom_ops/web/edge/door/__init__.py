"""The door: how many connections there is room for, who gets in, who gives way, and who is turned away."""
