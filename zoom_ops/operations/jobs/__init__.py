"""Jobs: loaded, asked for, scheduled, and what their runs work on."""
