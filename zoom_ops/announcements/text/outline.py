"""The parts of an announcement: head, organizers, venue, description, people, links."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from ..lines import Label, Line, is_prose, read_label
from ..who import (
    Entry,
    begins_person,
    is_body,
    is_person_line,
    is_role,
    is_unnamed,
    looks_like_person,
    speaks_of_person,
    split_honorific,
)
from .organizers import is_organizer_sentence
from .shapes import (
    find_list,
    is_closing,
    is_instruction,
    is_invitation,
    is_noise,
    is_place,
    is_platform,
    is_subheading,
    leaves_people,
    lists_people,
)

LONG = 200


@dataclass(kw_only=True)
class Outline:
    """The lines of an announcement, sorted by part."""

    head: list[Line] = field(default_factory=list)
    subject: Line | None = None
    title: Line | None = None
    title_text: str = ""
    series: str = ""
    organizers: list[tuple[Line, str]] = field(default_factory=list)
    venues: list[str] = field(default_factory=list)
    body: list[list[str]] = field(default_factory=list)
    body_lines: list[Line] = field(default_factory=list)
    people: list[Entry] = field(default_factory=list)
    links: list[Line] = field(default_factory=list)
    links_note: str = ""


def read_outline(lines: Sequence[Line], schedule: Collection[int]) -> Outline:
    """Sort the lines into the parts of an announcement, without the lines of its schedule."""
    walk = _Walk()
    for line in lines:
        if line.number in schedule:
            walk.schedule()
        elif not line.text:
            walk.blank()
        elif is_closing(line.text) and walk.section != "top":
            break
        else:
            walk.line(line)
    walk.close_group()
    return walk.outline


class _Walk:
    """Goes through the lines and keeps track of the section they stand in."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.section = "top"
        self.kind = "speaker"
        self.waits_for = ""  # the field whose value is the next line
        self.group: list[Line] = []  # bullets outside of any section
        self.paragraph_open = False
        self.blank_before = True
        self.schedule_seen = False

    def schedule(self) -> None:
        self.close_group()
        self.paragraph_open = False
        self.schedule_seen = True
        self.waits_for = ""
        if self.section in ("organizers", "people"):
            self.section = "top"

    def blank(self) -> None:
        self.paragraph_open = False
        self.blank_before = True
        if self.section == "organizers" and not self.waits_for:
            self.section = "top"

    def line(self, line: Line) -> None:
        label = read_label(line.text)
        if not line.bullet:
            self.close_group()
        if line.subject:
            self.outline.subject = self.outline.subject or line
        elif label and self._take_label(line, label):
            pass
        elif self.waits_for:
            self._take_value(line)
        else:
            self._in_section(line)
        self.blank_before = False

    def _take_label(self, line: Line, label: Label) -> bool:
        """Enter the section that a label opens, or take its value; return whether the line is used."""
        if self.section == "links" and label.rest and label.field != "people":
            return False
        if label.field in ("title", "series", "venue"):
            return self._take_single(line, label)
        if label.field in ("organizers", "partners"):
            if label.rest:
                self.outline.organizers.append((line, label.rest))
            else:
                self.section, self.waits_for = "organizers", ""
        elif label.field in ("date", "time", "end", "zone", "duration"):
            return not label.rest or self.section == "top"
        elif label.field == "people":
            return self._take_people(line, label)
        elif label.field == "attachments":
            return self._take_links(line, label)
        elif label.field == "language":
            self._write(line)
            self.paragraph_open = False
        else:
            return self._take_body(line, label)
        return True

    def _take_single(self, line: Line, label: Label) -> bool:
        if line.bullet and self.section in ("links", "people"):
            return False
        if label.field == "venue" and self.section not in ("top", "body", "people", "organizers"):
            return False
        self.waits_for = label.field
        if label.rest:
            self._take_value(line, label.rest)
        return True

    def _take_value(self, line: Line, text: str = "") -> None:
        value, name, self.waits_for = text or line.text, self.waits_for, ""
        if name == "title" and not self.outline.title:
            self.outline.title, self.outline.title_text = line, value
        elif name == "series":
            self.outline.series = self.outline.series or value
        elif name == "venue" and len(value) <= 300:
            self.outline.venues.append(value.strip(" .;"))
        else:
            self._in_section(line)

    def _take_people(self, line: Line, label: Label) -> bool:
        if label.rest:
            if is_prose(label.rest) and not speaks_of_person(label.rest) and not lists_people(label.rest):
                return False
            if self.section == "people" and line.bullet:
                self.outline.people.append(Entry(line=line, text=line.text, kind=self.kind, certain=True))
                return True
            if line.bullet and self.group:
                return False
            self.outline.people.append(Entry(line=line, text=label.rest, kind=label.kind, certain=True))
            self.section = "people" if self.section == "people" else "body"
            return True
        if line.bullet and self.section != "top" and not line.heading:
            return False
        self.section, self.kind = "people", label.kind
        return True

    def _take_links(self, line: Line, label: Label) -> bool:
        if label.rest and not label.rest.startswith(("http", "[", "(")):
            return False
        if line.bullet and not line.heading and self.section == "links":
            return False
        self.section = "links"
        self.outline.links_note = self.outline.links_note or label.note
        if label.rest:
            self.outline.links.append(line)
        return True

    def _take_body(self, line: Line, label: Label) -> bool:
        if line.bullet and self.section in ("people", "links"):
            return False
        self.section = "body"
        self._write(line)
        self.paragraph_open = self.paragraph_open and bool(label.rest)
        return True

    def _in_section(self, line: Line) -> None:
        if self.section == "links":
            self._link(line)
        elif self.section == "people":
            self._person(line)
        elif self.section == "organizers":
            self.outline.organizers.append((line, line.text))
        elif line.bullet:
            self.group.append(line)
        elif self.section == "top":
            self._top(line)
        else:
            self._body(line)

    def _link(self, line: Line) -> None:
        leaves = line.heading or (
            self.blank_before and not line.bullet and len(line.text) > LONG and bool(self.outline.links)
        )
        if leaves:
            self.section = "body"
            self._body(line)
        else:
            self.outline.links.append(line)

    def _person(self, line: Line) -> None:
        if not line.bullet and is_subheading(line.text):
            return
        named = bool(split_honorific(line.text)[0]) or speaks_of_person(line.text)
        if self._continues_person(line, named=named):
            return
        sentence = is_prose(line.text) or (line.text.endswith(".") and len(line.text.split()) >= 5)
        heads = line.heading or line.text.endswith(":") or (self.blank_before and " " not in line.text)
        if not line.bullet and not named and (sentence or heads or leaves_people(line.text)):
            self.section = "body"
            self._body(line)
        elif is_prose(line.text) and not named and len(line.text) > 300:
            self._write(line)
        else:
            self.outline.people.append(Entry(line=line, text=line.text, kind=self.kind, certain=True))

    def _continues_person(self, line: Line, *, named: bool) -> bool:
        """Add a line with role and body to the person on the line before it; return whether it belongs there."""
        if line.bullet or named or self.blank_before or not self.outline.people or line.text.count(",") > 3:
            return False
        last, text = self.outline.people[-1], line.text
        if begins_person(text, after=last.text) or is_unnamed(last.text):
            return False
        a_name = looks_like_person(text) and not is_role(text) and not is_body(text)
        if last.text.count(",") >= 2 or len(last.text) > 200 or a_name or is_prose(text) or leaves_people(text):
            return False
        self.outline.people[-1] = replace(last, text=f"{last.text}, {line.text}")
        return True

    def _top(self, line: Line) -> None:
        if is_noise(line.text):
            return
        if is_organizer_sentence(line.text):
            self.outline.organizers.append((line, line.text))
        elif is_instruction(line.text):
            self._write(line)
        elif is_invitation(line.text) and not is_prose(line.text):
            self.outline.body_lines.append(line)
        elif is_place(line.text) and self.schedule_seen:
            self.outline.venues.append(line.text)
        elif is_person_line(line.text):
            self.outline.people.append(Entry(line=line, text=line.text))
        elif is_prose(line.text) or (self.schedule_seen and self.outline.head):
            self.section = "body"
            self._body(line)
        else:
            self.outline.head.append(line)

    def _body(self, line: Line) -> None:
        listed = find_list(line.text)
        named = read_label(listed[0]) if listed else None
        if listed and named and named.field == "people":
            self.outline.people.append(Entry(line=line, text=listed[1], kind=named.kind, certain=True))
            self._write(line)
        elif is_person_line(line.text):
            self.outline.people.append(Entry(line=line, text=line.text))
        elif is_organizer_sentence(line.text) and not self.outline.organizers and len(line.text) < 300:
            self.outline.organizers.append((line, line.text))
        elif is_platform(line.text) and not self.outline.venues:
            self.outline.venues.append(line.text)
        else:
            self._write(line)

    def _write(self, line: Line) -> None:
        if self.paragraph_open:
            self.outline.body[-1].append(line.raw)
        else:
            self.outline.body.append([line.raw])
        self.paragraph_open = True
        self.outline.body_lines.append(line)

    def close_group(self) -> None:
        """End a group of bullets outside of any section: people if at least half look like people, else description."""
        group, self.group = self.group, []
        if not group:
            return
        people = [line for line in group if speaks_of_person(line.text)]
        if people and len(people) * 2 >= len(group):
            self.outline.people.extend(Entry(line=line, text=line.text) for line in group)
            return
        self.paragraph_open = False
        for line in group:
            self._write(line)
        self.paragraph_open = False
