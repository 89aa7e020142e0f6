"""The settings of a JSON API: where its records are, how they are read, and how a link is written to one."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ..settings import HomeSettings
from .auth import Auth
from .parts import Expression, Names, Part, RecordPath, check_expression

_STATUSES = {"cancelled": "cancelled", "canceled": "cancelled", "postponed": "postponed"}


class Listing(Part):
    """How the records are listed. Each answer holds whole records."""

    path: str = Field(max_length=500, description="The path of the list.")
    params: dict[str, str] = Field(default={}, description="Parameters of its address, such as the size of a page.")
    items: Expression = Field(default="@", description="JMESPath to the records in an answer.")
    whole_params: dict[str, str] = Field(
        default={}, description="More parameters where everything is listed, and not where changes are."
    )
    next: Literal["none", "link", "header", "json", "token", "page"] = Field(
        default="none",
        description="How the next page is found: not at all; by a header `Link` with rel=next; by the address in the"
        " header or at the JMESPath `next_at`; by the token at the JMESPath `next_at`, which the parameter `next_as`"
        " takes; by counting up the parameter `next_at` until a page is empty.",
    )
    next_at: str = Field(default="", max_length=300, description="The header, JMESPath or parameter of the next page.")
    next_as: str = Field(default="", max_length=300, description="For `token`: the parameter that takes it.")
    included: Expression | None = Field(
        default=None,
        description="JMESPath from an answer to the objects that its records point to, as JSON:API has them. Each"
        " record gets its own as `included`, in the order in which it names them.",
    )
    since: str = Field(
        default="", description="The parameter that asks for changes only. Empty: everything is listed each time."
    )
    cursor_header: str = Field(default="", description="The header of the first page with the value of `since`.")
    cursor_at: Expression | None = Field(
        default=None, description="JMESPath into a page to the value of `since`, instead of a header."
    )
    cursor_page: Literal["first", "last"] = Field(default="last", description="The page that `cursor_at` looks into.")
    cursor_as: Literal["text", "seconds"] = Field(
        default="text", description="`seconds`: a time in ISO 8601 is asked for in seconds since 1970."
    )
    all_again_h: int = Field(
        default=0,
        ge=0,
        le=168,
        description="After so many hours everything is listed again, where changes do not tell what was deleted. 0:"
        " never.",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.next not in ("none", "link") and not self.next_at:
            raise ValueError(f'next = "{self.next}" needs next_at.')
        if self.next == "token" and not self.next_as:
            raise ValueError('next = "token" needs next_as.')
        if self.next == "page" and not self.params.get(self.next_at, "1").isdecimal():
            raise ValueError(f"params.{self.next_at} is the number of the first page.")
        if self.next in ("json", "token"):
            check_expression(self.next_at)
        if self.since and not (self.cursor_header or self.cursor_at):
            raise ValueError("since needs cursor_header or cursor_at, which say its value for the next time.")
        return self


class Fields(Part):
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
        default=None,
        description="The number of a Zoom webinar that the record has already: it is adopted, and no second one is"
        " made.",
    )


class Write(Part):
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
    holds: Literal["list", "html"] = Field(
        default="list",
        description="What stands there. `html`: a text, to which each link is added as a paragraph. Then `key`,"
        " `title`, `url`, `visibility`, `extra` and `ignores` count for nothing.",
    )
    read: RecordPath | None = Field(
        default=None,
        description="For `html`: where the text is read before it is written, if the path of the record gives it in"
        " another form than people wrote it.",
    )
    allowed: Expression | None = Field(
        default=None,
        description="From what is read before a write: where it gives nothing, nothing is written, and an operator is"
        " told.",
    )
    key: str = Field(
        default="", description="The field of a link that keeps our key. Empty: the key stands at the end of its url."
    )
    title: str = Field(default="title", description="The field of a link with its title.")
    url: str = Field(default="url", description="The field of a link with its address.")
    visibility: str = Field(default="", description="The field of a link with `public` or `members`.")
    extra: dict[str, Any] = Field(default={}, description="More fields that each link of ours gets.")
    ignores: tuple[str, ...] = Field(
        default=(), strict=False, description="Fields that the API itself adds to a link: they are no change of people."
    )
    sends_etag: bool = Field(default=True, description="Send If-Match where an answer has an ETag.")
    etag_at: Expression | None = Field(default=None, description="JMESPath to the ETag in the answer of a record.")

    @model_validator(mode="after")
    def _reads_text(self) -> Self:
        if self.read and self.holds != "html":
            raise ValueError('read is for holds = "html" only.')
        return self


class Settings(HomeSettings):
    """The settings of a JSON API."""

    kind: Literal["json_api"]
    auth: Auth | None = Field(
        default=None,
        description="A section: who we are. [homes/json_api.md](homes/json_api.md) has the keys of all sections.",
    )
    accept: str = Field(default="application/json", description="The media type that is asked for.")
    busy: Expression | None = Field(
        default=None,
        description="JMESPath into an answer with HTTP 403: it gives a value where too much was asked. Else a right is"
        " missing.",
    )
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
        if self.members != "no" and self.write and self.write.holds == "list" and not self.write.visibility:
            raise ValueError("links for members need write.visibility, the field that says whom a link is for.")
        return self
