"""Why nothing is changed for an event, and what operators must know of its webinar and its links."""

from .message import Kind
from .recordings import ADD_LINK

_FORCE = "An operator may do it with --force."

# the event
OVER = Kind("The event was over on {end}: it gets no webinar.")
NEEDS_REVIEW = Kind("The event needs review before it gets a webinar ({doubts:;}).")
DOUBT = Kind("{field}: {reason}")
DRAFT = Kind("It is a draft. Its page in the console publishes it, and so does {events.publish}.")
DRAFT_IN_DOUBT = Kind("It is a draft, in doubt about its {fields:,}. The form shows why, and so does {events.show}.")
NO_ACCOUNT = Kind(
    "No Zoom account is configured for this event. If there are several, set default_account in settings.toml, or "
    "import the event with --account."
)
NOT_LOOKED = Kind("The database was restored from a backup: Zoom is looked at before a webinar is made.")
MADE_SINCE = Kind("Webinar {webinar} was made for this event after the backup that was restored, and becomes its own.")

# hosts
NO_HOSTS = Kind("Account {account} has no hosts: its HOSTS setting is empty.")
NO_HOST_FREE = Kind(
    "No host is free from {begin:local} to {end:local time} ({timezone}), {buffer} minutes between webinars: of "
    "{hosts:1 host|# hosts}, {counted:;}.",
    many="no host is free",
    cause="Every host has another webinar at that time, or cannot take it. The sentence counts why.",
)
COUNTED = Kind("{count} {why}")
NOT_IN_POOL = Kind("{host} is not in the pool of account {account}: its HOSTS setting does not name it.")
CANNOT_TAKE = Kind("{host} cannot take the event: it is {why}.")
DEACTIVATED = Kind("deactivated at Zoom")
NO_LICENCE = Kind("without a webinar licence")
TOO_SMALL = Kind("for fewer than {capacity} attendees")
TAKEN_BY = Kind("taken by “{name}”")
TAKEN = Kind("taken by {by}")
FOREIGN = Kind("a webinar at Zoom that is not ours ({topic})")
OUT_OF_CHANGES = Kind("out of changes for today (Zoom allows 100 a day until 00:00 UTC)")
STAYS_ON = Kind("The event stays on {host}. {why}", "To leave it there: {events.move}")
IS_LIVE = Kind("Webinar {webinar} is live.")
OVERLAPS = Kind("Its new time overlaps on its host with {others:,}, and Zoom cannot give a webinar to another host.")

# what is refused unless an operator forces it
LIVE_WOULD_CHANGE = Kind("Webinar {webinar} is live; {fields:,} would change.", _FORCE)
LIVE_WOULD_MOVE = Kind("Webinar {webinar} is live; the event would move to another host.", _FORCE)
LIVE_WOULD_END = Kind("Webinar {webinar} is live; it would be cancelled.", _FORCE)
SOON_WOULD_CHANGE = Kind("Webinar {webinar} starts or started within 15 minutes; {fields:,} would change.", _FORCE)
SOON_WOULD_MOVE = Kind(
    "Webinar {webinar} starts or started within 15 minutes; the event would move to another host.", _FORCE
)
SOON_WOULD_END = Kind("Webinar {webinar} starts or started within 15 minutes; it would be cancelled.", _FORCE)
MANY_WOULD_END = Kind(
    "{cancelled} of the account's {upcoming} upcoming webinars would be cancelled within an hour.", _FORCE
)
NOT_OURS = Kind(
    "Webinar {webinar} was made by the system of the event's home, which deletes it with its own record.", _FORCE
)
OLDER_THAN_ZOOM = Kind(
    "Zoom has another {fields:,} of webinar {webinar} than the restored backup. If that is right, change the event.",
    _FORCE,
)
MANY_ELSEWHERE = Kind(
    "The recordings of more than {most} events lead elsewhere, so none is withdrawn by itself any more. Nobody can "
    "open them meanwhile.",
    "An operator may withdraw them: {apply.recordings}",
)
UNSAFE = (
    LIVE_WOULD_CHANGE,
    LIVE_WOULD_MOVE,
    LIVE_WOULD_END,
    SOON_WOULD_CHANGE,
    SOON_WOULD_MOVE,
    SOON_WOULD_END,
    MANY_WOULD_END,
    NOT_OURS,
    OLDER_THAN_ZOOM,
)
"""What an operator may force."""

# webinars that Zoom treats unlike others
GONE = Kind("Webinar {webinar} was deleted at Zoom. Cancel the event, or for a new one: {apply.force}")
MADE_A_MEETING = Kind(
    "Webinar {webinar} was made a meeting at Zoom. Make it a webinar again on zoom.us, then: {events.adopt}. Or cancel "
    "the event, or for a new one: {apply.force}"
)
MEETING_REMAINS = Kind(
    "The event is cancelled, and its webinar {webinar} was made a meeting at Zoom, which this service does not delete.",
    "Delete it on zoom.us, under Meetings.",
)
MADE_BY_EVENTS = Kind(
    "Webinar {webinar} was made in Zoom Events or Webinars Plus, and no app may change or delete it.",
    "Change there: {fields:6}.",
)
MADE_BY_EVENTS_CANCELLED = Kind(
    "Webinar {webinar} was made in Zoom Events or Webinars Plus, and no app may change or delete it.",
    "The event is cancelled: delete the webinar there.",
)
SIMULIVE = Kind(
    "Webinar {webinar} of {host} is simulive: it plays a recording that exists already, and Zoom makes no other.",
    f"To show it afterwards, {ADD_LINK}",
)
SIMULIVE_STARTED = Kind(
    "Simulive webinar {webinar} has started, and Zoom lets no app change or delete it any more.",
    "End or change it on zoom.us, under Webinars.",
)

