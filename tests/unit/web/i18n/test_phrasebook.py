"""English sentences in the language of a page: the message is found, values keep what they hold, the rest is marked."""

import re
from collections import Counter
from functools import cache
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from tests.languages.messages import read_catalog
from zoom_ops.web.i18n.catalogs import PLACEHOLDER, SENTENCES, load_languages
from zoom_ops.web.i18n.phrasebook import LONGEST, Phrasebook

FRENCH = {
    "this is required": "c’est obligatoire",
    "expected a date such as 2027-01-31, found %(value)s": "au lieu de %(value)s, il faut une date comme 2027-01-31",
    "'%(text)s' is %(expected)s": "« %(text)s » est %(expected)s",
    "no date; expected one such as 3 April": "sans date ; il en faut une comme le 3 avril",
    "column %(header)s": "colonne %(header)s",
    "row %(number)s": "ligne %(number)s",
    "%(creates)s, then seats %(awaited)s in it": "%(creates)s, puis y place %(awaited)s",
    "Creates a webinar on %(host)s": "Crée un webinaire chez %(host)s",
    "%(count)s people": "%(count)s personnes",
    "without a webinar licence": "sans licence de webinaire",
    "There is no key %(key)s.%(hint)s": "Il n’y a pas de clé %(key)s.%(hint)s",
    "Did you mean %(near)s?": "Vouliez-vous dire %(near)s ?",
    "%(share)s %% of it is read": "on en lit %(share)s %%",
    "this one is new": "",
    "Deletes “%(name)s” (%(visibility)s)": "Supprime « %(name)s » (%(visibility)s)",
    "%(known)s is the address of “%(event)s” already": "%(known)s est déjà l’adresse de « %(event)s »",
    "%(name)s_date and utc_%(name2)s_date name different instants": "%(name)s_date et utc_%(name2)s_date diffèrent",
    "columns that were left out: %(value)s": "colonnes non lues : %(value)s",
    "it is hidden": "elle est masquée",
    "sheet %(name)s, row %(row)s": "feuille %(name)s, ligne %(row)s",
    "sheet %(name)s, row %(row)s, column %(header)s": "feuille %(name)s, ligne %(row)s, colonne %(header)s",
    "Waits: %(sentence)s": "En attente : %(sentence)s",
    "The event needs review (%(doubts)s).": "L’événement doit être vérifié (%(doubts)s).",
    "%(label)s may mean several zones: %(means)s": "%(label)s peut désigner plusieurs fuseaux : %(means)s",
    "neither a.m. nor p.m. is written: %(start)s (taken)": "ni a.m. ni p.m. n’est indiqué : %(start)s (retenu)",
    "expected one such as UTC.%(hint)s": "il faut par exemple UTC.%(hint)s",
    "start": "début",
    "time": "heure",
    "draft": "brouillon",
    "or": "ou",
    "and": "et",
}
TAGS = re.compile(r'</?bdi>|<span lang="en" dir="ltr">|</span>')
VALUES = st.one_of(
    st.integers(0, 10_000).map(str),
    st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,2}", fullmatch=True),
    st.text(st.characters(blacklist_characters="'\n", blacklist_categories=("Cs",)), max_size=20).map(repr),
    st.sampled_from(["2027-04-03 14:30", "Europe/Zurich", "ada@example.org", "<b>&</b>", "100%", "%(name)s"]),
)
# Such values are never a quotation or a name: any of those would make the sentence one that another message says, too.
COUNTS, MOMENTS, TAILS = {"line", "minutes"}, {"local"}, {"hint", "path2", "there", "waits"}


def value_of(name: str) -> st.SearchStrategy[str]:
    """Return the values that a placeholder may have; a tail follows without a blank of its own."""
    if name in TAILS:
        return st.just(" 7")
    if name.rstrip("0123456789") in COUNTS:
        return st.integers(0, 10_000).map(str)
    return st.just("2027-04-03 14:30") if name in MOMENTS else VALUES


def is_kept(values: dict[str, str], told: str) -> bool:
    """Return whether each word is there; where a tail follows, a value may end sooner, at a stop of its own."""
    if TAILS.intersection(values):
        return not Counter("".join("".join(values.values()).split())) - Counter(told)
    return all(word in told for value in values.values() for word in value.split())


