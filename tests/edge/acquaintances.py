"""A memory of whom the web server got to know."""


class Known:
    """Remembers the addresses of those who proved to be known, in order."""

    def __init__(self) -> None:
        self.trusted: list[str] = []
        self.excused: list[str] = []

    def trust(self, address: str) -> None:
        """Remember an address."""
        self.trusted.append(address)

    def excuse(self, address: str) -> None:
        """Remember who got something."""
        self.excused.append(address)

    def knows(self, network: str | None) -> bool:
        """Return whether it was remembered."""
        return network in self.trusted
