"""The view of the event form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ....events import LANGUAGE_CODE
from ....readers import Source
from ....zones import list_zones
from ...i18n.language import Language
from .doubts import Doubt, list_doubts, places_of, sign_shown
from .fields import (
    ATTACHMENTS,
    DISPLAY_TIMES,
    HINTS,
    LISTS,
    MAIN,
    ORGANIZERS,
    PERFORMERS,
    SETTINGS,
    Field,
    Rows,
    Values,
    count_rows,
)
from .moving_end import sign_moments
from .standing import Subject
from .wording import LABELS, label_of, name_option


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """Everything that the form shows."""

    subject: Subject
    values: Values
    errors: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]  # the moments that a start or an end can mean
    moments: tuple[tuple[str, str], ...]  # zone, times there
    profiles: tuple[str, ...]
    accounts: tuple[str, ...]
    language: Language  # of the reader
    picture_hosts: tuple[str, ...] = ()  # from which pictures may be fetched
    said: tuple[str, ...] = ()
    focus: str = ""  # the field to go on with

    main: tuple[Field, ...] = MAIN
    settings: tuple[Field, ...] = SETTINGS
    performers: Rows = PERFORMERS
    organizers: Rows = ORGANIZERS
    attachments: Rows = ATTACHMENTS
    display_times: Rows = DISPLAY_TIMES
    labels: Mapping[str, str] = field(default_factory=lambda: LABELS)  # Python 3.11 takes no proxy as a default
    hints: Mapping[str, str] = field(default_factory=lambda: HINTS)

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """All doubts."""
        return list_doubts(self.subject.notes, self.values, self.language)

    @cached_property
    def sources(self) -> Mapping[str, tuple[Source, ...]]:
        """The places in the file, by field."""
        return places_of(self.subject.sources, self.values)

    @property
    def texts_language(self) -> str:
        """The language of the event's texts, if it is one."""
        language = self.values.get("language", "")
        return language if re.fullmatch(LANGUAGE_CODE, language) else ""

    @property
    def zones(self) -> tuple[str, ...]:
        """All time zones."""
        return list_zones()

    def doubts_at(self, key: str) -> tuple[Doubt, ...]:
        """Return the doubts that stand beside a field."""
        return tuple(doubt for doubt in self.doubts if doubt.at == key)

    def doubts_elsewhere(self) -> tuple[Doubt, ...]:
        """Return the doubts about what is no field of the form, or is not in it."""
        shown = self._shown
        return tuple(doubt for doubt in self.doubts if doubt.at not in shown)

    @property
    def mistakes(self) -> tuple[tuple[str, str, str], ...]:
        """The mistakes as the fields stand on the page: field, what it is called, sentence."""
        order = ("name", *LABELS, PERFORMERS.name, *(each.name for each in MAIN), *(rows.name for rows in LISTS))
        places = {name: place for place, name in reversed(list(enumerate(order)))}
        keys = sorted(self.errors, key=lambda key: places.get(key, places.get(key.partition("-")[0], len(order))))
        return tuple((key, label_of(key, self.language), self.errors[key]) for key in keys)

    @property
    def hidden(self) -> Values:
        """The hidden fields: on what the form stands, what it showed, and which choices it has taken over."""
        names = ("revision", "base", *(f"{doubt.key}-done" for doubt in self.doubts))
        kept = {name: self.values[name] for name in names if name in self.values}
        signed = sign_shown(self.subject.notes, self.values) | sign_moments(self.values)
        return kept | signed | self.subject.fields()

    def has_any(self, fields: tuple[Field, ...]) -> bool:
        """Return whether one of some fields has a mistake, a doubt or a place in the file."""
        return any(each.name in self.errors or self.doubts_at(each.name) for each in fields)

    def rare_of(self, rows: Rows) -> tuple[Field, ...]:
        """Return the fields of a row that are shown once they are asked for."""
        return tuple(each for each in rows.fields if each.rare)

    def has_rare(self, rows: Rows, number: int) -> bool:
        """Return whether a rare field of a row holds something, or has a mistake or a doubt."""
        keys = [(each, rows.key(number, each.name)) for each in self.rare_of(rows)]
        return any(
            self.values.get(key, each.default) != each.default or key in self.errors or self.doubts_at(key)
            for each, key in keys
        )

    def keys_of(self, rows: Rows, number: int) -> tuple[str, ...]:
        """Return the names of the fields of a row."""
        return tuple(rows.key(number, each.name) for each in rows.fields)

    def rows_of(self, rows: Rows) -> range:
        """Return the numbers of the rows of a list."""
        return range(count_rows(self.values, rows))

    def options_of(self, field: Field, key: str) -> tuple[str, ...]:
        """Return the values that a field may have, with the one it has."""
        options = {"profile": self.profiles, "account": ("", *self.accounts)}.get(field.name, field.options)
        value = self.values.get(key, field.default)
        return options if value in options else (*options, value)

    def name_option(self, field: Field, option: str) -> str:
        """Return what a choice is called; profiles and accounts have the names that they were given."""
        if not option:
            return self.language.say(field.empty)
        return self.language.say(name_option(option)) if option in field.options else option

    def is_day(self, text: str) -> bool:
        """Return whether a date field can hold what was typed; if not, it is shown as text."""
        return not text or (len(text) == 10 and text[4::3] == "--" and text.replace("-", "").isdecimal())

    def is_time(self, text: str) -> bool:
        """Return whether a time field can hold what was typed; if not, it is shown as text."""
        return not text or (text[2:3] == ":" and text.replace(":", "").isdecimal() and len(text) in (5, 8))

    @cached_property
    def _shown(self) -> frozenset[str]:
        single = {
            "start-date",
            "start-time",
            "end-date",
            "end-time",
            "timezone",
            *(each.name for each in (*self.main, *self.settings)),
        }
        lists = {rows.name for rows in LISTS}
        cells = {rows.key(row, f.name) for rows in LISTS for row in self.rows_of(rows) for f in rows.fields}
        return frozenset(single | lists | cells)
