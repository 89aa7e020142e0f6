"""Keys of links for members: which homes use them, what the key of a recording is, which recordings a key opens."""

import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ...homes import HomeSettings, Shown, with_keys
from ...link_keys import find_key, make_key
from ...store.db.encryption import SecretBox
from ...store.homes.entries import records_of
from ...store.identity.member_seals import load_seals, renew_event
from ..context import Context
from ..timeline import record_happening, ring_links

_PURPOSE = "link for members"


@dataclass(frozen=True, kw_only=True)
class MemberKeys:
    """The keys of an event's recordings, in those homes whose links for members have keys. `seals`: by home."""

    box: SecretBox = field(repr=False)
    event_id: str
    seals: Mapping[str, tuple[str, ...]] = field(repr=False)

    def key_of(self, home: str, recording: str) -> str | None:
        """Return the key of a recording's link in a home; None where its links have none."""
        return next(iter(self._keys_of(home, recording)), None)

    def opened_by(self, key: str, recordings: Iterable[str]) -> tuple[str, ...]:
        """Return the recordings that a key opens. It is compared with the key of each home, in constant time."""
        return tuple(each for each in recordings if sum(self._compare(key, each)) > 0)

    def _compare(self, key: str, recording: str) -> list[bool]:
        keys = [each for home in self.seals for each in self._keys_of(home, recording)]
        return [hmac.compare_digest(key.encode(), each.encode()) for each in keys]

    def _keys_of(self, home: str, recording: str) -> tuple[str, ...]:
        """Return the keys of a link, the present one first, then those of secret keys that are being replaced."""
        if home not in self.seals:
            return ()
        texts = _PURPOSE, self.event_id, recording, *self.seals[home]
        return tuple(make_key(digest) for digest in self.box.fingerprints(*texts))


def load_member_keys(
    connection: Connection, box: SecretBox, settings: Mapping[str, HomeSettings], event_id: str
) -> MemberKeys:
    """Load the keys of an event: of the homes that have its record, or where a link of ours stands."""
    using = with_keys(settings)
    homes = using & {row.home for row in records_of(connection, event_id)} if using else using
    return MemberKeys(box=box, event_id=event_id, seals=load_seals(connection, homes, event_id) if homes else {})


def end_exposed(context: Context, connection: Connection, event_id: str, shown: Collection[Shown]) -> None:
    """Give an event new keys if visitors may have seen one in a home, where somebody opened what it stood in."""
    exposed = [key for each in shown if each.visibility == "public" and (key := find_key(each.url))]
    if not exposed:
        return
    keys = load_member_keys(connection, context.box, context.home_settings, event_id)
    recordings = [each.key for each in shown]
    if any(keys.opened_by(key, recordings) for key in exposed):
        end_keys(context, connection, event_id)
        ring_links(context, connection, event_id)


def end_keys(context: Context, connection: Connection, event_id: str) -> None:
    """Give an event new keys, if a home uses keys for it, and say so in its timeline."""
    if load_member_keys(connection, context.box, context.home_settings, event_id).seals:
        renew_event(connection, event_id, new_seal())
        sentence = "Visitors may have seen a link for members. Its key opens nothing any more, and there is a new one."
        record_happening(context, connection, event_id, "member_keys_renewed", sentence)


def new_seal() -> str:
    """Return a random seal."""
    return secrets.token_hex(16)
