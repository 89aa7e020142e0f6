"""The copy of one database to another."""
