"""Descriptions as HTML: readable, and without active content."""

import re

import pytest

from tests.unit.announcements.test_rubbish import patience
from zoom_ops.events.maxima import DESCRIPTION, DESCRIPTION_LINES
from zoom_ops.web.sanitize import first_words, render_prose, shorten, write_plainly


def test_prose_makes_paragraphs_of_plain_text() -> None:
    html = render_prose("First & foremost.\n\nSecond.")

    assert html == "<p>First &amp; foremost.</p>\n<p>Second.</p>"


def test_prose_keeps_short_lines_and_joins_wrapped_ones() -> None:
    short = render_prose("10:00 Opening\n10:15 Discussion")
    wrapped = render_prose("A mail program has broken this long paragraph after seventy-odd\ncharacters.")

    assert short == "<p>10:00 Opening<br>\n10:15 Discussion</p>"
    assert "<br>" not in wrapped


def test_prose_makes_lists_of_bullets_between_paragraphs() -> None:
    html = render_prose("We will:\n• listen\n• speak\nCome early.")

    assert html == "<p>We will:</p>\n<ul><li>listen</li><li>speak</li></ul>\n<p>Come early.</p>"


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("See https://example.org/a?b=1&c=2.", "https://example.org/a?b=1&amp;c=2", "."),
        ("(at http://example.org/a)", "http://example.org/a", ")"),
        ("https://example.org/wiki/Tide_(sea)!", "https://example.org/wiki/Tide_(sea)", "!"),
    ],
)
def test_prose_links_addresses_without_the_punctuation_after_them(text: str, address: str, rest: str) -> None:
    html = render_prose(text)

    assert f'<a href="{address}" rel="noopener">{address}</a>{rest}' in html


def test_prose_keeps_simple_markup_under_the_headings_of_the_page() -> None:
    html = render_prose('<h1>Why</h1><p>A <b>bold</b> <a href="https://example.org/">claim</a>.</p><ul><li>one</ul>')

    assert html == (
        '<h3>Why</h3><p>A <b>bold</b> <a href="https://example.org/" rel="noopener">claim</a>.</p><ul><li>one</li></ul>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<p>Fine</p><script>alert(1)</script>",
        '<p onclick="alert(1)">Fine</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="JaVaScRiPt:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<b><img src=x onerror="alert(1)"></b>',
        '<b style="background:url(https://example.org/)">x</b>',
        '<p>x</p><iframe src="https://example.org/"></iframe>',
        "<svg><b></b><script>alert(1)</script></svg>",
        "<p><style>*{display:none}</style></p>",
        "https://example.org/<script>alert(1)</script>",
        'https://example.org/"onmouseover="alert(1)',
    ],
)
def test_prose_runs_nothing(text: str) -> None:
    html = render_prose(text).lower()

    for unwanted in (
        "<script",
        "<img",
        "<iframe",
        "<svg",
        "<style",
        'onclick="',
        '"onmouseover',
        'href="javascript',
        "data:text",
    ):
        assert unwanted not in html
    assert ' style="' not in html


def test_prose_leaves_comparisons_alone() -> None:
    html = render_prose("Levels with a < b and c > d, {{ 7 * 7 }} and {% raw %}")

    assert html == "<p>Levels with a &lt; b and c &gt; d, {{ 7 * 7 }} and {% raw %}</p>"


def test_first_words_are_plain_and_cut_at_a_word() -> None:
    words = first_words("<p>Ports &amp; <b>harbours</b></p>" + " adapt" * 100, limit=30)

    assert words == "Ports & harbours adapt adapt…"


def test_very_many_lists_between_lines_are_rendered() -> None:
    """Each list once took a level of the stack, and such a page failed."""
    html = str(render_prose("- a tide\na line\n" * 2_000))

    assert (html.count("<ul>"), html.count("<p>")) == (2_000, 2_000)


@pytest.mark.parametrize(
    "tangle",
    [
        "<div>" * 15_000 + "a</b>",
        "<ul><li>" * 9_000 + "a</li>",
        "".join(f"<b a={number}>" for number in range(3_000)) + "<p>a" * 10_000 + "</b>",
    ],
    ids=lambda text: text[:8],
)
def test_very_tangled_markup_is_left_out(tangle: str) -> None:
    """Cleaning it takes the square of its depth."""
    assert set(re.findall(r"<\w+", str(render_prose(tangle)))) <= {"<p", "<br"}
    assert "<" not in write_plainly(tangle, 20_000)


def test_markup_of_a_long_page_stays() -> None:
    page = "<div>" * 10 + "<h2>Why</h2><p>Tides <b>rise</b><ul><li>here<li>there</ul>" * 1_000 + "</div>" * 10

    html = str(render_prose(page))

    assert (html.count("<h3>Why</h3>"), html.count("<b>rise</b>"), html.count("<li>")) == (1_000, 1_000, 2_000)


@pytest.mark.parametrize(
    "text", ["</p>" * 60_000, "</b>" + "&#32;" * 50_000, "</b>" + " " * 99_000 + "<br", "</b>" + "\n" * 99_000]
)
def test_long_description_is_written_in_time(text: str) -> None:
    """Some of these took minutes, with the square of their length."""
    with patience():
        write_plainly(text, 20_000)
        render_prose(text)


def test_description_of_before_the_maxima_is_shown_up_to_them() -> None:
    lines, letters = str(render_prose("a\n\n" * 170_000)), str(render_prose("word " * 200_000))

    assert (lines.count("<p>a</p>"), lines.endswith("<p>[…]</p>")) == (DESCRIPTION_LINES // 2, True)
    assert len(letters) < DESCRIPTION + 100
    assert "[…]" not in render_prose("a\n\n" * (DESCRIPTION_LINES // 2 - 1))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Tides < 2 m & rising\n\n• one", "Tides < 2 m & rising\n\n• one"),
        ("<p>One <b>and</b>\n two &amp; more.</p>\n<p>Three<br>four</p>", "One and two & more.\n\nThree\nfour"),
        ("<p>We will:</p><ul><li>listen<li>speak</ul>Come early.", "We will:\n\n• listen\n• speak\n\nCome early."),
        ("<h2>Why</h2><ol><li>a</li><li>b</li></ol><script>alert(1)</script>", "Why\n\n• a\n• b"),
    ],
)
def test_description_is_written_plainly(text: str, plain: str) -> None:
    assert write_plainly(text, 2_000) == plain


def test_text_is_cut_at_a_word() -> None:
    assert [shorten("Tides of tomorrow", limit) for limit in (17, 16, 3)] == ["Tides of tomorrow", "Tides of…", "Tid…"]
