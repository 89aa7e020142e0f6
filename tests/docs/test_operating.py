"""The runbook quotes the code's sentences, and includes all that ask an operator to decide or to wait."""

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from tests.docs.pages import ROOT, read, section
from zoom_ops.alerting.notifier import Notifier
from zoom_ops.alerting.targets import read_targets
from zoom_ops.errors import BadInputError, ParkedError, WaitingError, ZoomOpsError
from zoom_ops.messages import KINDS, Kind
from zoom_ops.messages.steps import STEPS

RUNBOOK, DEPLOYING, REFERENCE = (read(ROOT / "docs" / f"{page}.md") for page in ("operating", "deploying", "reference"))
SENTENCES_HEAD = "| it says |"  # the beginning of the header of each table of the runbook that quotes sentences
TELLING = (
    "ParkedError",
    "WaitingError",
    "AccountStoppedError",
    "Blocker",
    "Undecidable",
)  # the calls that carry a sentence to an operator
SPOKEN_IN = ("operations", "planning", "stages", "engine", "zoom")
SPOKEN_AT_THE_START = (
    "cli",
    "settings",
    "store",
    "web",
    "identity",
    "telemetry",
    "app.py",
    "drafts.py",
    "storage.py",
    "explain.py",
    "toml.py",
)
_QUOTE = re.compile(r"`([^`]+)`")


def test_sentences_of_runbook_are_said_by_the_code() -> None:
    spoken = (text for part in (*SPOKEN_IN, *SPOKEN_AT_THE_START, "homes") for text in _texts_of(part))
    texts = "\n".join((*spoken, *map(_with_commands, KINDS.values())))

    unknown = [quote for quote in _quoted_sentences() if not all(part in texts for part in _fixed_parts(quote))]

    assert unknown == []


@pytest.mark.parametrize("part", SPOKEN_IN)
def test_sentences_that_park_or_wait_are_in_the_runbook(part: str) -> None:
    quoted = list(_quoted_sentences())

    missing = [parts for parts in _sentences_told(part) if not any(_is_quoted(parts, quote) for quote in quoted)]

    assert missing == []


def test_exit_codes_of_runbook_are_those_of_the_errors() -> None:
    codes = {error: error.exit_code for error in (ZoomOpsError, BadInputError, ParkedError, WaitingError)}

    assert codes == {ZoomOpsError: 1, BadInputError: 2, ParkedError: 3, WaitingError: 5}
    assert "0 done, or nothing to do; 1 failed; 2 wrong use or bad input; 3 refused" in REFERENCE
    assert "5 waiting" in REFERENCE


def test_log_lines_of_runbook_are_written() -> None:
    sentences = {
        text
        for part in (
            *SPOKEN_IN,
            "alerting",
            "monitor",
            "telemetry",
            "gateways.py",
            "homes",
            "outgoing.py",
            "store",
            "web",
            "app.py",
            "cli",
            "storage.py",
        )
        for text in _texts_of(part)
    } | {f"run_{outcome}" for outcome in ("done", "retrylater", "park", "giveup")}

    rows = section(REFERENCE, "## Log lines").splitlines()
    named = {name for row in rows if row.startswith("| `") for name in _names(row)}

    assert named - sentences == set()


def _with_commands(kind: Kind) -> str:
    """Return the texts of a kind of message with its steps as commands."""
    return re.sub(r"\{(\w+\.\w+)\}", lambda place: f"zoom-ops {STEPS[place[1]]}", f"{kind.sentence} {kind.remedy}")


def _names(row: str) -> Iterable[str]:
    return _QUOTE.findall(row.split("|")[1])


def _quoted_sentences() -> Iterator[str]:
    """Yield the sentences in the first column of all tables of sentences."""
    quotes = False
    for line in RUNBOOK.splitlines():
        quotes = line.startswith(SENTENCES_HEAD) or (quotes and line.startswith("|"))
        if quotes and line.startswith("| `"):
            yield from _names(line)


def _fixed_parts(sentence: str) -> list[str]:
    """Split a sentence at its variable parts and possible joints; drop very short parts."""
    parts = (part.strip(" .,:;()") for part in re.split(r"…|(?<=[.;]) ", sentence))
    return [part for part in parts if len(part) > 2]


def _is_quoted(parts: tuple[str, ...], quote: str) -> bool:
    return any(part in words for words in parts for part in _fixed_parts(quote) if len(part) > 9)


def _sentences_told(part: str) -> Iterator[tuple[str, ...]]:
    """Yield the sentences in the calls of TELLING, each as its fixed parts; sentences built elsewhere are left out."""
    for tree in _trees(part):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TELLING:
                values = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "sentence")]
                for value in values:
                    if isinstance(value, ast.Constant | ast.JoinedStr) and (texts := tuple(_texts(value))):
                        yield texts


def _texts_of(part: str) -> Iterator[str]:
    return (text for tree in _trees(part) for text in _texts(tree))


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\w", node.value):
            yield node.value


def _trees(part: str) -> Iterator[ast.Module]:
    path = ROOT / "zoom_ops" / part
    for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
        yield ast.parse(file.read_text(encoding="utf-8"))


def test_recipes_of_who_is_told_are_targets_that_can_be_used() -> None:
    (block,) = re.findall(r"```text\n(.*?)```", section(RUNBOOK, "## Who is told"), re.DOTALL)

    targets, wrong = read_targets(block.splitlines(), ["main"])

    assert [target.label.partition(" ")[0] for target in targets] == [
        "mailtos", "slack", "workflows", "matrixs", "ntfys",
    ]  # fmt: skip
    assert (*wrong, *Notifier().find_wrong(targets)) == ()
