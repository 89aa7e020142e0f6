"""Administration of the installation: check it, move its database, resume an account."""
