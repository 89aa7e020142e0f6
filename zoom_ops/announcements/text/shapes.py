"""The shape of a line without a label: noise around an announcement, a venue, a list of people."""

import re

_NOISE = re.compile(
    r"(?:dear\s[^.]{0,80}|chers?\s[^.]{0,80}|chères?\s[^.]{0,80}|estimad[oa]s?\s[^.]{0,80}"
    r"|(?:save the date|invitation|you['’]re invited|comunicado|communiqué|einladung|convite"
    r"|приглашение|announcement|webinar announcement"
    r"|event announcement|press release"
    r"|media advisory|fyi|for immediate release"
    r"|you are (?:cordially )?invited(?: to)?|(?:cordial )?invitation to(?: a| the)?(?: webinar"
    r"| side event| event)?|concept note|flyer|agenda|réservez la date|avis|invitación|anuncio"
    r"|convocatoria|event|webinar|web ?seminar|side event|online event|virtual event)"
    r"|(?:hi|hello|bonjour|hola|hallo|good (?:morning|afternoon|day))\b.{0,120}|(?:please )?(?:see"
    r"|find) (?:below|attached).{0,80}|(?:name|speaker|names)(?:, | )(?:role|title|position"
    r"|function).{0,40}"
    r"|.{2,80} is inviting you to a scheduled zoom (?:webinar|meeting)|begin forwarded message"
    r"|-+\s*(?:forwarded message|original message)\s*-+"
    r"|view (?:this email )?in (?:your )?browser|image)\s*[:!,.]*",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:best|kind|warm)(?:est)?(?: regards| wishes)?|(?:yours )?sincerely(?: yours)?|regards"
    r"|with (?:best|kind|warm) regards|many thanks|cordialement|bien cordialement"
    r"|saludos(?: cordiales)?|atentamente|mit freundlichen grüßen|--",
    re.IGNORECASE,
)
_PLATFORM = re.compile(
    r"(?:(?:(?:held |hosted )?(?:online|virtual(?:ly)?|hybrid|en ligne|en línea|remote|webinar|via|on"
    r"|through|by|sur|par|por)\b[\s:,(–-]*)*(?:zoom|ms teams|microsoft teams|teams|webex|google meet"
    r"|gotowebinar|interprefy|kudo|youtube|skype|bluejeans|online|virtual|hybrid|en ligne|en línea)"
    r"\b(?:[\s,(/&–-]*(?:zoom|webinar|meeting|event|online|virtual|only|platform|live|format|and"
    r"|in[ -]person|webex|youtube|en ligne|en línea|link will be shared)\b)*\)?\.?)",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"\b(?:invit(?:es?|ing) you(?: to)?|vous invitent?(?: à)?|(?:le|les|los) invitan?(?: a)?"
    r"|lädt ein)\b",
    re.IGNORECASE,
)
_PLACE_IN_LINE = re.compile(
    r"\b(?:room|hall|online|zoom|webex|building|palais|headquarters|salle|sala)\b", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"(?:please|rsvp|https?:|passcode|meeting id|webinar id|register (?:here|at|in|now|by|via"
    r"|for free)|to (?:join|register|attend)|click)\b",
    re.IGNORECASE,
)
_PRACTICAL = re.compile(
    r"(?:rsvp|regist\w+|please|to (?:join|register|attend)|simultaneous|interpretation|languages?"
    r"|contact|for (?:more|further)|live ?stream|inscri\w+|pour s'inscrire"
    r"|para inscribirse|interpr[eé]tation|anmeldung|questions?|https?:)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:the |our |les |los |las )?(?P<who>[^\W\d]+)\s+(?:will be|are|include|will include|sont|seront"
    r"|son|serán)\s*:?\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"(?:conference |meeting |committee |lecture )?(?:room|rooms|hall|auditorium|building|palais"
    r"|headquarters|sala|salle|salón|auditorio|amphithéâtre|aula|saal)\b",
    re.IGNORECASE,
)
_SUBHEADING = re.compile(
    r"(?:session|panel|part|block|round|segment|partie|sesión|parte|bloque)\s+(?:\d+|[ivx]+|one|two"
    r"|three|a|b|c)\b",
    re.IGNORECASE,
)


def is_noise(text: str) -> bool:
    """Check whether a line is not about the event: a salutation, "Save the date", the head of a pasted table."""
    return bool(_NOISE.fullmatch(text))


def is_closing(text: str) -> bool:
    """Check whether a line ends a letter, so that a signature follows."""
    return bool(_END.fullmatch(text.strip(" ,.!")))


def is_subheading(text: str) -> bool:
    """Check whether a line only groups the people of a programme: "Panel 2"."""
    return bool(_SUBHEADING.match(text))


def is_invitation(text: str) -> bool:
    """Check whether a line only names the people who invite, so that the title follows."""
    return len(text) <= 200 and bool(_INVITES.search(text))


def is_instruction(text: str) -> bool:
    """Check whether a line instructs the reader: to register, to click, to write."""
    return bool(_INSTRUCTION.match(text))


def leaves_people(text: str) -> bool:
    """Check whether a line after the speakers is on another subject: registration, languages, a contact."""
    return bool(_PRACTICAL.match(text))


def find_list(text: str) -> tuple[str, str] | None:
    """Split "Speakers will be Ms. A and Mr. B" into its label and its list; None for any other text."""
    match = _LISTED.match(text)
    return (match["who"], match["rest"]) if match else None


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
