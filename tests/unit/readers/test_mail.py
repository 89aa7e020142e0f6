"""E-mails: decoded, forwarded ones opened, calendars in them preferred, and their own date never taken."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.unit.readers.calendars.written import ENDS, TITLE, ZURICH, a_calendar, an_entry
from zoom_ops.errors import BadInputError
from zoom_ops.readers import Announced, read_events

TEXT = "How waves travel\n\n3 April 2027, 14:00-15:30 CEST, Geneva time\n\nFrom the lighthouse to the satellite.\n"
START = datetime(2027, 4, 3, 12, tzinfo=UTC)
SENT = "Mon, 1 Mar 2027 09:00:00 +0100"


def a_mail(text: str = TEXT, subject: str = "How waves travel", **how: str) -> EmailMessage:
    """Build a mail with a text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Date"] = "Ada Lovelace <ada@example.org>", "all@example.org", SENT
    mail["Subject"], mail["Message-ID"] = subject, "<1@example.org>"
    mail.set_content(text, **how)
    return mail


def read_mail(mail: EmailMessage) -> Announced:
    """Read a mail with one event."""
    (announced,) = read_events(mail.as_bytes(), "invitation.eml")
    return announced


def refused(mail: EmailMessage | bytes) -> str:
    """Read a mail that cannot be read, and return what is said."""
    with pytest.raises(BadInputError) as raised:
        read_events(mail if isinstance(mail, bytes) else mail.as_bytes(), "invitation.eml")
    return str(raised.value)


@pytest.mark.parametrize("how", [{"cte": "quoted-printable"}, {"cte": "base64"}, {"charset": "iso-8859-1"}])
def test_text_of_a_mail_is_decoded_and_read(how: dict[str, str]) -> None:
    announced = read_mail(a_mail(TEXT.replace("waves", "wäves"), "How wäves travel – today, in Zürich", **how))

    assert (announced.event.name, announced.event.start) == ("How wäves travel", START)
    assert announced.event.blocking_notes() == ()


def test_date_of_a_mail_is_never_that_of_the_event() -> None:
    said = refused(a_mail("How waves travel\n\nWe shall meet at the harbour.\n"))

    assert said.startswith("invitation.eml (text):")


def test_subject_that_names_something_else_is_a_choice() -> None:
    event = read_mail(a_mail(subject="Fwd: [events] Our next lecture")).event

    (note,) = event.blocking_notes()
    assert (note.field, note.choices) == ("name", ("How waves travel", "Our next lecture"))


def test_html_is_read_where_a_mail_has_no_text() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><h1>How\n waves travel</h1>"
        "<p>3 April 2027, 14:00-15:30 CEST, Geneva time</p><p>Speakers</p>"
        "<ul><li>Ms. Ada Lovelace, Head of Research, Radio Club</li></ul></body></html>"
    )
    mail = a_mail("\n")
    mail.add_alternative(html, subtype="html")

    event = read_mail(mail).event

    assert (event.name, event.start, [person.name for person in event.performers]) == (
        "How waves travel",
        START,
        ["Ada Lovelace"],
    )


def test_calendar_in_a_mail_is_read_instead_of_its_text() -> None:
    mail = a_mail("Join us on 4 April 2027 at 10:00 UTC.")
    calendar = a_calendar("METHOD:REQUEST", *an_entry(ZURICH, ENDS, TITLE))
    mail.add_alternative(calendar.decode(), subtype="calendar", params={"method": "REQUEST"})
    mail.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")

    announced = read_mail(mail)

    assert (announced.event.start, announced.origin) == (START, "ical:1@example.org")
    assert [(note.field, note.reason) for note in announced.event.needs_review] == [
        ("description", "the mail carries a calendar, which was read instead of its text")
    ]
    assert announced.sources[0].place == "calendar of the mail, line 10"


