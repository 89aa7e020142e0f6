"""The table of figures in docs/scale.md: what is measured again takes the place of its earlier figures."""

import re
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figure import Figure
from tests.root import ROOT

PAGE = ROOT / "docs" / "scale.md"
_TABLE = re.compile(r"(?<=<!-- make bench -->\n).*?(?=<!-- end -->)", re.DOTALL)
_HEAD = ("`--only`", "what", "measured", "budget", "beside it")


def write_figures(by: str, figures: Sequence[Figure], page: Path = PAGE) -> None:
    """Write the figures of a measurement into the table of a page. `by`: its name with the options it was given."""
    page.write_text(with_figures(page.read_text("utf-8"), by, figures), "utf-8")


def with_figures(text: str, by: str, figures: Sequence[Figure]) -> str:
    """Return a page whose table has these figures in the place of those that were measured in the same way."""
    found = _TABLE.search(text)
    if not found:
        raise ValueError("the page has no table between <!-- make bench --> and <!-- end -->")
    rows = found[0].splitlines()[2:]
    others = [row for row in rows if not row.startswith(f"| {by} |")]
    place = next((number for number, row in enumerate(rows) if row.startswith(f"| {by} |")), len(others))
    table = [_row(_HEAD), _row(["---"] * len(_HEAD)), *others[:place], *(_line(by, each) for each in figures)]
    return text[: found.start()] + "\n".join([*table, *others[place:], ""]) + text[found.end() :]


def _line(by: str, figure: Figure) -> str:
    what, measured, unit, budget, kept, peer = figure.cells()
    value = f"{measured} {unit}" if kept != "NOT KEPT" else f"**{measured}** {unit}"
    return _row((by, what, value, budget, peer))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
