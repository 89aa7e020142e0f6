"""Each verb is on the command line, in the API and in the console; or docs/reference.md says in a sentence why not."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from tests.docs.pages import ROOT, read, section
from tests.docs.test_api import describe
from tests.unit.cli.grammar.tree import iter_tree
from zoom_ops.cli.grammar.groups import Group
from zoom_ops.web import console

PAGE = ROOT / "docs" / "reference.md"
READS = ("GET", "HEAD")


@dataclass(frozen=True, kw_only=True)
class Surface:
    """A surface with its verbs, and the other things that a row may name."""

    verbs: frozenset[str]
    pages: frozenset[str] = frozenset()


def cells() -> list[list[str]]:
    """Return the cells of the table: verb, command line, API, console."""
    lines = [line for line in section(read(PAGE), "### Every verb").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def command_line() -> Surface:
    """List the commands."""
    return Surface(verbs=frozenset(" ".join(path) for path, found in iter_tree() if not isinstance(found, Group)))


def api() -> Surface:
    """List the operations."""
    return Surface(
        verbs=frozenset(
            f"{method.upper()} {path}" for path, methods in describe()["paths"].items() for method in methods
        )
    )


def web_console() -> Surface:
    """List the actions; the pages may be named, and need not."""
    routes = list(_iter_routes())
    return Surface(
        verbs=frozenset(f"{method} {path}" for method, path in routes if method not in READS),
        pages=frozenset(path for method, path in routes if method == "GET"),
    )


def test_every_verb_is_in_one_row() -> None:
    for column, surface in enumerate((command_line(), api(), web_console()), start=1):
        named = [name for row in cells() for name in re.findall(r"`([^`]+)`", row[column])]

        assert surface.verbs - set(named) == set(), "add a row to docs/reference.md, Every verb"
        assert set(named) - surface.verbs - surface.pages == set(), "docs/reference.md names what is not there"
        assert [name for name in surface.verbs if named.count(name) > 1] == []


def test_every_row_has_all_three_or_a_sentence_that_says_why_not() -> None:
    for verb, *surfaces in cells():
        assert len(surfaces) == 3, verb
        for cell in surfaces:
            is_named, is_reason = cell.startswith("`"), bool(re.fullmatch(r"[A-Z][^`]{10,}\.", cell))
            assert is_named or is_reason, f"{verb}: {cell}"


def _iter_routes() -> Iterator[tuple[str, str]]:
    for module in pkgutil.walk_packages(console.__path__, f"{console.__name__}."):
        router = getattr(importlib.import_module(module.name), "router", None)
        for route in router.routes if router else ():
            if isinstance(route, APIRoute):
                yield from ((method, route.path) for method in route.methods)
