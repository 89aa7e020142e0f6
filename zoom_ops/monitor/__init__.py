"""Monitors outside, which alarm when the pings of this service stay away: Healthchecks or Cronitor."""
