"""The policy of the practice Zoom: files, orders, locked and inherited settings."""

from pathlib import Path

import pytest

from tests.sandbox.practice import Client
from zoom_ops.errors import BadInputError
from zoom_ops.sandbox import load_policy


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[settings]\n\n[settngs.locked]\n", 3, "There is no key 'settngs'. Did you mean 'settings'?"),
        ("[settings.locked]\nhost_video = true\nauto_recoding = 'none'\n", 3, "Did you mean 'auto_recording'?"),
        ("[settings]\nlocked = 3\n", 2, "a table of keys and values"),
        ("settings = 3\n", 1, "a table of keys and values"),
        ("[settings", 1, "This is not TOML"),
        ("[app]\nbroad_scops = true\n", 2, "There is no key 'broad_scops'. Did you mean 'broad_scopes'?"),
        ("[app]\nip_allow_list = [\n  '192.0.2.0/33',\n]\n", 2, "'192.0.2.0/33' is no IP address"),
        ("[features]\n\nunlicensed = ['on_demnd']\n", 3, "Did you mean 'on_demand'?"),
    ],
)
def test_an_invalid_policy_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    with pytest.raises(BadInputError) as caught:
        load_policy(file)
    assert (caught.value.line, message in str(caught.value)) == (line, True), str(caught.value)


def test_a_policy_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere\.toml"):
        load_policy(tmp_path / "nowhere.toml")


def test_a_locked_setting_keeps_its_value_whatever_is_asked(client: Client) -> None:
    client.control("POST", "/policy", {"settings": {"locked": {"auto_recording": "none"}}})
    made = client.a_webinar(settings={"auto_recording": "cloud", "host_video": True})
    assert (made["settings"]["auto_recording"], made["settings"]["host_video"]) == ("none", True)
    assert client.call("PATCH", f"/webinars/{made['id']}", {"settings": {"auto_recording": "cloud"}}).ok
    assert client.get(f"/webinars/{made['id']}")["settings"]["auto_recording"] == "none"


def test_a_setting_left_out_is_inherited_from_the_account(client: Client) -> None:
    inherited = {"panelist_authentication": True, "question_and_answer.enable": False}
    client.control("POST", "/policy", {"settings": {"inherited": inherited}})
    settings = client.a_webinar(settings={"host_video": True})["settings"]
    assert settings["panelist_authentication"] is True
    assert settings["question_and_answer"] == {**settings["question_and_answer"], "enable": False}
    assert client.a_webinar(settings={"panelist_authentication": False})["settings"]["panelist_authentication"] is False


def test_a_reset_brings_back_the_policy_of_the_start(client: Client) -> None:
    before = client.control("GET", "/policy").json()
    client.control("POST", "/policy", {"settings": {"locked": {"host_video": True}}})
    client.control("DELETE")
    assert client.control("GET", "/policy").json() == before


def test_an_order_with_an_unknown_key_changes_nothing(client: Client) -> None:
    before = client.control("GET", "/policy").json()
    for order in ({"setings": {}}, {"settings": {"locked": {"auto_recoding": "none"}}}, {"settings": 3}):
        assert client.control("POST", "/policy", order).status_code == 400
    assert client.control("GET", "/policy").json() == before
