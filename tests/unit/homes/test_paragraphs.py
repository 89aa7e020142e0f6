"""Our entries in the content of a page: they are found again, and leave the rest as it is."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zoom_ops.homes import Entry, paragraphs

_BLOCKS = """<!-- wp:paragraph -->
<p>31 March 2027, 14:30 CEST</p>
<!-- /wp:paragraph -->

<!-- wp:html -->
<iframe src="https://maps.example.org/"></iframe>
<!-- /wp:html -->"""
_ENTRY = Entry(
    key="wsis-2027/4444AAA+iAAAAA/iAiAiiAii==",
    part=1,
    title="Recording",
    url="https://webinars.example.org/recordings/1?a=1&b=2",
    visibility="public",
)
_OTHER = replace(_ENTRY, key="wsis-2027/5555BBB+iAAAAA/iAiAiiAii==", part=2, title='"Part" <2> & last')
_WRITTEN = """

<!-- wp:paragraph {"metadata":{"name":"zoom_ops"},"className":"CLASS"} -->
<p class="CLASS"><a href="https://webinars.example.org/recordings/1?a=1&amp;b=2">Recording</a></p>
<!-- /wp:paragraph -->""".replace(
    "CLASS",
    "zoom-ops-recording zoom-ops-part-1 zoom-ops-key-o5zws4zngiydenzpgq2dincbifasw2kbifaucqjpnfawsqljnfaws2j5hu",
)

_pieces = st.sampled_from(
    [
        _BLOCKS, "\n", "\n\n", "\r\n", "<p>", "</p>", "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", "<!--", "-->",
        '<p class="zoom-ops-recording zoom-ops-key-1">x</p>', '<a href="https://example.org">', "zoom-ops-key-", "<h2>",
    ]
)  # fmt: skip
_contents = st.lists(_pieces | st.text(max_size=20), max_size=8).map("".join)
_texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
_entries = st.builds(
    Entry,
    key=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
    part=st.integers(0, 99),
    title=_texts,
    url=_texts.map(lambda text: f"https://example.org/{text}"),
    visibility=st.sampled_from(["public", "members"]),
)


@given(_contents, _entries)
@example("", _ENTRY)
@example("\n\n", _ENTRY)
def test_entry_is_found_again_and_taken_out_without_a_trace(content: str, entry: Entry) -> None:
    written = paragraphs.place(content, entry)

    shown = paragraphs.shown_in(written, is_hidden=True)

    assert written.startswith(content)
    assert next(each for each in shown if each.key == entry.key).shows(entry)
    assert paragraphs.place(written, entry) == written
    assert paragraphs.remove(written, entry.key) == content


@given(_contents, _entries, _entries)
def test_entries_do_not_disturb_each_other(content: str, first: Entry, second: Entry) -> None:
    both = paragraphs.place(paragraphs.place(content, first), second)

    assert paragraphs.remove(both, first.key) == (
        content if first.key == second.key else paragraphs.place(content, second)
    )
    assert paragraphs.without_ours(both) == paragraphs.without_ours(content)


@given(_contents, _contents, _entries)
def test_entry_is_changed_in_its_place(before: str, after: str, entry: Entry) -> None:
    written = paragraphs.place(before, entry) + "\n\n" + after

    moved = paragraphs.place(written, replace(entry, url="https://example.org/moved"))

    assert moved == paragraphs.place(before, replace(entry, url="https://example.org/moved")) + "\n\n" + after


def test_entry_among_blocks_is_a_block() -> None:
    assert paragraphs.place(_BLOCKS, _ENTRY) == _BLOCKS + _WRITTEN


def test_entry_on_a_page_without_blocks_is_none() -> None:
    assert "<!--" not in paragraphs.place("31 March 2027\n\nTea is served.", _ENTRY)


def test_parts_stand_in_their_order_whenever_they_come() -> None:
    assert paragraphs.place(paragraphs.place(_BLOCKS, _OTHER), _ENTRY) == paragraphs.place(
        paragraphs.place(_BLOCKS, _ENTRY), _OTHER
    )


@pytest.mark.parametrize(
    ("before", "after", "title", "url"),
    [
        (">Recording<", ">Our film<", "Our film", _ENTRY.url),
        ("recordings/1?a=1&amp;b=2", "cut", "Recording", "https://webinars.example.org/cut"),
        (">Recording</a>", ">Recording</a> (48 minutes)", "Recording (48 minutes)", _ENTRY.url),
        ("<a href=", '<a target="_blank" href=', "Recording", _ENTRY.url),
        ("<a href=", "<a title=", "Recording", ""),
        (">Recording<", "><strong>Recording</strong><", "Recording", _ENTRY.url),
        ('<p class="', '<p class="has-text-align-center ', "Recording", _ENTRY.url),
        ("</p>", "</p>" + _WRITTEN, "Recording", _ENTRY.url),
    ],
)
def test_entry_that_people_changed_is_another(before: str, after: str, title: str, url: str) -> None:
    content = paragraphs.place("Tea is served.", _ENTRY).replace(before, after, 1)

    (shown,) = paragraphs.shown_in(content, is_hidden=False)

    assert (shown.key, shown.title, shown.url) == (_ENTRY.key, title, url)
    assert not shown.shows(_ENTRY) or shown.digest
    assert paragraphs.shown_in(paragraphs.place(content, _ENTRY), is_hidden=False)[0].digest == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1?a=1&amp;b=2", "1?a=1&#038;b=2"),
        ("<p class", "<p  class"),
        (' {"metadata":{"name":"zoom_ops"},', " {"),
        ("<!-- wp:paragraph", "<!-- wp:core/paragraph"),
    ],
)
def test_entry_that_an_editor_writes_in_another_way_is_the_same(before: str, after: str) -> None:
    content = paragraphs.place(_BLOCKS, _ENTRY)

    assert paragraphs.shown_in(content.replace(before, after), is_hidden=False) == paragraphs.shown_in(
        content, is_hidden=False
    )


def test_entry_that_became_a_heading_is_ours() -> None:
    content = paragraphs.place(_BLOCKS, _ENTRY)
    start = len(_BLOCKS)
    block = content[start:].replace("wp:paragraph", "wp:heading").replace("<p ", "<h2 ").replace("</p>", "</h2>")

    assert paragraphs.remove(_BLOCKS + block, _ENTRY.key) == _BLOCKS


def test_entry_for_members_is_public_on_a_page_that_is_not_hidden() -> None:
    content = paragraphs.place(_BLOCKS, replace(_ENTRY, visibility="members"))

    seen = {hidden: paragraphs.shown_in(content, is_hidden=hidden)[0].visibility for hidden in (True, False)}

    assert seen == {True: "members", False: "public"}
    assert paragraphs.are_for_members(content)
    assert not paragraphs.are_for_members(paragraphs.place(_BLOCKS, _ENTRY))


def test_entry_that_stands_twice_is_public_where_one_of_them_is() -> None:
    content = paragraphs.place(_BLOCKS, replace(_ENTRY, visibility="members")) + paragraphs.place("", _ENTRY)

    assert [shown.visibility for shown in paragraphs.shown_in(content, is_hidden=True)] == ["public"]


def test_entries_are_taken_out_of_what_visitors_get() -> None:
    rendered = (
        '<p>Tea</p>\n\n\n\n<p class="zoom-ops-recording zoom-ops-part-1 zoom-ops-key-me">\n<a href="#">R</a></p>\n'
    )

    assert "zoom-ops" not in paragraphs.without_ours(rendered)
    assert paragraphs.without_ours(rendered).startswith("<p>Tea</p>")


@pytest.mark.parametrize(
    "hostile",
    [
        '<h2 class="zoom-ops-key-me">' * 20_000,
        "<!-- wp:paragraph " * 50_000 + "zoom-ops-key-me",
        "<p " + "a" * 1_000_000 + "zoom-ops-key-me",
        '<p class="zoom-ops-key-me">' + "<" * 1_000_000,
    ],
    ids=["unclosed", "comments", "attributes", "brackets"],
)
def test_hostile_content_is_read(hostile: str) -> None:
    assert paragraphs.shown_in(hostile, is_hidden=False) == ()


def test_entry_inside_another_is_a_change_of_it_and_takes_no_words_with_it() -> None:
    inner = paragraphs.place("", _ENTRY)
    outer = '<h2 class="zoom-ops-key-ge">' + inner + "</h2>"
    content = f"<p>Words of people that stay as long as they are.</p>\n\n{outer}" * 2

    assert [shown.key for shown in paragraphs.shown_in(content, is_hidden=True)] == ["1"]
    assert paragraphs.without_ours(content) == "<p>Words of people that stay as long as they are.</p>" * 2


@pytest.mark.parametrize("words", ["<p>Tea is served.</p>", "<!-- wp:list -->\n<ul><li>Tea</li></ul>", _OTHER])
def test_entry_that_lost_its_end_takes_no_words_with_it(words: str | Entry) -> None:
    """In HTML a paragraph need not be closed."""
    unclosed = paragraphs.place("", _ENTRY).split("</p>")[0].split("-->\n")[-1]
    content = f"{unclosed}\n{words}" if isinstance(words, str) else paragraphs.place(unclosed + "\n<hr>", words)

    shown = {each.key: bool(each.digest) for each in paragraphs.shown_in(content, is_hidden=True)}

    assert shown == {_ENTRY.key: True} | ({} if isinstance(words, str) else {words.key: False})
    assert paragraphs.remove(content, _ENTRY.key) == content.removeprefix(unclosed).strip()


@pytest.mark.parametrize("words", ["word " * 50, ""])
def test_many_entries_are_taken_out_in_one_go(words: str) -> None:
    entry = '<p class="zoom-ops-key-ge">x</p>'

    assert paragraphs.without_ours(f"{words}\n\n{entry}" * 20_000) == words * 20_000


def test_title_in_square_brackets_is_run_by_nobody() -> None:
    entry = replace(_ENTRY, title="[gallery]")
    written = paragraphs.place("", entry)

    assert "[" not in written
    assert paragraphs.shown_in(written, is_hidden=False)[0].shows(entry)
