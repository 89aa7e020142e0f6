"""The database: tables, migrations, connections, encrypted columns."""
