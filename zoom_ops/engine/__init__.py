"""Durable work: runs, effects, ticks, and the engines that perform them. Nothing here knows of webinars."""
