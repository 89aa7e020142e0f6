"""The settings of a JSON API: where its records are, how they are read, and how a link is written to one."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from ..settings import HomeSettings

_STATUSES = {"cancelled": "cancelled", "canceled": "cancelled", "postponed": "postponed"}


def _expression(text: str) -> str:
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


Expression = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_expression)]
RecordPath = Annotated[str, Field(max_length=500), AfterValidator(_with_id)]
Names = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$", max_length=300)]  # with dots between them


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Auth(_Part):
    """How we say who we are."""

    scheme: Literal["none", "basic", "bearer", "header"] = Field(
        default="none",
        description="`basic`: user and secret. `bearer`: `Authorization: Bearer SECRET`. `header`: below.",
    )
    user: str = Field(default="", description="The login, for `basic`.")
    header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]+$", description="For `header`: its name.")
    prefix: str = Field(default="", description='For `header`: what stands before the secret, such as `"Token "`.')
    secret: SecretStr | None = Field(default=None, repr=False, description="The password or token.")
    proof: str = Field(
        default="",
        description="A path whose answer says who asks. For an API that answers wrong credentials as it answers"
        " visitors.",
    )
    proven_by: Expression = Field(
        default="@", description="JMESPath into that answer: it gives a value where the credentials are right."
    )

    @model_validator(mode="after")
    def _has_secret(self) -> Self:
        if self.scheme != "none" and self.secret is None:
            raise ValueError('this way needs a secret: secret_file = "…" or secret_env = "…".')
        return self


class Listing(_Part):
    """How the records are listed. Each answer holds whole records."""

    path: str = Field(max_length=500, description="The path of the list.")
    params: dict[str, str] = Field(default={}, description="Parameters of its address, such as the size of a page.")
    items: Expression = Field(default="@", description="JMESPath to the records in an answer.")
    next: Literal["none", "link", "header", "json", "page"] = Field(
        default="none",
        description="How the next page is found: not at all; by a header `Link` with rel=next; by the address in the"
        " header or at the JMESPath `next_at`; by counting up the parameter `next_at` until a page is empty.",
    )
    next_at: str = Field(default="", max_length=300, description="The header, JMESPath or parameter of the next page.")
    since: str = Field(
        default="", description="The parameter that asks for changes only. Empty: everything is listed each time."
    )
    cursor_header: str = Field(default="", description="The header of the first page with the value of `since`.")
    cursor_at: Expression | None = Field(
        default=None, description="JMESPath into the last page to the value of `since`, instead of a header."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.next in ("header", "json", "page") and not self.next_at:
            raise ValueError(f'next = "{self.next}" needs next_at.')
        if self.next == "page" and not self.params.get(self.next_at, "1").isdecimal():
            raise ValueError(f"params.{self.next_at} is the number of the first page.")
        if self.next == "json":
            _expression(self.next_at)
        if self.since and not (self.cursor_header or self.cursor_at):
            raise ValueError("since needs cursor_header or cursor_at, which say its value for the next time.")
        return self


class Fields(_Part):
    """JMESPath from a record to each field. What is not given is not read."""

    id: Expression = Field(default="id", description="The id that stands in the path of a record.")
    title: Expression = Field(description="The title.")
    start: Expression = Field(description="A date and time in ISO 8601.")
    end: Expression | None = Field(default=None, description="The same; it or `duration` is needed.")
    duration: Expression | None = Field(default=None, description="The length, such as `1h15` or `PT75M`.")
    timezone: Expression | None = Field(default=None, description="The IANA time zone.")
    description: Expression | None = Field(default=None, description="The text.")
    is_html: bool = Field(default=False, description="No expression: whether title and description are HTML.")
    language: Expression | None = Field(default=None, description="The language, such as `en`.")
    series: Expression | None = Field(default=None, description="The series or conference.")
    venue: Expression | None = Field(default=None, description="The place.")
    organizers: Expression | None = Field(default=None, description="A list of names of organisations.")
    speakers: Expression | None = Field(
        default=None,
        description="A list of names, or of objects with name, honorific, role, organization, email, kind.",
    )
    attachments: Expression | None = Field(
        default=None, description="A list of objects with title, url, visibility. Our own entries are left out."
    )
    status: Expression | None = Field(default=None, description="A word that `statuses` explains.")
    do_not_record: Expression | None = Field(
        default=None, description="Gives true where the event must not be recorded."
    )
    public: Expression | None = Field(
        default=None,
        description="Gives true where everybody may read the record: for all, the literal true between backticks."
        " Without it no record is public.",
    )
    labels: Expression | None = Field(default=None, description="A text, or a list of texts: what `rules` ask for.")
    url: Expression | None = Field(default=None, description="The address of the record's page for people.")
    deleted: Expression | None = Field(default=None, description="Gives true where the record was deleted.")
    webinar_id: Expression | None = Field(
        default=None, description="The number of a Zoom webinar that the record has already."
    )


class Write(_Part):
    """How a link is written. Without this section the home is only read."""

    method: Literal["PATCH", "PUT", "POST"] = Field(default="PATCH", description="The method of the request.")
    path: RecordPath | None = Field(default=None, description="Where it is sent; by default the path of the record.")
    params: dict[str, str] = Field(default={}, description="Parameters of that address.")
    body: Literal["json", "merge-patch", "json-patch", "jsonapi", "whole"] = Field(
        default="json",
        description="`json`, `merge-patch`: the list of links alone. `json-patch`: RFC 6902. `jsonapi`: with type and"
        " id. `whole`: the record as it was read, with the new list.",
    )
    at: Names = Field(description="Where the list of links is in a record: names with dots between them.")
    key: str = Field(
        default="", description="The field of a link that keeps our key. Empty: the key stands at the end of its url."
    )
    title: str = Field(default="title", description="The field of a link with its title.")
    url: str = Field(default="url", description="The field of a link with its address.")
    visibility: str = Field(default="", description="The field of a link with `public` or `members`.")
    extra: dict[str, Any] = Field(default={}, description="More fields that each link of ours gets.")
    sends_etag: bool = Field(default=True, description="Send If-Match where an answer has an ETag.")
    etag_at: Expression | None = Field(default=None, description="JMESPath to the ETag in the answer of a record.")


class Settings(HomeSettings):
    """The settings of a JSON API."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "list": {"path": "/records"},
        "record": "/records/{id}",
        "fields": {"title": "title", "start": "start", "end": "end"},
    }

    kind: Literal["json_api"]
    auth: Auth | None = Field(
        default=None,
        description="A section: who we are. [homes/json_api.md](homes/json_api.md) has the keys of all sections.",
    )
    accept: str = Field(default="application/json", description="The media type that is asked for.")
    list: Listing = Field(description="A section: how the records are listed.")
    record: RecordPath = Field(description="The path of one record, such as `/records/{id}`.")
    item: Names | None = Field(default=None, description="Where the record is in the answer of that path.")
    page: str = Field(default="", description="The address of a record's page for people, with `{id}`.")
    fields: Fields = Field(description="A section: what of a record is read.")
    timezone: str = Field(default="", description="The time zone of records that name none.")
    statuses: dict[str, str] = Field(
        default=_STATUSES, description="What the words of `status` mean: cancelled, postponed; any other: it is held."
    )
    members: Literal["no", "closed"] = Field(
        default="no",
        description="Whether a link can be for members. `closed`: visitors can read no record here, which is tried"
        " before each such link is written.",
    )
    members_see: str = Field(default="", max_length=200, description="Who members are: `members of UNGIS`.")
    write: Write | None = Field(
        default=None, description="A section: how a link is written. Without it the home is only read."
    )

    @property
    def login(self) -> Auth:
        """How we say who we are."""
        return self.auth or Auth()

    @property
    def above(self) -> tuple[str, ...]:
        """The names that lead to the record in the answer of its path."""
        return tuple(self.item.split(".")) if self.item else ()

    @model_validator(mode="after")
    def _can_hide(self) -> Self:
        if self.members != "no" and self.write and not self.write.visibility:
            raise ValueError("links for members need write.visibility, the field that says whom a link is for.")
        return self
