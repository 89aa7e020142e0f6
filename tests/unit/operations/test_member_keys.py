"""What the key of a link for members opens: one recording, from one home, until a seal or the secret key is another."""

from tests.builders import UUID
from zoom_ops.operations.reconcile.member_keys import MemberKeys
from zoom_ops.store.db.encryption import SecretBox, make_key

SECRET, SEALS = make_key(), ("site", "", "")
BOX = SecretBox([SECRET])


def keys(event: str = "tides", box: SecretBox = BOX, **seals: tuple[str, ...]) -> MemberKeys:
    return MemberKeys(box=box, event_id=event, seals=seals or {"site": SEALS})


def test_key_opens_its_own_recording_alone() -> None:
    key = keys().key_of("site", UUID)

    assert key
    assert keys().opened_by(key, (UUID, "other==")) == (UUID,)
    assert keys(site=SEALS, other=("other", "", "")).opened_by(key, (UUID, "other==")) == (UUID,)
    for others in (
        keys("waves"),
        keys(other=("other", "", "")),
        keys(site=("renewed", "", "")),
        keys(site=("site", "renewed", "")),
        keys(site=("site", "", "2040-01-31")),
        keys(box=SecretBox([make_key()])),
        MemberKeys(box=BOX, event_id="tides", seals={}),
    ):
        assert others.opened_by(key, (UUID,)) == ()
    for wrong in ("", key[:-1], f"{key}0", key.upper(), "ключ"):
        assert keys().opened_by(wrong, (UUID,)) == ()


def test_key_of_a_secret_key_that_is_being_replaced_opens_still() -> None:
    """The link is written with the newest key."""
    both = SecretBox([make_key(), SECRET])
    key = keys().key_of("site", UUID)

    assert key
    assert keys(box=both).key_of("site", UUID) != key
    assert keys(box=both).opened_by(key, (UUID,)) == (UUID,)
