"""How every command is called: groups, help, names, mistakes, completion, and what a terminal is shown."""
