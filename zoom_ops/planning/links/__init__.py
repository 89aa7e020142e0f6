"""The links of recordings in the records of other systems: actions and plan."""
