"""Rows without an address: whom they mean, and when that cannot be told."""

from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.planning import recognise
from zoom_ops.webinars import Panelist

ADA = Panelist(email="ada@example.org", name="Ada", id="a")
BO = Panelist(email="bo@example.org", name="Bo", id="b")


def _row(name: str, number: str | None = None) -> Panelist:
    return Panelist(email="", name=name, id=number, join_url=f"https://example.org/{number}")


def test_a_row_is_recognised_by_its_id_whatever_its_name() -> None:
    found = recognise([_row("Guest", "b")], [ADA, BO])
    assert (found.unknown, [row.email for row in found.panelists]) == (0, ["bo@example.org"])


def test_a_row_is_recognised_by_a_name_that_fits_exactly() -> None:
    found = recognise([_row(" ada ", "new")], [ADA, BO])
    assert found.find("ada@example.org") == Panelist(
        email="ada@example.org", name=" ada ", id="new", join_url="https://example.org/new"
    )


def test_people_of_one_name_are_there_without_a_link_that_may_be_anothers() -> None:
    other = Panelist(email="ada.two@example.org", name="Ada")
    found = recognise([_row("Ada", "x"), _row("Ada", "y")], [Panelist(email="ada@example.org", name="Ada"), other])
    assert found.unknown == 0
    assert {(row.email, row.id, row.join_url) for row in found.panelists} == {
        ("ada@example.org", None, None),
        ("ada.two@example.org", None, None),
    }


def test_a_row_that_is_nobody_we_know_is_counted() -> None:
    twice = recognise([_row("Ada", "x"), _row("Ada", "y")], [ADA])
    assert (recognise([_row("Guest", "z")], [ADA]).unknown, twice.unknown, recognise([_row("")], [ADA]).unknown) == (
        1,
        2,
        1,
    )


@given(st.lists(st.sampled_from(["a", "b", "c", None])), st.lists(st.sampled_from(["Ada", "Bo", "Cy", ""]), min_size=4))
def test_no_row_is_lost_and_no_person_is_found_twice(ids: list[str | None], names: list[str]) -> None:
    rows = [_row(name, number) for name, number in zip(names, ids, strict=False)]
    found = recognise(rows, [ADA, BO])
    assert len(found.panelists) + found.unknown == len(rows)
    assert len({row.email for row in found.panelists}) == len(found.panelists)
