"""Write the description of the API, and its operations into docs/api.md: `python -m tests.docs.write_api`."""

import json
import re
from typing import Any

from tests.docs.pages import ROOT, read, section
from zoom_ops.web.api_door import DESCRIPTION

PAGE = ROOT / "docs" / "api.md"
HEADING = "### Every operation"


def write_table(description: dict[str, Any]) -> str:
    """Render the operations of an OpenAPI description as a table."""
    rows = [
        f"| `{method.upper()} {path}` | {_scopes(operation)} | {_sentence(operation)} |"
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    return "\n".join(("| operation | scope | |", "| --- | --- | --- |", *rows))


def write_description(description: dict[str, Any]) -> str:
    """Render the OpenAPI description that the service shows."""
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def written() -> str:
    """Return the table of the page."""
    return section(read(PAGE), HEADING).strip()


def _scopes(operation: dict[str, Any]) -> str:
    return " or ".join(f"`{scope}`" for scope in operation["security"][0]["token"])


def _sentence(operation: dict[str, Any]) -> str:
    return re.split(r"(?<=\.)\s", operation["description"], maxsplit=1)[0].removesuffix(".").replace("|", "/")


if __name__ == "__main__":
    from tests.docs.test_api import describe

    DESCRIPTION.write_text(write_description(describe()), encoding="utf-8")
    text = read(PAGE)
    before, _, rest = text.partition(HEADING)
    after = re.sub(r"\A.*?(?=^## )", "", rest, flags=re.MULTILINE | re.DOTALL)
    PAGE.write_text(f"{before}{HEADING}\n\n{write_table(describe())}\n\n{after}", encoding="utf-8")
