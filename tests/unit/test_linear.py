"""What anybody may send takes linear time: normal forms and addresses are what the standard library makes of them."""

import re
import tracemalloc
import unicodedata
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_ops.linear import LONGEST_HOST, LONGEST_RUN, join_url, load_json, normalize, split_url, weigh_json

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
LETTERS = "aé가ᄀ日がـ\u0301\u0327\u0f73\uff9e\ufdfa\u093f .\n"  # each kind: composed, halves, marks, what becomes many


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(text=st.text(LETTERS, max_size=40), times=st.sampled_from((1, 40, 200)))
def test_normal_form_is_that_of_the_standard_library(form: str, text: str, times: int) -> None:
    long = f"{text} " * times

    assert normalize(form, long) == unicodedata.normalize(form, long)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("marks", ["\u0301\u0327", "\u0f73\u0301", "\uff9e\u0301", "\U0001d165\u0301"])
def test_run_of_marks_is_cut_before_it_is_sorted(form: str, marks: str) -> None:
    normal = normalize(form, "é" + marks * 100_000)

    assert len(normal) <= 300 * LONGEST_RUN


def test_every_character_that_becomes_a_mark_counts_as_one() -> None:
    becoming = [sign for sign in map(chr, range(0x300, 0x1F000)) if _becomes_a_mark(sign)]

    kept = {sign: normalize("NFC", "日本語" * 400 + sign * 200).count(sign) for sign in becoming}

    assert len(becoming) > 800
    assert {sign: count for sign, count in kept.items() if count > LONGEST_RUN} == {}


def _becomes_a_mark(sign: str) -> bool:
    return bool(unicodedata.combining(sign) or unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]))


@pytest.mark.parametrize(
    "address",
    ["https://bücher.example.org/päth?q#f", "//host", "/päth" * 400, "http://a" + "/é" * 2000, "é" * 2000],
)
def test_address_is_split_as_the_standard_library_does(address: str) -> None:
    assert split_url(address) == urlsplit(address)
    assert join_url("https://example.org/a/", address) == urljoin("https://example.org/a/", address)


@pytest.mark.parametrize("beginning", ["http://", "//", "/\t/", "http:/\n/x@"])
def test_host_that_is_too_long_is_refused_before_it_is_normalised(beginning: str) -> None:
    address = beginning + "\u0301\u0327" * LONGEST_HOST + "/path"

    for split in (split_url, lambda address: join_url("http://example.org/", address)):
        with pytest.raises(ValueError, match=re.escape(f"more than {LONGEST_HOST} characters")):
            split(address)


@pytest.mark.parametrize(
    "text",
    [
        "[" + '{"a":{"b":{}}},' * 3_000 + "0]",
        "[" + "[[[[]]]]," * 3_000 + "0]",
        "{" + "".join(f'"key {number}":{number}.5,' for number in range(9_000)) + '"a":0}',
        "[" + '"tide",' * 9_000 + "0]",
        "[" + "1234567890123," * 9_000 + "0]",
        '["' + "a" * 500_000 + '🌊"]',
        '["' + "a" * 500_000 + '潮"]',
        '["' + "潮" * 200_000 + '"]',
        '["' + "a" * 500_000 + '"]',
    ],
    ids=lambda text: text[:20],
)
def test_weight_of_json_is_not_far_below_the_memory_that_it_takes(text: str) -> None:
    body = text.encode()
    tracemalloc.start()
    value = load_json(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert value
    assert peak + len(body) < 1.1 * weigh_json(body)
    assert weigh_json(body) < 4 * peak
