"""Read models of what can be seen at a glance: outcomes of runs, latency, limits, the calendar of the hosts."""
