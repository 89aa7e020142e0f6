"""Files that are no YAML or no JSON: where, what stands there, and what to do, in our words."""

import json

import yaml

from ...errors import BadInputError
from .moments import shown

_JSON = (  # the beginning of json's message, and what was expected
    ("Expecting value", "a value: a text in double quotes, a number, true, false, null, a list or an object"),
    ("Expecting ',' delimiter", "a comma, or the end of the list or object"),
    ("Expecting ':' delimiter", "a colon after the key"),
    ("Expecting property name", "a key in double quotes"),
    ("Illegal trailing comma", "no comma before the end of a list or object"),
    ("Extra data", "nothing after the end of the list or object"),
    ("Unterminated string", "the quotation mark that closes this text"),
    ("Invalid control character", "no line break inside a text: write \\n"),
    ("Invalid \\", "\\\\ for a backslash"),
    ("Unexpected UTF-8 BOM", "no byte order mark inside the text"),
)
_YAML = (  # words of libyaml's message, and what to do
    ("depth", "write fewer levels, one inside the other"),
    ("mapping values are not allowed", "put a value that holds a colon and a blank in quotes"),
    ("cannot start any token", "indent with spaces, not with tabs; put a value that begins with a sign in quotes"),
    ("flow sequence", "close the [ of the list, and part its entries by commas"),
    ("flow mapping", "close the { and part its entries by commas"),
    ("quoted scalar", "close the quotation mark"),
    ("block mapping", "write key: value, and give all keys of an event the same indentation"),
    ("block collection", "give all entries of the list the same indentation, each with a dash and a blank"),
    ("block sequence", "give all entries of the list the same indentation, each with a dash and a blank"),
    ("block scalar", "indent the lines below | or > with spaces"),
    ("simple key", "write a colon and a blank after the key"),
    ("anchor", "put a value that begins with & in quotes"),
    ("alias", "put a value that begins with * in quotes"),
    ("tag", "put a value that begins with ! in quotes"),
    ("document start", "put --- on a line of its own between two events"),
    ("control characters", "remove the control character"),
    ("not allowed", "remove the control character"),
)
_OTHERWISE = "check the indentation and the quotation marks of this line and of the one above"


def not_json(error: json.JSONDecodeError, file: str) -> BadInputError:
    """Build the error of a file that is not JSON."""
    expected = next((words for begin, words in _JSON if error.msg.startswith(begin)), "JSON")
    rest = error.doc[error.pos :].split("\n")[0].strip()
    found = shown(rest[:40]) if rest else "the end of the line" if error.pos < len(error.doc) else "the end of the file"
    return BadInputError(f"this is not JSON: expected {expected}, found {found}", file=file, line=error.lineno)


def not_yaml(error: yaml.YAMLError, text: str, file: str) -> BadInputError:
    """Build the error of a file that is not YAML."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)  # of a character that YAML does not know
    number = text.count("\n", 0, position) if isinstance(position, int) else mark.line if mark else 0
    said = " ".join(filter(None, (getattr(error, "context", None), getattr(error, "problem", None)))) or str(error)
    advice = next((words for part, words in _YAML if part in said), _OTHERWISE)
    lines = text.split("\n")
    line = lines[number] if number < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        advice = "indent with spaces, not with tabs"
    found = shown(line.strip()[:60]) if line.strip() else "the end of the file"
    return BadInputError(f"this is not YAML: found {found}; {advice}", file=file, line=number + 1)
