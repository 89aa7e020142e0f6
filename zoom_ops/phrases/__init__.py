"""How people write dates, times, time zones, names and labels, in the languages of words.toml."""
