"""Everything that tells operators, as the settings say."""

from collections.abc import Collection, Sequence
from functools import cached_property

from .notifier import Notifier
from .targets import Target, Wrong, read_targets
from .words import Frame


class Alerting:
    """The targets, the words that messages share, and the sender. What is wrong is found at the first question."""

    def __init__(self, entries: Sequence[str], accounts: Collection[str], frame: Frame, notifier: Notifier) -> None:
        self.frame, self.notifier = frame, notifier
        self._targets, self._misread = read_targets(entries, accounts)

    @property
    def is_set(self) -> bool:
        """Whether ALERT_TO has entries."""
        return bool(self._targets or self._misread)

    @cached_property
    def wrong(self) -> tuple[Wrong, ...]:
        """The entries that cannot be used."""
        return (*self._misread, *self.notifier.find_wrong(self._targets))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets that can be used."""
        wrong = {entry.id for entry in self.wrong}
        return tuple(target for target in self._targets if target.id not in wrong)
