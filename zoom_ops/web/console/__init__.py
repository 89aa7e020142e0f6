"""The console, at `/-/`: for operators, and of it what is about drafts for authors."""
