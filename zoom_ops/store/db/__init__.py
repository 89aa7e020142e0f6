"""Database access: connections, migrations, encryption, locks."""
