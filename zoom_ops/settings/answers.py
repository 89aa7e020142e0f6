"""Check single values of settings, as somebody types them."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..errors import BadInputError
from ..explain import explain_error, field_at
from .model import Settings
from .secret_files import is_secret
from .values import OwnName


def check_value(path: tuple[str, ...], given: Any) -> Any:
    """Check a value of a setting; return it as the settings hold it. Raise BadInputError with a sentence."""
    field = field_at(Settings, path)
    if field is None:
        raise AssertionError(f"there is no setting {path}")
    return _check(field.rebuild_annotation(), given, secret=is_secret(path))


def check_name(given: str) -> str:
    """Check the name of an account. Raise BadInputError."""
    return str(_check(OwnName, given, secret=False))


def check_text(given: str) -> str:
    """Check a text that people read: some letters, on one line. Raise BadInputError."""
    text = given.strip()
    if not text or not text.isprintable():
        raise BadInputError("expected some letters, on one line, without control characters.")
    return text


def _check(annotation: Any, given: Any, *, secret: bool) -> Any:
    try:
        return TypeAdapter(annotation).validate_python(given)
    except ValidationError as error:
        raise BadInputError(explain_error(error.errors()[0], Settings, secret=secret)) from None
