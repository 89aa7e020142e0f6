"""Read models: the values that the pages, the API and the command line show."""
