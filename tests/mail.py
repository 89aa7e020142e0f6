"""A mail server: a real SMTP server that keeps the mails that it gets."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller


class MailServer:
    """Accepts every mail, or answers as a test orders."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = ""  # such as "451 Try later"
        self._controller = Controller(self, hostname="127.0.0.1", port=_free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail."""
        if self.refuses:
            return self.refuses
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """Return the Apprise URL of a mailbox of operators."""
        return f"mailto://127.0.0.1:{self._controller.port}?from=zoom_ops@example.org&to=operators@example.org"

    @property
    def subjects(self) -> list[str]:
        """List the subjects of the mails, in order."""
        return [str(mail["subject"]) for mail in self.mails]

    def text(self, number: int = -1) -> str:
        """Return the text of a mail."""
        body = self.mails[number].get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
