"""The parts of an announcement: head, organizers, venue, description, people, links."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ...phrases.kinds import cut_kind, narrow
from ...phrases.labels import Label, read_label
from ...phrases.names import is_honorific, looks_like_person, split_honorific
from ...phrases.people import cut_name, may_be
from ...phrases.roles import is_body, is_role
from ...phrases.words import CITY_ZONES, fold
from ..doubts import Doubts
from ..lines import Line, is_prose
from ..who.speakers import ANOTHER, Entry, begins_person, is_person_line, is_unnamed, speaks_of_person
from . import shapes
from .organizers import invites, is_organizer_sentence

LONG = 200
_IN_HEAD = "this line of the head seems to name a speaker; it is taken as one"
_IN_BODY = "this line stands in no list of speakers; it is taken as a speaker"


@dataclass(kw_only=True)
class Outline:
    """The lines of an announcement, sorted by part."""

    lines: Sequence[Line] = ()
    head: list[Line] = field(default_factory=list)
    rivals: list[Line] = field(default_factory=list)  # lines of the head below the date: perhaps the title
    passed: list[Line] = field(default_factory=list)  # lines above the date that look like "Register: …": perhaps too
    subject: Line | None = None
    title: Line | None = None  # labelled; its text is the title
    series: Line | None = None
    organizers: list[tuple[Line, str]] = field(default_factory=list)
    venues: list[Line] = field(default_factory=list)
    body: list[list[str]] = field(default_factory=list)
    body_lines: list[Line] = field(default_factory=list)
    people: list[Entry] = field(default_factory=list)
    links: list[Line] = field(default_factory=list)
    links_note: str = ""
    is_letter: bool = False  # it asks for the event: then nothing but a label names the series
    asked: Line | None = None  # the title by the sentence that asks, or by the subject


def read_outline(lines: Sequence[Line], head: Collection[int], schedule: Collection[int], doubts: Doubts) -> Outline:
    """Sort the lines into parts, without those of the schedule; people outside of a section or label are doubted."""
    told = [line for line in lines if line.text]
    asks = {line.number for line, later in pairwise(told) if line.text[-1] == "?" and later.number not in schedule}
    walk = _Walk(head=head, asks=asks, doubts=doubts, outline=Outline(lines=told))
    for line in lines:
        if line.number in schedule:
            walk.schedule()
        elif not line.text:
            walk.blank()
        elif shapes.is_closing(line.text) and (walk.section != "top" or walk.outline.body):
            break
        else:
            walk.line(line)
    walk.close_group()
    return walk.outline


@dataclass
class _Walk:
    """Goes through the lines and keeps track of the section they stand in."""

    head: Collection[int]
    asks: Collection[int]  # the lines such as "When?" that no date follows: perhaps titles
    doubts: Doubts
    outline: Outline = field(default_factory=Outline)
    section: str = "top"
    kind: str = "speaker"
    waits_for: str = ""  # the field whose value is the next line
    group: list[Line] = field(default_factory=list)  # bullets outside of any section
    paragraph_open: bool = False
    blank_before: bool = True
    schedule_seen: bool = False

    def schedule(self) -> None:
        self.close_group()
        self.paragraph_open, self.schedule_seen, self.waits_for = False, True, ""
        self.section = "top" if self.section in ("organizers", "people") else self.section

    def blank(self) -> None:
        self.paragraph_open, self.blank_before = False, True
        if self.section == "organizers" and not self.waits_for:
            self.section = "top"

    def line(self, line: Line) -> None:
        label = read_label(line.text)
        if not line.bullet:
            self.close_group()
        if line.subject:
            self.outline.subject = self.outline.subject or line
        elif label and self._is_used(line, label):
            if label.field in ("organizers", "partners", "people") and shapes.is_phrase(label.rest):
                self._pass(line)
            self._take_label(line, label)
        elif self.waits_for:
            self._take_value(line)
        else:
            self._in_section(line)
        self.blank_before = False

    def _is_used(self, line: Line, label: Label) -> bool:
        """Check whether a label counts where it stands, and is not part of a list entry or a sentence."""
        name, rest, section = label.field, label.rest, self.section
        if self._may_be_title(line, name, rest):
            return False
        if section == "links" and rest and name != "people":
            return False
        if name in ("title", "series", "venue", "body"):
            return not (line.bullet and section in ("links", "people")) and not (name == "venue" and section == "links")
        if name in ("date", "time", "end", "zone", "duration"):
            is_number = any(sign.isdigit() for sign in rest)  # "Time: a short history" is none
            return section == "top" and is_number if rest else line.number not in self.asks
        if name == "attachments":
            in_list = line.bullet and not line.heading and section == "links"
            return not in_list and (not rest or rest.startswith(("http", "[", "(")))
        if name == "people" and rest:
            lists = len(rest.split()) > 1 and ("(" in rest or any(map(is_honorific, rest[:400].split())))
            sentence = is_prose(rest) and not speaks_of_person(rest) and not lists
            return not sentence and (section == "people" or not (line.bullet and self.group))
        return name != "people" or not line.bullet or section == "top" or line.heading

    def _may_be_title(self, line: Line, name: str, rest: str) -> bool:
        """Check for a title such as "Language: instinct or invention?", "Place: why it matters" above the date."""
        if self.schedule_seen or self.section != "top" or not rest or name in ("title", "series"):
            return False
        phrase = rest[0].islower() and len(rest.split()) > 2 and not is_honorific(rest.split()[0])
        return line.number in self.head and (phrase or rest.endswith("?") or (name == "body" and not is_prose(rest)))

    def _take_label(self, line: Line, label: Label) -> None:
        """Enter the section that a label opens, or take its value."""
        if label.field in ("title", "series", "venue"):
            self.waits_for = label.field
            if label.rest:
                self._take_value(replace(line, text=label.rest))
        elif label.field in ("organizers", "partners"):
            if label.rest:
                self.outline.organizers.append((line, label.rest))
            else:
                self.section, self.waits_for = "organizers", ""
        elif label.field == "people":
            if not label.rest:
                self.section, self.kind = "people", label.kind
            elif self.section == "people" and line.bullet:
                self._add_person(line, line.text, self.kind)
            else:
                self._add_person(line, label.rest, label.kind)
                leads = self.section == "top" and not self.schedule_seen  # the title may follow
                self.section = self.section if leads or self.section == "people" else "body"
        elif label.field == "attachments":
            self.section = "links"
            self.outline.links_note = self.outline.links_note or label.note
            self.outline.links.extend([line] if label.rest else [])
        elif label.field in ("language", "body"):
            self._pass(line)
            self._take_text(line, label)

    def _take_text(self, line: Line, label: Label) -> None:
        """Write a labelled text. "Description:" says only what stands in this field anyway."""
        self.section = "body" if label.field == "body" else self.section
        bare = shapes.is_description(line.text)
        if not bare or label.rest:
            self._write(replace(line, text=label.rest, raw=label.rest) if bare else line)
        self.paragraph_open = label.field == "body" and bool(label.rest)

    def _take_value(self, line: Line) -> None:
        name, self.waits_for = self.waits_for, ""
        if name == "title" and self.outline.title:
            self.doubts.add("name", line, "another title is written here", (self.outline.title.text, line.text[:500]))
        elif name == "title":
            self.outline.title = line
        elif name == "series":
            self.outline.series = self.outline.series or line
        elif name == "venue" and len(line.text) <= 300:
            self.outline.venues.append(replace(line, text=line.text.strip(" .;")))
        else:
            self._in_section(line)

    def _in_section(self, line: Line) -> None:
        after_blank = self.blank_before and not line.bullet and len(line.text) > LONG
        if self.section == "links" and (line.heading or (after_blank and self.outline.links)):
            self.section = "body"
        if self.section == "links":
            self.outline.links.append(line)
        elif self.section == "people":
            self._person(line)
        elif self.section == "organizers":
            self.outline.organizers.append((line, line.text))
        elif line.bullet:
            self.group.append(line)
        elif line.number in self.head and self.section == "top":
            self._top(line)
        else:
            self._pass(line)
            self._body(line)

    def _person(self, line: Line) -> None:
        named = bool(split_honorific(line.text)[0]) or speaks_of_person(line.text)
        if self._continues_person(line, named=named):
            return
        sentence = is_prose(line.text) or (line.text.endswith(".") and len(line.text.split()) >= 5)
        heads = line.heading or line.text.endswith(":") or (self.blank_before and " " not in line.text)
        about = bool(self.outline.people) and line.text.startswith(f"{self.outline.people[-1].text} ")  # "Ada is …"
        if about or (line.bullet and not named and is_prose(line.text) and len(line.text) > 300):
            self._write(line)
        elif not line.bullet and not named and (sentence or heads or shapes.is_instruction(line.text)):
            self.section = "body"
            self._body(line)
        elif named or line.bullet or not any(character.isdigit() for character in line.text[-4:]):  # "Panel 2"
            self._add_person(line, line.text, self.kind)

    def _continues_person(self, line: Line, *, named: bool) -> bool:
        """Add a line with role and body to the person on the line before it; return whether it belongs there."""
        text = line.text
        if line.bullet or named or self.blank_before or not self.outline.people or text.count(",") > 3:
            return False
        last = self.outline.people[-1]
        a_name = looks_like_person(text) and not is_role(text) and not is_body(text)
        other = a_name or text.startswith(last.text) or is_prose(text) or shapes.is_instruction(text)
        is_full = last.text.count(",") >= 2 or len(last.text) > 200
        if other or is_full or is_unnamed(last.text) or begins_person(text, after=last.text):
            return False
        self.outline.people[-1] = replace(last, text=f"{last.text}, {text}")
        if may_be(cut_name(text)[0]):  # "Lucy Hall, headteacher"
            self.doubts.add("performers", line, ANOTHER)
        return True

    def _top(self, line: Line) -> None:
        if shapes.is_noise(line.text):
            return
        if is_organizer_sentence(line.text):
            self.outline.organizers.append((line, line.text))
        elif (who := invites(line.text)) and is_body(who):
            self.outline.body_lines.append(line)
        elif shapes.is_place(line.text) and (self.schedule_seen or shapes.is_platform(line.text)):
            self.outline.venues.append(line)
        elif ": " not in line.text and (is_person_line(line.text) or speaks_of_person(line.text)):
            self._add_unlisted(line, _IN_HEAD)
        elif self.schedule_seen and self.outline.head:
            is_short = len(line.text) <= LONG and line.text[-1] not in ".:!" and "://" not in line.text
            self.outline.rivals.extend([line] if is_short and fold(line.text) not in CITY_ZONES else [])
            self._body(line)
        else:
            self.outline.head.append(line)

    def _pass(self, line: Line) -> None:
        """Remember a line above the date that begins as an instruction or a label: "Please touch: museums today"."""
        is_short = 1 < len(line.text.split()) <= 30 and not is_prose(line.text) and not shapes.is_noise(line.text)
        if is_short and not self.schedule_seen and "://" not in line.text and "@" not in line.text:
            self.outline.passed.append(line)

    def _body(self, line: Line) -> None:
        if is_person_line(line.text):
            self._add_unlisted(line, _IN_BODY)
            if line.text[:1].isdigit():  # of an agenda
                self._write(line)
        elif not shapes.is_noise(line.text) or self.outline.body:
            self._write(line)

    def _add_person(self, line: Line, text: str, kind: str) -> None:
        self.outline.people.append(Entry(line=line, text=text, kind=kind, certain=True))

    def _add_unlisted(self, line: Line, doubt: str) -> None:
        """Add a person outside of a list; without words such as "Moderated by", with a doubt."""
        self.outline.people.append(Entry(line=line, text=line.text))
        if not cut_kind(narrow(line.text), "")[0]:
            self.doubts.add("performers", line, doubt)

    def _write(self, line: Line) -> None:
        if self.paragraph_open:
            self.outline.body[-1].append(line.raw)
        else:
            self.outline.body.append([line.raw])
        self.paragraph_open = True
        self.outline.body_lines.append(line)

    def close_group(self) -> None:
        """End a group of bullets outside of any section: people if half look so, with one honorific without a doubt."""
        group, self.group = self.group, []
        if sum(speaks_of_person(line.text) for line in group) * 2 >= len(group):
            bare = [line for line in group if may_be(line.text) and not speaks_of_person(line.text)]  # only a name
            if bare or (group and not any(split_honorific(line.text)[0] for line in group)):
                self.doubts.add("performers", group[0], "this list has no heading; it is taken as the list of speakers")
            self.outline.people.extend(Entry(line=line, text=line.text, certain=line in bare) for line in group)
            return
        self.paragraph_open = False
        for line in group:
            self._write(line)
        self.paragraph_open = False
