"""Bring a webinar to what its event wants: observe, plan, execute."""
