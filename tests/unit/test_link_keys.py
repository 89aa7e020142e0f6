"""Keys in addresses: how they are written, hidden and taken out."""

import pytest

from zoom_ops.link_keys import find_key, hide_keys, hides_key, is_key, make_key, with_key, without_keys

ADDRESS = "https://events.example.org/events/tides/recording"
KEY, OTHER = make_key("ab" * 32), make_key("cd" * 32)


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}?part=2"])
def test_key_is_added_found_hidden_and_taken_out(address: str) -> None:
    written = with_key(address, KEY)

    hidden = hide_keys(written)

    assert (is_key(KEY), find_key(written), find_key(hidden)) == (True, KEY, None)
    assert KEY not in hidden
    assert (hides_key(hidden), hides_key(written), hides_key(address)) == (True, False, False)
    assert hidden == with_key(address, hide_keys(KEY)) != hide_keys(with_key(address, OTHER))
    assert without_keys(written) == without_keys(hidden) == address


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"See {ADDRESS}?key={KEY}.", f"See {ADDRESS}."),
        (f'<a href="{ADDRESS}?part=2&amp;key={KEY}">it</a>', f'<a href="{ADDRESS}?part=2">it</a>'),
        (f"{ADDRESS}?key={KEY}&part=2", f"{ADDRESS}?part=2"),
        (f"{ADDRESS}?key={KEY}#zoom-ops=uuid", f"{ADDRESS}#zoom-ops=uuid"),
        (f"go=https%3A%2F%2Fevents.example.org%3Fkey%3D{KEY}", "go=https%3A%2F%2Fevents.example.org%3Fkey%3D"),
        ("Bring your key=card", "Bring your key=card"),
    ],
)
def test_text_is_left_without_keys(text: str, left: str) -> None:
    assert without_keys(text) == left


@pytest.mark.parametrize("text", ["", KEY[:-1], KEY.upper(), f"{KEY}0", f" {KEY}", f"{KEY}\n", hide_keys(KEY)])
def test_text_of_another_form_is_no_key(text: str) -> None:
    assert not is_key(text)
