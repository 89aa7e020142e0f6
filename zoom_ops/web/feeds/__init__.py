"""Feeds for programs: calendars, recordings, linked data, link pictures, sitemaps."""
