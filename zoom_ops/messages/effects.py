"""What actions do outside, whom Zoom mails, what to look for where it is not known, and why each is done."""

from .message import Kind

# webinars
DELETES = Kind("Deletes webinar {webinar} at Zoom. Nobody is mailed.")
DELETES_AND_MAILS = Kind("Deletes webinar {webinar} at Zoom, which mails whoever has registered.")
DELETES_AND_MAILS_THE_SEATED = Kind(
    "Deletes webinar {webinar} at Zoom, which mails {seated:its panelist|its # panelists} and whoever has registered."
)
CREATES = Kind("Creates a webinar on {host}. Nobody is mailed.")
CREATES_AND_SEATS = Kind("Creates a webinar on {host}, then seats {people:1 person|# people} in it. Nobody is mailed.")
CREATES_AND_INVITES = Kind(
    "Creates a webinar on {host}, then seats {people:1 person|# people} in it, whom Zoom mails an invitation."
)
ADOPTS = Kind("Adopts webinar {webinar} of {place}, which is changed to what the event says. Nobody is mailed.")
ADOPTS_AND_SEATS = Kind(
    "Adopts webinar {webinar} of {place}, which is changed to what the event says, then seats those of {people:1 "
    "person|# people} who do not sit in it yet, without a mail."
)
ADOPTS_AND_INVITES = Kind(
    "Adopts webinar {webinar} of {place}, which is changed to what the event says, then seats those of {people:1 "
    "person|# people} who do not sit in it yet, whom Zoom mails an invitation."
)
CHANGES = Kind("Changes webinar {webinar} at Zoom: {fields:,}.")
CHANGES_ALL = Kind("Changes webinar {webinar} at Zoom to what the event says.")
MAILS_REGISTERED = Kind("Zoom mails whoever has registered.")
MAILS_NO_REGISTERED = Kind("Zoom mails nobody who has registered.")

# people
RESEATS = Kind(
    "Then removes and adds {people:1 person|# people} again: Zoom tells panelists of a move in no other way."
)
OLD_INVITATIONS = Kind(
    "Zoom tells no panelist of a move: {people:1 panelist holds an invitation|# panelists hold invitations} with the "
    "old time. The event's page in the console sends new ones, and so does {events.resend}."
)
TAKES_OUT = Kind("Takes {name} out of the panelists of webinar {webinar}.")
TAKES_OUT_AND_IN = Kind("Takes {name} out of the panelists of webinar {webinar} and adds them again: nobody is mailed.")
INVITES_AGAIN = Kind(
    "Takes {name} out of the panelists of webinar {webinar} and adds them again: Zoom mails a new invitation."
)
SEATS = Kind("Seats {people:1 person|# people} in webinar {webinar}: {names:6}. Nobody is mailed.")
INVITES = Kind("Mails {people:1 person|# people} an invitation to webinar {webinar}: {names:6}.")
SEATS_THE_OTHERS = Kind("Seats those of {people:1 person|# people} who do not sit in it yet, without a mail.")
INVITES_THE_OTHERS = Kind(
    "Seats those of {people:1 person|# people} who do not sit in it yet, whom Zoom mails an invitation."
)
PANELISTS = Kind("Panelists: {names:6}.")

# recordings and links
TAKES_BACK = Kind("Takes the link of a recording back from the event record.")
TAKES_BACK_SEEN = Kind("Takes “{title}” back from the event record: nobody may watch it there any more.")
SHOWS = Kind("Shows “{title}” to everybody at the event record.")
SHOWS_MEMBERS = Kind("Shows “{title}” to members at the event record.")
TAKES_BACK_FROM = Kind("Takes the link “{title}” back from {place}.")
SHOWS_ON = Kind("Shows “{title}” to everybody on {place}.")
SHOWS_MEMBERS_ON = Kind("Shows “{title}” to {whom} on {place}.")
SHOWS_MEMBERS_TITLE_ON = Kind("Shows “{title}” to {whom} on {place}. Visitors see its title there.")
MEMBERS = Kind("members")

# who is mailed
MAILED = Kind("{whom:and}")
PEOPLE = Kind("{people:1 person|# people}")
REGISTERED = Kind("whoever has registered for {webinars:1 webinar|# webinars}")

# who sees an event, and what nothing is done of
ALL_SEE = Kind("Everybody sees the event.")
ADDRESSED_SEE = Kind("Whoever has its address sees the event.")
NOT_KNOWN_YET = Kind("What becomes of its webinar is not known yet. {why}")
NOTHING_CANCELLED = Kind("No webinar of it is to come; nothing is deleted at Zoom, and nobody is mailed.")
WAITS = Kind("Waits: {why}")
ONE_STILL_NAMES = Kind("1 coming event names {email} and keeps the address and the seat: {events:6}.")
SOME_STILL_NAME = Kind("{count} coming events name {email} and keep the address and the seat: {events:6}.")
NAMED_NO_MORE = Kind("Events that are imported from now on do not get the address.")

# what to look for
LOOK_DELETED = Kind("whether webinar {webinar} is deleted")
LOOK_CREATED = Kind("a webinar of {host} whose agenda ends with: {marker} (topic: {topic})")
LOOK_CHANGED = Kind("in webinar {webinar}, whether the change has arrived: {fields:,}")
LOOK_UNSEATED = Kind("whether {email} is gone from the panelists of webinar {webinar}")
LOOK_SEATED = Kind("among the panelists of webinar {webinar}: {emails:,}")
LOOK_WITHDRAWN = Kind("whether the link of recording {recording} is gone from the event record")
LOOK_PUBLISHED = Kind("on the event record, the link {url}")
LOOK_WITHDRAWN_THERE = Kind("on {place}, whether the link “{title}” is gone from record {record}")
LOOK_PUBLISHED_THERE = Kind("on {place}, in record {record}, the link {url}")
LOOK_ADOPTED = Kind("whether webinar {webinar} is there; adopting it changes nothing at Zoom")

# why it is done
MOVED = Kind("the event has moved to another host")
CANCELLED = Kind("the event is cancelled")
MADE_THERE = Kind("it was made for the event in its home")
IS_MOVED = Kind("an operator moves the event to another host")
HAS_NONE = Kind("the event has no webinar")
HAS_CHANGED = Kind("the event or its profile has changed")
ASKED_AGAIN = Kind("dropped by Zoom before and asked for again, as it may be unlocked by now: {fields:,}")
PUT_BACK = Kind("changed at Zoom by somebody else and put back, as the profile says: {fields:,}")
RESENT = Kind("added again afterwards, so that Zoom mails a new invitation")
NOT_NAMED = Kind("the event names this person no longer")
NOT_SEATED = Kind("the event names people who are not seated")
READY = Kind("the recording is ready")
TRASHED = Kind("the recording was trashed at Zoom")
DELETED = Kind("the recording was deleted at Zoom")
GONE = Kind("Zoom no longer has the recording")
NO_CONSENT = Kind("the event's consent says do_not_record")
KEPT_BACK = Kind("an operator keeps the recording back")
NOT_OPEN = Kind("it is no longer open to everybody at Zoom")
NOT_SHARED = Kind("it is no longer shared at Zoom")
LED_ELSEWHERE = Kind("its link no longer leads to Zoom")
NOT_FOR_VISITORS = Kind("it is for members, and visitors would see it there")
NOT_PUBLISHED = Kind("the recording is not published any more")
PUBLISHED = Kind("the recording is published")
PUBLISHED_OTHERWISE = Kind("the recording is published in another way now")