@pytest.mark.parametrize("subject", ["CANCELLED: How waves travel", "Fwd: [events] Postponed: How waves travel"])
def test_subject_that_speaks_of_a_status_holds_the_calendar_of_a_mail(subject: str) -> None:
    mail = a_mail("See the calendar.", subject)
    mail.add_alternative(a_calendar("METHOD:REQUEST", *an_entry(ZURICH, ENDS, TITLE)).decode(), subtype="calendar")

    (note,) = read_mail(mail).event.blocking_notes()

    assert (note.field, note.text) == ("start", subject)


@pytest.mark.parametrize(("text", "summary"), [("By Grace Hopper", "Waves"), ("See below.", "Grace Hopper: Waves")])
def test_person_in_a_mail_or_a_title_and_in_no_list_is_noted(text: str, summary: str) -> None:
    mail = a_mail(text, summary)
    mail.add_alternative(a_calendar(*an_entry(ZURICH, ENDS, f"SUMMARY:{summary}")).decode(), subtype="calendar")

    notes = [note for note in read_mail(mail).event.needs_review if note.field == "performers"]

    assert ["'Grace Hopper' is named here" in note.reason for note in notes] == [True]


def test_line_above_a_mail_with_a_calendar_holds_it() -> None:
    inner = a_mail("See the calendar.")
    inner.add_alternative(a_calendar("METHOD:REQUEST", *an_entry(ZURICH, ENDS, TITLE)).decode(), subtype="calendar")
    outer = a_mail("Moved to 5 May, 16:00", "Fwd: How waves travel")
    outer.add_attachment(inner)

    assert [note.text for note in read_mail(outer).event.blocking_notes()] == ["Moved to 5 May, 16:00"]


def test_calendar_of_a_mail_that_cancels_cancels_the_event() -> None:
    mail = a_mail("Cancelled.")
    mail.add_alternative(a_calendar("METHOD:CANCEL", *an_entry(ZURICH, ENDS, TITLE)).decode(), subtype="calendar")

    assert read_mail(mail).event.status == "cancelled"


def test_forwarded_mail_is_the_announcement() -> None:
    outer = a_mail("Please see below. Shall we go on 5 May 2027 at 9:00 UTC?", "Fwd: How waves travel")
    outer.add_attachment(a_mail())

    event = read_mail(outer).event
    assert event.start == START
    assert [note.text for note in event.blocking_notes()] == [
        "Please see below. Shall we go on 5 May 2027 at 9:00 UTC?"
    ]


def test_notes_on_what_stands_above_a_forwarded_mail_are_few() -> None:
    outer = a_mail("5 May 2027\n" * 2_000, "Fwd: How waves travel")
    outer.add_attachment(a_mail())

    assert len(read_mail(outer).event.blocking_notes()) == 5


def test_forwarded_mail_that_quotes_another_is_held() -> None:
    labels = "From: Ada <ada@example.org>\nDate: Thu, 4 Feb 2027\nSubject: How waves travel\nTo: all@example.org\n"
    event = read_mail(a_mail(f"See below.\n\n{labels}\n{TEXT}\n> When is it?\n", "Fwd: How waves travel")).event

    assert "this mail answers or quotes another one" in "".join(note.reason for note in event.blocking_notes())


def test_mail_that_changes_the_calendar_in_it_is_held() -> None:
    mail = a_mail("Sorry, we had to cancel it.")
    mail.add_alternative(a_calendar(*an_entry(ZURICH, ENDS, TITLE)).decode(), subtype="calendar")

    assert [note.field for note in read_mail(mail).event.blocking_notes()] == ["start"]


def test_mail_that_is_forwarded_without_a_word_of_dates_is_not_held() -> None:
    outer = a_mail("Please see below.", "Fwd: How waves travel")
    outer.add_attachment(a_mail())

    assert read_mail(outer).event.blocking_notes() == ()


