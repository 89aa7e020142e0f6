"""The people and bodies on a programme."""
