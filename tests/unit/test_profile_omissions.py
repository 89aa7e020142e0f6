"""Settings that a profile leaves to the account: on purpose, or without a word."""

from pathlib import Path

import pytest

from tests.root import ROOT
from zoom_ops.errors import BadInputError
from zoom_ops.operations.admin.doctor import omissions
from zoom_ops.profiles import parse_profile

SHIPPED = sorted((ROOT / "config" / "profiles").glob("*.toml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_profile_leaves_nothing_to_the_account_without_a_word(file: Path) -> None:
    profile = parse_profile(file.read_text(), str(file))
    assert (profile.omitted, dict(profile.settings)["panelist_authentication"]) == ((), False)


def test_a_profile_that_omits_a_setting_is_warned_of_with_file_and_keys() -> None:
    text = SHIPPED[0].read_text().replace("panelist_authentication = false", "").replace("on_demand = false", "")
    (sentence,) = omissions([parse_profile(text, "config/profiles/own.toml")])
    assert "config/profiles/own.toml" in sentence
    assert "panelist_authentication, on_demand" in sentence


def test_a_setting_left_to_the_account_on_purpose_is_no_omission() -> None:
    profile = parse_profile('as_account = ["add_watermark", "on_demand"]\n', "own.toml")
    assert not {"add_watermark", "on_demand"} & set(profile.omitted)
    assert "panelist_authentication" in profile.omitted


def test_an_unknown_setting_in_as_account_is_refused_with_its_line() -> None:
    with pytest.raises(BadInputError, match="Did you mean 'add_watermark'") as caught:
        parse_profile('\nas_account = ["add_watermrk"]\n', "own.toml")
    assert caught.value.line == 2
