"""Parts of pages are kept as they were rendered: of what a stranger can make up, a few."""

from weakref import WeakSet

from zoom_ops.web import rendering
from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.public.programme_page import Option


class Value(str):
    """A value of a filter that tells whether it is kept: other than text it can be referred to weakly."""


def test_of_choices_with_values_that_are_made_up_few_are_kept() -> None:
    language, made = load_languages()["en"], WeakSet[Value]()
    for number in range(100):
        value = Value(f"made-up-{number}")
        made.add(value)
        options = (Option(value=value, text=value, chosen=True),)
        assert f'value="{value}" selected' in rendering.render_kept(language, "choice", "series", "Series", "", options)
        del value, options

    assert len(made) <= 32
