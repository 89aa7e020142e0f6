"""Logins: bounded as they are typed, since the typed one is kept as the user's name."""

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.identity import check_login


@pytest.mark.parametrize("login", ["", "two words", "x" * 101, f"amara{' ' * 200}else"])
def test_what_cannot_be_a_login_is_refused(login: str) -> None:
    with pytest.raises(BadInputError, match="cannot be a login"):
        check_login(login)
