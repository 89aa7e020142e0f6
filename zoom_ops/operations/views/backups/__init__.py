"""Read models of backups: those in the folder, what another machine needs, what a restoration meant."""
