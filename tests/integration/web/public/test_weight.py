"""No public page weighs more than it may."""

from tests.web_site import Site, Visitor
from tests.web_states import fill
from tests.weight import weigh

BUDGET = 30_000  # bytes; much less than tests.weight.ALLOWED, for readers with a slow connection


def test_no_page_weighs_more_than_its_budget(site: Site, visitor: Visitor) -> None:
    pages = fill(site)

    weights = {name: weigh(visitor, path) for name, path in pages.items()}

    assert {name: weight for name, weight in weights.items() if weight > BUDGET} == {}
