"""Copy one database to another."""
