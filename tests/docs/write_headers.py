"""Write the headers of tables into docs/importing.md: `python -m tests.docs.write_headers`."""

import re

from tests.root import ROOT
from zoom_ops.readers.columns import HEADERS, LANGUAGES

PAGE = ROOT / "docs" / "importing.md"
SHOWN = ("en", "fr", "es", "de", "ru", "zh")
MOST = 3  # words of each
_PLACE = re.compile(r"(?<=write_headers` -->\n).*?(?=<!-- end of headers -->)", re.DOTALL)


def write_headers() -> str:
    """Render the page with the first headers of each field."""
    rows = [
        f"| {field.replace('_', ' ')} | " + " | ".join(", ".join(words.get(code, [])[:MOST]) for code in SHOWN) + " |"
        for field, words in HEADERS.items()
        if field != "any_name"
    ]
    head = [f"| field | {' | '.join(LANGUAGES[code] for code in SHOWN)} |", "|---" * (len(SHOWN) + 1) + "|"]
    table = "\n".join(["", *head, *rows, "", ""])
    return _PLACE.sub(lambda _: table, PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(write_headers(), encoding="utf-8")
