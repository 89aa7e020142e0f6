"""What requests pass on their way: cross-site rules, slashes, parts of the site that are built late."""
