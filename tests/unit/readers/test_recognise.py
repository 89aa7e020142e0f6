"""The format of a file is told from its content."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events, recognise


def an_archive(*names: str, mimetype: str | None = None) -> bytes:
    """Build a ZIP archive of empty files."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "")
    return written.getvalue()


LINKED = '{"@context": "https://schema.org", "@type": "Event", "name": "How waves travel"}'
MAIL = "Received: from a\nFrom: Ada <ada@example.org>\nSubject: How waves travel\nMIME-Version: 1.0\n\nText"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "How waves travel\n\n3 April 2027, 14:00 UTC", "text"),
        ("a", "", "text"),
        ("a.md", "# How waves travel\n\n3 April 2027, 14:00 UTC", "text"),
        ("a.txt", "From: Ada Lovelace\nSent: Monday\nTo: all\nSubject: Waves\n\nText", "text"),
        ("a.html", "<!doctype html><html><p>How waves travel</p></html>", "text"),
        ("a.html", '<script type="application/ld+json">{"@type": "Organization"}</script>', "text"),
        ("a.txt", "Speakers, places\nWho, where", "text"),
        ("a", "name: Waves\nstart: 2027-04-03T14:00\n", "yaml"),
        ("a.yaml", "title: Waves\n", "yaml"),
        ("a", "---\nname: A\nstart: 2027-04-03T14:00\n---\nname: B\nstart: 2027-04-03T14:00\n", "yaml"),
        ("a", '{"name": "Waves"}', "json"),
        ("a.json", "{", "json"),
        ("a", '{"events": [{"name": "Waves", "start": "2027-04-03T14:00"}]}', "json"),
        ("a.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendars"),
        ("a.txt", "\ufeff\r\nbegin:vcalendar\r\n", "calendars"),
        ("a.eml", "Subject: Waves\n\nText", "mail"),
        ("a", MAIL, "mail"),
        ("a.txt", MAIL.replace("\n", "\r\n"), "mail"),
        ("a.md", "---\ntitle: Waves\ndate: 2027-04-03\n---\n\nText.", "markdown"),
        ("a", "---\r\nname: Waves\r\nstart: 2027-04-03T14:00\r\n---\r\nText: more\r\n", "markdown"),
        ("a.csv", "x;y\n1;2\n", "tables"),
        ("a", "Title;Start;End\nWaves;2027-04-03;\n", "tables"),
        ("a", "Titel\tBeginn\tOrt\nWellen\t2027-04-03 14:00\tBern\n", "tables"),
        ("a", '"Title","Date","Speakers"\n"Waves","2027-04-03","Ada"\n', "tables"),
        ("a.xlsx", an_archive("xl/workbook.xml"), "tables"),
        ("a.json", LINKED, "linked_data"),
        ("a.json", f'{{"@graph": [{LINKED}]}}', "linked_data"),
        ("a.json", f"[{LINKED}]", "linked_data"),
        ("a.html", f'<html><script type="application/ld+json">{LINKED}</script></html>', "linked_data"),
        ("a.json", '{"count": 1, "results": [{"_type": "Conference"}], "_type": "HTTPAPIResult"}', "indico"),
        ("a.json", '{"schedule": {"version": "1", "conference": {"days": []}}}', "pretalx"),
        ("a.xml", "<?xml version='1.0'?>\n<!-- made -->\n<schedule><day/></schedule>", "frab"),
        (
            "a.json",
            '{"events": [{"title": "Waves", "start_date": "2027-04-03 16:00", "utc_start_date": "2027-04-03 14:00"}]}',
            "wordpress",
        ),
        (
            "a.json",
            '[{"title": {"rendered": "Waves"}, "content": {"rendered": ""}, "link": "https://example.org/"}]',
            "wordpress",
        ),
    ],
)
def test_format_is_told_from_the_content(name: str, content: str | bytes, expected: str) -> None:
    assert recognise(content if isinstance(content, bytes) else content.encode(), name) == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n", "this is a PDF, and it is not read: open it, and paste its text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office file, or one with a password"),
        (b"\xd0\xcf\x11\xe0" + "__substg1.0_0037001F".encode("utf-16-le"), "a mail of Outlook (.msg)"),
        (b"\x89PNG\r\n", "a picture"),
        (b"{\\rtf1", "an RTF document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\x78\x9f\x3e\x22\x00", "a winmail.dat of Outlook"),
        (b"RIFF\x00\x00\x00\x00WEBP", "no text"),
        (b"BEGIN:VCARD\r\nFN:Ada", "a vCard"),
        (b"+++\ntitle = 'Waves'\n+++\n", "Markdown with front matter in TOML"),
        (an_archive("word/document.xml"), "a Word document"),
        (an_archive("ppt/presentation.xml"), "a PowerPoint presentation"),
        (an_archive("xl/workbook.bin"), "a binary Excel file"),
        (an_archive(mimetype="application/vnd.oasis.opendocument.text"), "an OpenDocument text"),
        (an_archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "save it as .xlsx or .csv"),
        (an_archive("events.csv"), "a ZIP archive, and it is not read: unpack it"),
        (b"PK\x03\x04 and no more", "a damaged Office document or ZIP archive"),
        (b'<?xml version="1.0"?><rss/>', "XML that begins with <rss>"),
        (b"<icalendar xmlns='urn:ietf:params:xml:ns:icalendar-2.0'/>", "a calendar in XML (xCal)"),
        (b'["vcalendar", [], []]', "a calendar in JSON (jCal)"),
        (json.dumps({"kind": "calendar#events", "items": []}).encode(), "the JSON of Google Calendar"),
    ],
)
def test_known_format_that_is_not_read_is_named_with_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError, match=r"upload:1: this is .*, and it is not read: ") as raised:
        read_events(content, "upload")

    assert sentence in str(raised.value)
