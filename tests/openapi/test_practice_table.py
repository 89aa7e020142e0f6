"""The operations table of the practice Zoom agrees with our own contract and Zoom's."""

import pytest

from tests.openapi.comparing import iter_parts, says_more
from tests.openapi.descriptions import SOURCES, Description, load_description
from zoom_ops.sandbox.contract import operations
from zoom_ops.sandbox.zones import ZONES


@pytest.fixture(scope="module", params=SOURCES)
def contract(request: pytest.FixtureRequest) -> Description:
    """The description that the table is checked against."""
    return load_description(request.param)


def test_operations_are_those_of_the_contract(contract: Description) -> None:
    described = {key: operation for key, operation in contract.operations.items() if "/oauth/" not in key[1]}
    known = {(operation.method, operation.path): operation for operation in operations()}

    assert known.keys() == described.keys()
    for key, operation in described.items():
        assert known[key].label == operation["x-zoom-rate-limit-label"]
        assert {*operation.get("x-zoom-scopes-granular", [])} <= {*known[key].scopes}


def test_bodies_may_hold_what_the_contract_allows(contract: Description) -> None:
    bodies = [(operation, operation.body) for operation in operations() if operation.body]

    faults = [
        fault
        for operation, schema in bodies
        for part in iter_parts(contract.request_body(operation.method, operation.path), schema, operation.id)
        for fault in says_more(*part)
    ]
    assert faults == []


def test_time_zones_are_those_of_the_contract(contract: Description) -> None:
    assert contract.zones == ZONES
