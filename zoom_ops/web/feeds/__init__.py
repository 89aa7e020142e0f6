"""What the pages offer to programs: calendars, the feed of recordings, linked data, pictures for links, sitemaps."""
