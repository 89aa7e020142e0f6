"""The pictures of docs/screenshots: `python -m tests.pictures` takes them again."""
