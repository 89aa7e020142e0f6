"""The edge of the web server: what clients may take of it before anybody knows who they are."""
