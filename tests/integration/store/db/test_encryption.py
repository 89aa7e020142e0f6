"""Secrets at rest, and the rotation of their key."""

import pytest

from zoom_ops.errors import ConfigurationError
from zoom_ops.store.db.encryption import SecretBox, make_key

pytestmark = pytest.mark.both_databases

OLD, NEW = make_key(), make_key()


def test_secret_is_sealed_and_unsealed() -> None:
    box = SecretBox([OLD])

    sealed = box.seal("k+Y2w&q! 潮")

    assert sealed is not None
    assert b"k+Y2w" not in sealed
    assert box.seal("k+Y2w&q! 潮") != sealed
    assert box.unseal(sealed) == "k+Y2w&q! 潮"


def test_nothing_stays_nothing() -> None:
    box = SecretBox([OLD])

    assert box.seal(None) is None
    assert box.unseal(None) is None
    assert box.unseal(box.seal("")) == ""


def test_new_key_in_front_seals_while_the_old_one_still_unseals() -> None:
    sealed_before = SecretBox([OLD]).seal("before")

    rotated = SecretBox([NEW, OLD])
    sealed_after = rotated.seal("after")

    assert rotated.unseal(sealed_before) == "before"
    assert SecretBox([NEW]).unseal(sealed_after) == "after"


def test_key_that_does_not_fit_is_said_without_the_key_or_what_was_sealed() -> None:
    sealed = SecretBox([OLD]).seal("tidewater")

    with pytest.raises(ConfigurationError, match="SECRET_KEY does not fit this database") as caught:
        SecretBox([NEW]).unseal(sealed)

    assert not [secret for secret in (OLD, NEW, "tidewater") if secret in str(caught.value)]


@pytest.mark.parametrize("keys", [["short"], [OLD, "not a key"], ["é" * 44], []])
def test_key_that_is_none_is_refused(keys: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY") as caught:
        SecretBox(keys)

    assert OLD not in str(caught.value)