# webinars that the system of a home makes
AWAITED = Kind("{places:or} makes the webinar: it is awaited until {until}.")
UNSAID = Kind(
    "{places:or} has webinars for the event and does not say which one is its own: there are several, or one is "
    "hidden. Nothing is made.",
    "Leave one of them there and show it, or decide: {events.adopt_one}",
)
SEVERAL_NAMED = Kind(
    "The records of the event name several webinars: {named:and}. Nothing is made.",
    "Leave one of them there, or decide: {events.adopt_one}",
)
NAMED = Kind("{webinar} ({place})")
NOT_TOLD = Kind(
    "{places:or} does not tell whether it has a webinar for the event, so none is made.",
    "Show it there. Or have one of ours: {apply.force}",
)
NOT_MADE = Kind(
    "{places:or} was to make the webinar until {until}, and names none.",
    "Make it there. Or have one of ours: {apply.force}",
)
OF_ANOTHER = Kind(
    "{place} names webinar {webinar}, which event {owner} has: one webinar is for one event. Nothing is made.",
    "Make another one there.",
)
OF_OTHERS_TOO = Kind(
    "{place} names webinar {webinar}, which is that of {others:5}, too. Nothing is made.",
    "If it is this event's: {events.adopt}. Else make another one there.",
)
NAMES_ANOTHER = Kind(
    "The event has webinar {own}, and {place} names another: people may get the link of the wrong one.",
    "Take the other out of the record there. Or: {events.adopt}. Then delete the first at Zoom.",
)
NAMES_SEVERAL = Kind(
    "The event has webinar {webinar}, and {places:or} has several, or one that is hidden: people may get the link of "
    "the wrong one.",
    "Leave one of them there and show it.",
)
NAMES_NO_MORE = Kind(
    "{places:or} names webinar {webinar} no more, which was made there. The event keeps it, and nothing is deleted.",
    "Show it there again, or cancel the event.",
)
NAMES_NONE = Kind(
    "{places:or} names no webinar, so the event has one of ours: {webinar}. Who looks there does not find its link."
)
ADOPTED = Kind("Webinar {webinar} is adopted.")
ITS_OWN = Kind("Webinar {webinar} was made there, and is the event's.")

# what a webinar has not
SMALLER = Kind(
    "Zoom lets {capacity} attendees into webinar {webinar} of {host}, and profile {profile} expects {expected}.",
    "Give the host a larger licence, or name its license_type in the profile.",
)
HOST_SHARED = Kind(
    "Webinar {webinar} shares its host {host} with what is not ours: webinar {others:5}.",
    "Move or delete one of them at Zoom, or move the event.",
    cause="Somebody made a webinar of their own on a host of the pool.",
)
OTHER = Kind("{webinar} ({topic}, {begin:local} to {end:local time} {timezone})")
NOT_RECORDED = Kind(
    "The event is to be recorded, and Zoom will not record {which}: {causes:;}.",
    "{remedies}",
    cause="A setting of the account, the group or the host at Zoom, or its storage, stands in the way.",
)
WEBINAR_OF = Kind("webinar {webinar} of {host}")
A_WEBINAR_OF = Kind("a webinar of {host}")
HOST_HAS_NO_RIGHT = Kind("{host} has no right to record to the cloud{stays}")
GIVE_THE_RIGHT = Kind(
    "A Zoom administrator gives it: User Management > Users > {host} > Settings > Recording > Cloud recording, or the "
    "same for the host's group."
)
STAYS_ON_COMPUTER = Kind("; a local recording stays on the host's computer")
DROPPED = Kind("Zoom dropped auto_recording = cloud, as it does under a lock, and keeps auto_recording = {kept}{stays}")
REHEARSED = Kind("a rehearsal found that Zoom drops auto_recording = cloud and keeps auto_recording = {kept}")
UNLOCK = Kind(
    "A Zoom administrator unlocks Automatic recording on zoom.us: Account Management > Account Settings > Recording, "
    "or User Management > Groups for the group of {host}."
)
CHANGED_THERE = Kind("somebody changed it at Zoom to auto_recording = {kept}{stays}")
CHANGE_BACK = Kind(
    "The host edits webinar {webinar} on zoom.us: Automatically record webinar, in the cloud. Or let the profile put "
    'it back: auto_recording = "ours" under [drift].'
)
STORAGE_FULL = Kind("the cloud storage of its Zoom account is full")
MAKE_ROOM = Kind(
    "A Zoom administrator deletes recordings or buys storage: Account Management > Billing on zoom.us. A plan that "
    "pays for storage by use records all the same."
)
ASKED_DAILY = Kind("The service asks for it again once a day. To ask at once: {apply.force}")

# seats
SEAT_REFUSED = Kind(
    "Zoom refuses to seat {refused:;} in webinar {webinar}. The others are seated.",
    "Correct the address with {people.import}, or the name with {events.import}; {apply.force} asks again.",
)
REFUSED_FOR = Kind("{name} ({reason})")
NO_ROOM = Kind(
    "Webinar {webinar} has no room for {people:1 person|# people}, who are not seated: {names:6}. Zoom says: {reason}",
    "Remove panelists at Zoom, or let Zoom raise the limit; {apply.force} asks again.",
)

# links in homes
LINK_CHANGED = Kind("Somebody changed the link “{title}” on {place}: it stays so.")
LINK_REMOVED = Kind("Somebody removed the link “{title}” on {place}: it stays so.")
LINKS_TO_DECIDE = Kind("{changed}", "To decide: {homes.decide}")
NOT_HIDDEN = Kind(
    "{place} cannot keep a link from visitors, and “{title}” is for members: it is only on our own page of the event."
)
