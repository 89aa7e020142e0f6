"""Every page of `make screenshots` exists. The pictures themselves are taken by hand."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest

from tests.pictures.catalogue import CONSOLE, PUBLIC, RESTORED, Picture
from tests.pictures.places import Place, open_console, open_restored, open_site
from tests.web_site import Visitor

REFUSED = {"not-found": 404, "refused": 403, "mistake": 400, "/-/events/none": 404}


@pytest.mark.parametrize(
    ("opened", "pictures"), [(open_site, PUBLIC), (open_console, CONSOLE), (open_restored, RESTORED)]
)
def test_every_page_that_a_picture_shows_is_there(
    opened: Callable[[], AbstractContextManager[Place]], pictures: Sequence[Picture]
) -> None:
    with opened() as place:
        statuses = {picture.page: _ask(place, picture) for picture in pictures}

    assert {page: status for page, status in statuses.items() if status >= 400} == {
        page: status for page, status in REFUSED.items() if page in statuses
    }


def _ask(place: Place, picture: Picture) -> int:
    with Visitor(place.address) as visitor:
        for cookie in place.others.get(picture.page, place.cookies):
            visitor.cookies.set(cookie["name"], cookie["value"])
        path = place.paths[picture.page]
        answer = visitor.post(path, data=dict(picture.form)) if picture.form else visitor.get(path)
    return answer.status_code
