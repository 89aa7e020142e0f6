"""The picture of an event: any name is complete, within the frame, and in its script."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.builders import an_event
from tests.web_states import LONG_NAME, an_arabic_event
from zoom_ops.events import Event, Organizer
from zoom_ops.web.feeds.cards import HEIGHT, WIDTH, Card
from zoom_ops.web.feeds.drawing import draw, lay_out, make_legible
from zoom_ops.web.feeds.fitting import LEADING, fit, keep_legible, measure
from zoom_ops.web.feeds.previews import make_card
from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.i18n.language import ENGLISH

SIZES = (80, 60, 40)
GROUND, FOOT = (10, 77, 140), (7, 58, 107)
NAMES = {
    "latin": "Tides of Tomorrow",
    "arabic": an_arabic_event().name,
    "chinese": "明日潮汐：港口如何适应海平面上升",
    "russian": "Приливы завтрашнего дня",
    "long": LONG_NAME,
    "endless": "Donaudampfschifffahrtsgesellschaft" * 14,
}


def a_card(event: Event) -> Card:
    return make_card(event, "Harbour Institute", ENGLISH)


def open_picture(card: Card) -> Image.Image:
    return Image.open(BytesIO(draw(card))).convert("RGB")


def inked(picture: Image.Image, left: int, right: int) -> bool:
    """Return whether something is drawn between two edges, on the background or the footer."""
    colours = picture.crop((left, 0, right, HEIGHT)).getcolors(WIDTH * HEIGHT) or []
    return any(colour not in (GROUND, FOOT) for _, colour in colours)


def test_card_says_what_everybody_may_know() -> None:
    card = a_card(
        an_event(organizers=(Organizer(name="Harbour Institute", acronym="HI"), Organizer(name="City Guild")))
    )

    assert card == Card(
        name="Tides of Tomorrow",
        series="Harbour Talks",
        when="Tuesday 31 January 2040, 08:30–09:45 EST",
        status="",
        organisation="Harbour Institute, City Guild",
    )


def test_card_is_in_the_language_of_its_event() -> None:
    card = make_card(an_arabic_event(status="cancelled"), "HI", load_languages()["ar"])

    assert "يناير" in card.when
    assert card.organisation == "معهد الميناء"


def test_card_leaves_out_what_it_cannot_write() -> None:
    card = a_card(an_event(name="नमस्ते दुनिया", series="Tides 🌊 and so on", organizers=()))

    written = make_legible(card)

    assert (written.name, written.series, written.organisation) == ("", "Tides and so on", "Harbour Institute")
    assert open_picture(card).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_written_on_within_its_margins(name: str) -> None:
    picture = open_picture(a_card(an_event(name=NAMES[name], series=NAMES[name], organizers=())))

    assert picture.size == (1200, 630)
    assert inked(picture, 80, 1120)
    assert not inked(picture, 0, 70)
    assert not inked(picture, 1130, 1200)


def test_picture_begins_where_its_script_begins() -> None:
    left = open_picture(a_card(an_event(name="Tides", series=None, organizers=())))
    right = open_picture(a_card(an_event(name="المد", series=None, organizers=())))

    assert inked(left, 80, 100)
    assert not inked(left, 1000, 1200)
    assert inked(right, 1100, 1120)
    assert not inked(right, 0, 200)


def test_picture_joins_arabic_letters() -> None:
    joined, apart = measure("المد"), sum(measure(letter) for letter in "المد")

    assert joined < apart


def test_picture_shows_markup_as_text() -> None:
    svg = lay_out(a_card(an_event(name='</text><image href="https://example.org/x.png"/>')))

    assert "<image" not in svg
    assert "&lt;/text&gt;&lt;image" in svg


def test_same_card_is_the_same_picture_and_another_has_another_digest() -> None:
    first, same, other = (a_card(an_event(name=name)) for name in ("Tides", "Tides", "Waves"))

    assert draw(first) == draw(same)
    assert (first.digest == same.digest, first.digest == other.digest) == (True, False)


def test_long_text_becomes_smaller_then_is_cut() -> None:
    short, long, endless = (fit(text, 1000, 300, SIZES) for text in ("Tides", LONG_NAME, LONG_NAME * 9))

    assert (short.lines, short.size) == (("Tides",), 80)
    assert (long.size, " ".join(long.lines)) == (40, LONG_NAME)
    assert (endless.size, endless.lines[-1][-1]) == (40, "…")


def test_lines_are_about_as_long_as_one_another() -> None:
    fitted = fit("How ports adapt to a rising sea", 1000, 300, (80,))

    assert fitted.lines == ("How ports adapt", "to a rising sea")


def test_chinese_is_broken_between_signs_but_not_before_a_comma() -> None:
    fitted = fit("潮汐，" * 12, 400, 1000, (40,))

    assert "".join(fitted.lines) == "潮汐，" * 12
    assert all(line[0] != "，" for line in fitted.lines)


@given(text=st.text(max_size=300), width=st.integers(200, 1200), height=st.integers(60, 400))
def test_text_fits_its_box(text: str, width: int, height: int) -> None:
    fitted = fit(keep_legible(text), width, height, SIZES)

    assert len(fitted.lines) * fitted.size * LEADING <= height or len(fitted.lines) == 1
    assert all(measure(line) * fitted.size <= width * 1.02 for line in fitted.lines if len(line) > 1)


@settings(deadline=None, max_examples=25)
@given(changes=st.fixed_dictionaries({"name": st.text(min_size=1, max_size=300), "series": st.text(max_size=300)}))
def test_any_card_can_be_drawn(changes: dict[str, Any]) -> None:
    card = a_card(an_event(**changes | {"name": f"n{changes['name']}"}))

    assert open_picture(card).size == (WIDTH, HEIGHT)