@pytest.mark.parametrize(
    "block",
    [
        "---------- Forwarded message ---------\nFrom: Ada <ada@example.org>\nDate: Mon, 1 Mar 2027 at 09:00\n"
        "Subject: How waves travel\nTo: <all@example.org>\n",
        "Von: Ada <ada@example.org>\nGesendet: Montag, 1. März 2027 09:00\nAn: Grace;\n Alan\n"
        "Betreff: How waves travel\n",
        "> Begin forwarded message:\n> \n> From: Ada <ada@example.org>\n> Subject: How waves travel\n"
        "> Date: 1 March 2027 at 09:00:00 CET\n> To: all@example.org\n",
    ],
)
def test_mail_that_is_forwarded_in_the_text_is_read_without_its_labels(block: str) -> None:
    quoted = "".join(f"> {line}\n" for line in TEXT.splitlines()) if block.startswith(">") else TEXT

    event = read_mail(a_mail(f"Perhaps for our page? 5 May 2027, 9:00 UTC\n\n{block}\n\n{quoted}", "WG: Wellen")).event

    assert (event.name, event.start) == ("How waves travel", START)
    assert "2027-03" not in str(event.to_json())
    assert [note.field for note in event.needs_review if "forwarded" in note.reason] == ["description", "start"]


def test_answer_to_a_mail_is_held() -> None:
    event = read_mail(a_mail(subject="Re: How waves travel")).event

    assert "answers or quotes another one" in event.blocking_notes()[0].reason


def test_quoted_mail_doubts_the_people_and_who_wrote_it_is_no_date() -> None:
    quoted = "On Mon, 25 Jan 2027 at 11:02, Tim Roe <tim@example.org> wrote:\n> How waves travel\n> Speaker: Tim Roe\n"

    event = read_mail(a_mail(f"{TEXT}\n{quoted}", subject="Re: How waves travel")).event

    assert {note.field for note in event.needs_review} == {"start", "performers"}
    assert all(not note.choices for note in event.blocking_notes())


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"Title: {TEXT}", "Invitation"),
        (TEXT, "Invitation: How waves travel"),
        (TEXT.replace("travel", "travel: from lighthouse to satellite"), "Webinar: How waves travel"),
    ],
)
def test_subject_is_no_doubt_beside_a_labelled_title_or_one_that_it_names(text: str, subject: str) -> None:
    assert read_mail(a_mail(text, subject)).event.blocking_notes() == ()


def test_signature_is_left_out_and_attached_files_are_named() -> None:
    mail = a_mail(f"{TEXT}\n-- \nAda Lovelace\nTuesday is my day off\n")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="programme.pdf")
    mail.add_attachment(b"GIF8", maintype="image", subtype="gif", filename="logo.gif")

    event = read_mail(mail).event

    assert "day off" not in event.description
    assert [note.reason for note in event.needs_review] == [
        "the attached file 'programme.pdf' is not read; import it for itself"
    ]


def test_mail_without_a_text_or_that_cannot_be_opened_says_why() -> None:
    digest = a_mail()
    digest.add_attachment(a_mail())
    digest.add_attachment(a_mail())
    many = a_mail()
    for _ in range(201):
        many.add_attachment("x")

    assert "this mail holds neither text nor a calendar" in refused(a_mail(" "))
    assert "this mail carries 2 others; import each for itself" in refused(digest)
    assert "expected a mail of at most 200 parts" in refused(many)
    assert "the charset 'x-none', which is not known" in refused(a_mail().as_bytes().replace(b"utf-8", b"x-none"))
    assert "this mail is encrypted" in refused(b"Subject: A\nContent-Type: application/pkcs7-mime\n\nQUJD")


@pytest.mark.parametrize("cut", range(1, 700, 87))
def test_mail_that_is_cut_off_is_refused(cut: int) -> None:
    mail = a_mail()
    mail.add_attachment(a_mail())
    content = mail.as_bytes()

    assert "this mail is cut off" in refused(content[: len(content) - 2 - cut])


def test_subject_that_speaks_of_a_status_holds_the_event() -> None:
    event = read_mail(a_mail(subject="CANCELLED: How waves travel")).event

    assert [(note.field, note.reason) for note in event.blocking_notes()] == [
        ("start", "the subject of the mail says 'CANCELLED': is the event held?")
    ]