def tell(sentence: str) -> str:
    return str(Phrasebook(lambda: FRENCH).tell(sentence))


@cache
def messages() -> tuple[str, ...]:
    return tuple(str(message.id) for message in read_catalog("fr", SENTENCES) if message.id)


@cache
def same_again() -> Phrasebook:
    """Return a phrasebook that translates each message to itself."""
    return Phrasebook(lambda: {message: message for message in messages()})


@cache
def turned_around() -> Phrasebook:
    """Return a phrasebook whose translations have the values in another order, and no word of English."""
    names = {message: [f"%({name})s" for name in PLACEHOLDER.findall(message)] for message in messages()}
    return Phrasebook(lambda: {message: " ÷ ".join(("÷", *reversed(names[message]))) for message in messages()})


def text_of(told: str) -> str:
    return unescape(TAGS.sub("", told))


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("this is required", "c’est obligatoire"),
        ("This is required.", "C’est obligatoire."),
        (
            "expected a date such as 2027-01-31, found 'x, found y'",
            "au lieu de <bdi>&#39;x, found y&#39;</bdi>, il faut une date comme 2027-01-31",
        ),
        (
            "row 3, column Titel: 'soon' is no date; expected one such as 3 April",
            "ligne 3, colonne <bdi>Titel</bdi>: « <bdi>soon</bdi> » est sans date ; il en faut une comme le 3 avril",
        ),
        ("row 3, column Start: this is required", "ligne 3, colonne <bdi>Start</bdi>: c’est obligatoire"),
        ("start: this is required", "début: c’est obligatoire"),
        ("performers.1.name: this is required", "<bdi>performers.1.name</bdi>: c’est obligatoire"),
        (
            "Creates a webinar on ada@example.org, then seats 6 people in it",
            "Crée un webinaire chez <bdi>ada@example.org</bdi>, puis y place 6 personnes",
        ),
        ("3 without a webinar licence", "3 sans licence de webinaire"),
        ("There is no key 'x'.", "Il n’y a pas de clé <bdi>&#39;x&#39;</bdi>."),
        (
            "There is no key 'x'. Did you mean 'y'?",
            "Il n’y a pas de clé <bdi>&#39;x&#39;</bdi>. Vouliez-vous dire <bdi>&#39;y&#39;</bdi> ?",
        ),
        ("50 % of it is read", "on en lit 50 %"),
        ("this is required or 7", "c’est obligatoire ou <bdi>7</bdi>"),
        (
            "There is no key 'x'. Did you mean Europe/Zurich or Europe/Paris?",
            "Il n’y a pas de clé <bdi>&#39;x&#39;</bdi>. "
            "Vouliez-vous dire <bdi>Europe/Zurich</bdi> ou <bdi>Europe/Paris</bdi> ?",
        ),
        (
            "sheet A, row 3, column Time zone: 'Mars' is no date; expected one such as 3 April",
            "feuille <bdi>A</bdi>, ligne 3, colonne <bdi>Time zone</bdi>: "
            "« <bdi>Mars</bdi> » est sans date ; il en faut une comme le 3 avril",
        ),
        (
            "Waits: The event needs review (time: CST may mean several zones: A: 08:30; B: 18:30; "
            "start: neither a.m. nor p.m. is written: 02:30 (taken)).",
            "En attente : L’événement doit être vérifié (heure: <bdi>CST</bdi> peut désigner plusieurs fuseaux : "
            "<bdi>A: 08:30; B: 18:30</bdi>; début: ni a.m. ni p.m. n’est indiqué : <bdi>02:30</bdi> (retenu)).",
        ),
        ("'x' is expected one such as UTC", "« <bdi>x</bdi> » est il faut par exemple UTC."),
        ("start and time: this is required", "début et heure: c’est obligatoire"),
        ("columns that were left out: Old (it is hidden)", "colonnes non lues : <bdi>Old</bdi> (elle est masquée)"),
    ],
)
def test_sentence_is_told_by_the_message_that_it_was_made_from(sentence: str, told: str) -> None:
    assert tell(sentence) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Deletes “Space and time” (draft)", "Supprime « <bdi>Space and time</bdi> » (brouillon)"),
        ("Deletes “time” (draft)", "Supprime « <bdi>time</bdi> » (brouillon)"),
        ("x is the address of “Space and time” already",
         "<bdi>x</bdi> est déjà l’adresse de « <bdi>Space and time</bdi> »"),
        ("column Date and time: this is required", "colonne <bdi>Date and time</bdi>: c’est obligatoire"),
        ("'time and place' is no date; expected one such as 3 April",
         "« <bdi>time and place</bdi> » est sans date ; il en faut une comme le 3 avril"),
        ("start_date and utc_start_date name different instants",
         "<bdi>start</bdi>_date et utc_<bdi>start</bdi>_date diffèrent"),
        ("columns that were left out: Space and time", "colonnes non lues : <bdi>Space and time</bdi>"),
        ("this is required; 'a; or time' or 'time'",
         "c’est obligatoire; <bdi>&#39;a; or time&#39;</bdi> ou <bdi>&#39;time&#39;</bdi>"),
    ],
)  # fmt: skip
def test_what_people_wrote_is_never_translated(sentence: str, told: str) -> None:
    assert tell(sentence) == told


