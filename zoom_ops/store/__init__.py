"""The database: tables, migrations, connections, queries."""
