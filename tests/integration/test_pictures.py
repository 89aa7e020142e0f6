"""Every page of `make screenshots` exists. The pictures themselves are taken by hand."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest

from tests.pictures.catalogue import CONSOLE, PUBLIC, Picture
from tests.pictures.places import Place, open_console, open_site
from tests.web_site import Visitor


@pytest.mark.parametrize(("opened", "pictures"), [(open_site, PUBLIC), (open_console, CONSOLE)])
def test_every_page_that_a_picture_shows_is_there(
    opened: Callable[[], AbstractContextManager[Place]], pictures: Sequence[Picture]
) -> None:
    with opened() as place, Visitor(place.address) as visitor:
        for cookie in place.cookies:
            visitor.cookies.set(cookie["name"], cookie["value"])
        statuses = {picture.page: visitor.get(place.paths[picture.page]).status_code for picture in pictures}

    assert {page for page, status in statuses.items() if status >= 400} <= {"not-found"}
