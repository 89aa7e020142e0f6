"""What a search found is read as a set, or as the few texts that it did not find, whichever is quicker."""

import random

import pytest

from zoom_ops.store.lists.texts import Texts, read_texts

EVERY = tuple(str(number) for number in (*range(1, 40), 99, *range(996, 1_040), 10_000, 123_456))
FIRST, MIDDLE, LAST = (EVERY[0],), EVERY[30:60], EVERY[-2:]


@pytest.mark.parametrize(
    ("missing", "few"), [((), True), (FIRST, True), (MIDDLE, True), (FIRST + LAST, True), (EVERY[:-3], False)]
)
def test_found_texts_are_those_found(missing: tuple[str, ...], few: bool) -> None:
    found = [number for number in EVERY if number not in missing]

    texts = _read(found)

    assert list(texts.pick(EVERY)) == found
    assert texts == Texts(numbers=frozenset(missing if few else found), are_left_out=few)


def test_texts_are_counted_and_chosen_alike_in_both_forms() -> None:
    chance = random.Random("texts")
    for _ in range(50):
        missing = frozenset(chance.sample(EVERY, chance.randrange(60)))
        found, others = frozenset(EVERY) - missing, frozenset(chance.sample(EVERY, 20))

        texts = _read([number for number in EVERY if number in found])
        rest = texts.without(others)

        assert texts.are_left_out == (len(missing) <= 32)
        assert (texts.size(len(EVERY)), texts.count(others)) == (len(found), len(found & others))
        assert set(rest.pick(EVERY)) == found - others


@pytest.mark.parametrize("found", [["1", "3", "2"], ["2", "1000000"], ["12", "3"], ["40"]])
def test_numbers_in_another_order_or_unknown_are_a_set(found: list[str]) -> None:
    assert read_texts(",".join(found), "1,2,3,") == Texts(numbers=frozenset(found))


def _read(found: list[str]) -> Texts:
    return read_texts(",".join(found), "".join(f"{number}," for number in EVERY))
