"""Care of the installation: check it, move it, let an account go on."""
