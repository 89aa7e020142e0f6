"""Backups of the database: the files, and what a database knows of being restored from one."""
