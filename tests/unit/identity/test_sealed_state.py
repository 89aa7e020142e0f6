"""What a browser keeps for us opens for its use only, and in its time."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW
from zoom_ops.identity.sealed_state import SealedState, Use, open_state, seal_state
from zoom_ops.store.db.encryption import SecretBox, make_key

USE: Use = "code of a sign-in"
VALUES = {"user": 7, "goal": "/-/"}


@pytest.fixture
def box() -> SecretBox:
    return SecretBox([make_key()])


def test_state_is_opened_again_for_its_use_alone(box: SecretBox) -> None:
    sealed = seal_state(box, USE, NOW, VALUES)

    opened = open_state(box, sealed, USE)

    assert opened
    assert (opened.ends, {name: opened.values[name] for name in VALUES}) == (NOW, VALUES)
    assert open_state(box, sealed, "offer of a second factor") is None
    assert open_state(SecretBox([make_key()]), sealed, USE) is None


@pytest.mark.parametrize("value", ["rubbish", 7, [USE], {}, {"for": "another"}, {"for": USE, "ends": "soon"}])
def test_whatever_else_we_encrypt_is_no_state(box: SecretBox, value: Any) -> None:
    assert open_state(box, (box.seal(json.dumps(value)) or b"").decode(), USE) is None


@pytest.mark.parametrize("sealed", ["", "rubbish", "gAAAAABm", "é", "\udc80"])
def test_what_nobody_sealed_is_no_state(box: SecretBox, sealed: str) -> None:
    assert open_state(box, sealed, USE) is None


@pytest.mark.parametrize(
    ("seconds", "open_"), [(-301, False), (-61, False), (-60, True), (0, True), (299, True), (300, False)]
)
def test_what_was_begun_is_finished_in_time_also_by_a_process_whose_clock_is_behind(seconds: int, open_: bool) -> None:
    life = timedelta(minutes=5)
    state = SealedState(ends=NOW + life, values={})

    assert state.is_open(NOW + timedelta(seconds=seconds), life) is open_
