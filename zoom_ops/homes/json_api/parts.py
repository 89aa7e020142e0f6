"""What the sections of the file of a JSON API have in common."""

from typing import Annotated

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def check_expression(text: str) -> str:
    """Return an expression of JMESPath; raise ValueError for what is none."""
    try:
        jmespath.compile(text)
    except RecursionError:
        raise ValueError("expected a JMESPath expression; this one has too many brackets in one another.") from None
    except JMESPathError as error:
        raise ValueError(
            f"expected a JMESPath expression such as data.title; {str(error).splitlines()[0].rstrip(': ')}."
        ) from None
    return text


def _with_id(path: str) -> str:
    if path.count("{id}") != 1:
        raise ValueError("expected a path with {id} once, such as /records/{id}.")
    return path


Expression = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(check_expression)]
RecordPath = Annotated[str, Field(max_length=500), AfterValidator(_with_id)]
Names = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$", max_length=300)]  # with dots between them


class Part(BaseModel):
    """A section of the file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
