"""The shape of a line without a label: noise around an announcement, a venue, a list of people."""

import re

NOISE = re.compile(  # not about the event: a salutation, "Save the date", the head of a pasted table
    r"(?i)(?:dear\s[^.]{0,80}|chers?\s[^.]{0,80}|chères?\s[^.]{0,80}|estimad[oa]s?\s[^.]{0,80}|(?:save the date"
    r"|invitation|you['’]re invited|comunicado|communiqué|einladung|convite|приглашение|announcement"
    r"|webinar announcement|event announcement|press release|media advisory|fyi|for immediate release"
    r"|you are (?:cordially )?invited(?: to)?|(?:cordial )?invitation to(?: a| the)?(?: webinar| side event| event)?"
    r"|concept note|flyer|agenda|réservez la date|avis|invitación|anuncio|convocatoria|event|webinar|web ?seminar"
    r"|side event|online event|virtual event)|(?:hi|hello|bonjour|hola|hallo|good (?:morning|afternoon|day))\b.{0,120}"
    r"|(?:please )?(?:see|find) (?:below|attached).{0,80}|(?:name|speaker|names)(?:, | )(?:role|title|position"
    r"|function).{0,40}|.{2,80} is inviting you to a scheduled zoom (?:webinar|meeting)|begin forwarded message"
    r"|-+\s*(?:forwarded message|original message)\s*-+|view (?:this email )?in (?:your )?browser|image)\s*[:!,.]*"
)
CLOSING = re.compile(  # the end of a letter, so that a signature follows
    r"(?i)(?:best|kind|warm)(?:est)?(?: regards| wishes)?|(?:yours )?sincerely(?: yours)?|regards"
    r"|with (?:best|kind|warm) regards|many thanks|cordialement|bien cordialement"
    r"|saludos(?: cordiales)?|atentamente|mit freundlichen grüßen|--"
)
_PLATFORM = re.compile(
    r"(?i)(?:(?:(?:held |hosted )?(?:online|virtual(?:ly)?|hybrid|en ligne|en línea|remote|webinar|via|on"
    r"|through|by|sur|par|por)\b[\s:,(–-]*)*(?:zoom|ms teams|microsoft teams|teams|webex|google meet"
    r"|gotowebinar|interprefy|kudo|youtube|skype|bluejeans|online|virtual|hybrid|en ligne|en línea)"
    r"\b(?:[\s,(/&–-]*(?:zoom|webinar|meeting|event|online|virtual|only|platform|live|format|and"
    r"|in[ -]person|webex|youtube|en ligne|en línea|link will be shared)\b)*\)?\.?)"
)
INVITES = re.compile(  # only the people who invite, so that the title follows
    r"(?i)\b(?:invit(?:es?|ing) you(?: to)?|vous invitent?(?: à)?|(?:le|les|los) invitan?(?: a)?|lädt ein)\b"
)
_PLACE_IN_LINE = re.compile(r"(?i)\b(?:room|hall|online|zoom|webex|building|palais|headquarters|salle|sala)\b")
INSTRUCTION = re.compile(  # to register, to click, to write
    r"(?i)(?:please|rsvp|https?:|passcode|meeting id|webinar id|register (?:here|at|in|now|by|via"
    r"|for free)|to (?:join|register|attend)|click)\b"
)
PRACTICAL = re.compile(  # after the speakers, another subject: registration, languages, a contact
    r"(?i)(?:rsvp|regist\w+|please|to (?:join|register|attend)|simultaneous|interpretation|languages?"
    r"|contact|for (?:more|further)|live ?stream|inscri\w+|pour s'inscrire"
    r"|para inscribirse|interpr[eé]tation|anmeldung|questions?|https?:)\b"
)
LISTED = re.compile(  # "Speakers will be Ms. A and Mr. B"
    r"(?i)(?:the |our |les |los |las )?(?P<who>[^\W\d]+)\s+(?:will be|are|include|will include|sont|seront"
    r"|son|serán)\s*:?\s+(?P<rest>.+)"
)
_ROOM = re.compile(
    r"(?i)(?:conference |meeting |committee |lecture )?(?:room|rooms|hall|auditorium|building|palais"
    r"|headquarters|sala|salle|salón|auditorio|amphithéâtre|aula|saal)\b"
)
SUBHEADING = re.compile(  # groups the people of a programme: "Panel 2"
    r"(?i)(?:session|panel|part|block|round|segment|partie|sesión|parte|bloque)\s+(?:\d+|[ivx]+|one|two|three|a|b|c)\b"
)


def is_platform(text: str) -> bool:
    """Check whether a line is only the name of a platform: "Online via Zoom"."""
    return len(text) <= 80 and bool(_PLATFORM.fullmatch(text.strip()))


def is_place(text: str) -> bool:
    """Check whether a line is only the name of a room or platform, without a label: "Room S2, WTO, Geneva"."""
    if is_platform(text):
        return True
    named = _ROOM.match(text) or ("," in text and _PLACE_IN_LINE.search(text))
    return bool(named) and len(text) <= 100 and not text.endswith((".", "?", "!", ":"))


def lists_people(text: str) -> bool:
    """Check whether a text lists people: it has several words, with an honorific or a bracket."""
    return len([word for word in re.split(r"[\s,;(]+", text) if word]) > 1 and bool(
        re.search(r"(?:\b(?:Mr|Ms|Mrs|Dr|Prof|Mme|M|Sr|Sra)\b\.?\s)|\(", text)
    )
