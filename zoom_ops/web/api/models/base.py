"""What all answers share: pages of lists, problems, changes of fields."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

PLACE = "#/components/schemas/{model}"


class Answer(BaseModel):
    """Base of the models. A member without a default is always there; later versions may add members."""

    model_config = ConfigDict(frozen=True)


class NextStep(Answer):
    """What to do next."""

    verb: str = Field(description="Such as `runs.retry`.")
    subject: dict[str, Any] = Field(description="What it is done to, by name.")
    command: str = Field(description="The command that does it.")


class Told(Answer):
    """A message: what happened, with a code that stays the same while sentences change."""

    code: str = Field(description="Such as `holdups.run_failed`; `said` for words without a code.")
    values: dict[str, Any]
    step: NextStep | None
    sentence: str = Field(description="The message in English, with what to do.")


class Page(Answer):
    """Base of the pages of lists."""

    next: str | None = Field(description="The address of the next page; null on the last one.")


class Mistake(Answer):
    """A mistake in what was sent."""

    detail: str
    parameter: str = Field(default="", description="The parameter of the request, where one is wrong.")
    line: int = Field(default=0, description="The line of the body; absent for a parameter.")
    field: str = Field(default="", description="The field, where a file in the event model has the mistake.")
    found: str = Field(default="", description="What stands there.")
    expected: str = Field(default="", description="What may stand there.")


class Problem(Answer):
    """Why a request failed (RFC 9457)."""

    type: str = Field(description="Always about:blank: the status says the kind.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, to which thing, and what to do.")
    errors: tuple[Mistake, ...] = Field(
        default=(), description="The mistakes in what was sent: 20 of them, and then how many more."
    )
    ways: str = Field(default="", description="How to ask again, where the request has several meanings.")


class FieldChange(Answer):
    """A field with its old and its new value."""

    field: str
    old: Any
    new: Any