def test_parts_are_joined_by_the_signs_of_the_language() -> None:
    chinese = Phrasebook(lambda: FRENCH, {". ": "。", ": ": "：", "; ": "；"})

    assert chinese.tell("start: this is required") == "début：c’est obligatoire"
    assert chinese.tell("This is required; this is required. This is required.") == (
        "C’est obligatoire；c’est obligatoire。C’est obligatoire。"
    )


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("fr", "3 avril 2027 est un samedi"),
        ("ru", "3 апреля 2027\u202fг."),
        ("zh", "2027年4月3日"),
    ],
)
def test_days_and_lone_words_are_said_in_the_language(code: str, told: str) -> None:
    language = load_languages([code])[code]

    assert told in text_of(language.tell("the weekday does not fit: 3 April 2027 is a Saturday"))
    assert 'lang="en"' not in language.tell("Imported: 2 created, 1 updated. 1 with doubts: see Review.")


@pytest.mark.parametrize(
    "sentence", ["this one is new", "nobody has ever written this down", "Other people", "x" * (LONGEST + 1), "<i>"]
)
def test_sentence_without_translation_is_marked_as_english(sentence: str) -> None:
    assert tell(sentence) == Markup('<span lang="en" dir="ltr">%s</span>') % sentence


def test_part_that_is_not_known_is_marked_as_english_beside_one_that_is() -> None:
    assert tell("nobody wrote this; this is required") == (
        '<span lang="en" dir="ltr">nobody wrote this</span>; c’est obligatoire'
    )


def test_english_page_tells_the_sentence_as_it_is() -> None:
    assert load_languages(["en"])["en"].tell("this <is> required") == Markup("this &lt;is&gt; required")


@given(st.data())
def test_each_message_is_found_with_whatever_values(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(messages()))
    values = {name: data.draw(value_of(name)) for name in PLACEHOLDER.findall(message)}
    sentence = (message % values).strip()

    told = text_of(same_again().tell(sentence))
    turned = text_of(turned_around().tell(sentence))

    assert told == sentence
    assert is_kept(values, turned)
    assert "÷" in turned or sum(letter.isalpha() for letter in PLACEHOLDER.sub("", message)) < 7


@given(
    st.lists(st.one_of(st.sampled_from(messages()), VALUES, st.text(max_size=10)), max_size=6), st.sampled_from(";:.")
)
def test_nothing_of_any_sentence_is_lost(parts: list[str], joint: str) -> None:
    sentence = f"{joint} ".join(parts)

    told = same_again().tell(sentence)

    assert text_of(told) == sentence
    assert isinstance(told, Markup)
    assert "<b>" not in TAGS.sub("", told)


@pytest.mark.parametrize("unit", ["; a: b, c or d. ", ": ", "; ", "row 1: the end; no 2, ", "%(name)s"])
def test_sentence_of_many_parts_is_kept_whole(unit: str) -> None:
    sentence = (unit * LONGEST)[:LONGEST].strip()

    assert text_of(same_again().tell(sentence)) == sentence
