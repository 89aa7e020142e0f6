"""The database itself: connections, migrations, encryption, locks."""
