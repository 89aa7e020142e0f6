"""What holds a recording back, and what operators must know of it."""

from .message import Kind

_WHERE = "at Zoom (Recordings → the recording → Share), then: {jobs.run_for}"
ADD_LINK = (  # how a recording that is not in Zoom's cloud comes to an event's page
    "add its link to the event's file as an attachment (kind: recording, url: LINK), and import that again: "
    "{events.import_as}"
)

NO_CONSENT = Kind("The event's consent says do_not_record: its recording is not published.")
WAITS_FOR_APPROVAL = Kind("The recording waits for approval: {events.approve}")
PUBLISHED_FROM = Kind("The recording is published from {due} on, as the profile says.")
WAITS_FOR_TRANSCRIPT = Kind("The recording waits for its transcript, as the profile says.")

# the event, or a rehearsal
DOUBTFUL = Kind("{finding}", "{then}")
AT_UNKNOWN_TIME = Kind("Recorded for {length}, at a time that Zoom does not say. {called}")
BEFORE_THE_EVENT = Kind("Recorded {times} ({length}), before the event ({event_times}, {timezone}). {called}")
AFTER_THE_EVENT = Kind("Recorded {times} ({length}), after the event ({event_times}, {timezone}). {called}")
EARLY_START = Kind(
    "Recorded {times} ({length}), from {early} before the event ({event_times}, {timezone}) on: a rehearsal may be in "
    "it."
)
ON_A_DAY = Kind("{begin:local time} to {end:local time}")
ON_DATES = Kind("{begin:local} to {end:local time}")
OVER_MIDNIGHT = Kind("{begin:local} to {end:local}")
CALLED_PRACTICE = Kind("Zoom calls it a practice session.")
CALLED_NO_PRACTICE = Kind("Zoom says that it was no practice session.")
NOT_CALLED = Kind("Zoom has not said whether it was a practice session.")
WATCH_IT = Kind("Watch it. If it is the event: {events.approve_field}; if it is not: {events.withhold}")
HELD_EARLY = Kind(
    "The profile holds it back until you have looked. Watch its beginning; to cut it, open it at Zoom under "
    "Recordings, and trim it there. If it may be seen as it is, or once it is cut: {events.approve_field}; to keep it "
    "back: {events.withhold}"
)
PUBLISHED_EARLY = Kind(
    "The profile publishes it all the same. Watch its beginning; to cut it, open it at Zoom under Recordings, and trim "
    "it there. If it may be seen as it is, or once it is cut: {events.approve_field}; to take it off the page: "
    "{events.withhold}"
)

# who may open it
NOT_SHARED = Kind(
    f"Zoom does not share the recording, so its link would open for nobody. Share it {_WHERE}",
)
SHARING_UNKNOWN = Kind(f"Who may open the recording is unknown, and the profile holds it: {{why}} Look {_WHERE}")
RESTRICTED = Kind(f"The recording opens only for {{whom}}, and the profile holds it. Share it publicly {_WHERE}")
NOT_KNOWN_FOR_WHOM = Kind(
    "Who may open the recording of event {event} is unknown: {why}",
    "Zoom is asked again once a day, or at once: {jobs.run_for}",
)
OPENS_FOR_SOME = Kind(
    "The recording of event {event} opens only for {whom:or} {named}, and its page says so.",
    f"If everybody should watch it, share it publicly {_WHERE}",
)
SIGN_IN_NAMED = Kind("({name})")
PASSCODE_UNKNOWN = Kind(
    "Zoom does not tell the passcode of the recording of event {event}, so visitors meet Zoom's prompt without one.",
    "The role of the user who owns the app needs the right View Recording Content (Zoom: User Management → Roles). "
    "Then: {jobs.run_for}",
)
ACCOUNT_ONLY = Kind("people of the Zoom account")
SIGN_IN = Kind("people who sign in to Zoom")
REGISTRATION = Kind("people who register for it at Zoom")

# where it lies
LEADS_ELSEWHERE = Kind(
    "The link that Zoom gives for a recording of event {event} leads to {host}, and not to Zoom: nobody is sent there.",
    "If recordings do play there, add it to ZOOM_OPS_RECORDING_HOSTS and restart. If not, look at the recording on "
    "zoom.us.",
)
IN_OWN_STORAGE = Kind(
    "The files of a recording of event {event} lie in the account's own storage, at {storage}.",
    f"Check that its link at Zoom plays them. If not, withhold it, and {ADD_LINK}",
)
ONLY_IN_OWN_STORAGE = Kind(
    "The files of a recording of event {event} lie in the account's own storage, at {storage}. Zoom gives no link that "
    f"plays them: put them where visitors may watch, and {ADD_LINK}",
)
EXPIRES = Kind(
    "{urgent} Zoom deletes {count:the recording|# recordings} of event {event} {account} on {day}. After that the page "
    "shows no recording.",
    "To keep it, at Zoom: Recordings, this recording, turn off Auto delete. Or download it before.",
)
FEW_DAYS = Kind("Only a few days are left:")
IN_ACCOUNT_OF = Kind("in the account of {host}")
NOTHING_EXPIRES = Kind("No recording is deleted soon.")
