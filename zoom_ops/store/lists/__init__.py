"""Lists of events as readers ask for them: which events, and how many."""
