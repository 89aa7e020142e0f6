"""No public page weighs more than it may."""

import io

from PIL import Image

from tests.builders import AMARA, JONAS, NOW, an_event
from tests.web_site import Site, Visitor
from tests.web_states import DESCRIPTION, fill
from tests.weight import ALLOWED, weigh
from zoom_ops.events import Picture, Portrait
from zoom_ops.pictures import KeptPicture, Kind
from zoom_ops.pictures.reencode import read_picture
from zoom_ops.store.pictures.kept import save_picture

BUDGET = 30_000  # bytes; much less than tests.weight.ALLOWED, for readers with a slow connection


def test_no_page_weighs_more_than_its_budget(site: Site, visitor: Visitor) -> None:
    pages = fill(site)

    weights = {name: weigh(visitor, path) for name, path in pages.items()}

    assert {name: weight for name, weight in weights.items() if weight > BUDGET} == {}


def test_page_with_pictures_that_do_not_shrink_weighs_no_more_than_is_allowed(site: Site, visitor: Visitor) -> None:
    picture, faces = keep_noise("picture"), [keep_noise("portrait"), keep_noise("portrait")]
    with site.database.begin() as connection:
        for kept in (picture, *faces):
            save_picture(connection, kept, NOW)
    people = tuple(
        person.model_copy(update={"image": Portrait(digest=face.digest)})
        for person, face in zip((AMARA, JONAS), faces, strict=True)
    )
    image = Picture(digest=picture.digest, width=picture.width, height=picture.height, alt="Rain on the water")
    event = an_event(image=image, performers=people, description=DESCRIPTION)
    site.save(event)

    weight = weigh(visitor, f"/events/{event.id}")

    assert sum(len(kept.content) for kept in (picture, *faces)) < weight <= ALLOWED


def keep_noise(kind: Kind) -> KeptPicture:
    """Keep a picture that takes the most bytes."""
    file = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((1_600, 1_200), 120) for _ in range(3)]).save(file, "JPEG", quality=95)
    return read_picture(file.getvalue(), kind)
