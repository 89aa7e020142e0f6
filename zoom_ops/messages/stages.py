"""Why a stage of an event's life is not done, and what to do."""

from .message import Kind
from .recordings import ADD_LINK

# what comes first
POSTPONED = Kind("The event is postponed: its webinar stays as it is until there is a new date.")
FIRST_PUBLISH = Kind("First the event has to be published.")
FIRST_THE_RECORD = Kind("First the event record has to be complete.")
FIRST_A_WEBINAR = Kind("First there has to be a webinar.")
FIRST_AT_ZOOM = Kind("First Zoom has to have a recording.")
FIRST_FETCHED = Kind("First the recording has to be fetched.")
FIRST_PUBLISHED = Kind("First the recording has to be published.")

# what an event does not have
NOBODY_TO_SEAT = Kind("The event names nobody to be seated.")
EVENT_IS = Kind("The event is {status}.")
EVENT_IS_OVER = Kind("The event is over.")
NOTHING_TO_START = Kind("There is no webinar to start.")
NO_RECORDING_EXPECTED = Kind("No recording is expected.")
RECORDING_REMOVED = Kind("The recording was removed at Zoom.")
RECORDING_KEPT_BACK = Kind("An operator keeps the recording back.")
NO_START_KNOWN = Kind("Zoom has reported no start.")
START_UNHEARD = Kind("Zoom notifies us of nothing, so the start is not known.")

# the record
UNKNOWN_PROFILE = Kind(
    "{why}",
    "Correct the profile's name in the event's file and import it again. Or add the profile's file: the daemon reads "
    "it by itself and goes on. Is it read? {config.diff}",
    cause="The profile's file was renamed, or is not in the folder of profiles.",
)
IN_DOUBT = Kind(
    "{doubts}",
    "Look at it: {events.show}. If it is right: {events.approve}; if not, correct its file and import it again.",
    many="the event is in doubt",
    cause="What was read may mean something else than was understood. No webinar is made before a person says so.",
)

# work that is to be done
UNFINISHED = Kind("{what}", "{then}")
AT_ONCE = Kind("To have it done at once: {jobs.run_for}")
RUN_DOES_IT = Kind("Run {run} does it now.")
STILL_AT_ZOOM = Kind("The event is cancelled, and its webinar is still at Zoom.")
NO_WEBINAR = Kind("The event has no webinar yet.")
NOT_SEATED = Kind("Not every speaker has a seat yet.")
NOT_AS_ASKED = Kind("The webinar is not yet as the event record says.")
NO_ADDRESS = Kind(
    "{people:5} {count:has|have} no e-mail address, so cannot be seated.",
    "Add the address, and the seat follows: {people.import}",
    many="speakers have no e-mail address",
    cause="Zoom seats panelists by e-mail. Neither the event record nor the address book has the speaker's address.",
)
WAS_OVER = Kind("The event was over before it got a webinar.")
MISSED = Kind(
    "The event was over before it got a webinar.",
    "If it was held in a webinar of yours: {events.adopt_one}. If it was not held: {events.cancel}",
    many="over before they got a webinar",
)
NOT_STARTED = Kind(
    "Webinar {webinar} should have begun on {start}, and Zoom has reported no start.",
    "Ask {host} to start it: zoom.us > Webinars > Start. If it is running, Zoom's notifications do not arrive: "
    "{doctor.run}",
    many="webinars that have not begun",
)

# the recording
GONE_AT_ZOOM = Kind(
    "Webinar {webinar} of event {event} is no longer at Zoom, and left no recording.",
    "If it was held elsewhere: {events.adopt_one}",
    many="no webinar at Zoom, and no recording",
    cause="Another webinar may have been held.",
)
NEVER_HELD = Kind(
    "Webinar {webinar} of event {event} was never held, as far as Zoom knows.",
    "If another one was: {events.adopt_one}. If none: cancel or postpone the event.",
    many="never held, as far as Zoom knows",
    cause="Another webinar may have been held.",
)
NOT_RECORDED_FOR = Kind(
    "Event {event} ended on {end}, and Zoom has {what}. The likely cause: {causes:;}.",
    "Ask {host} for a recording of their own. {remedies}",
    many="{causes:;}",
)
NO_RECORDING = Kind(
    "Event {event} ended on {end}, and Zoom has {what}.",
    "Check at Zoom: was it recorded, and to the cloud? Is the storage of {host} full? Was it recorded by consent? Once "
    "Zoom has it: {jobs.run_for}",
    many="Zoom has no recording",
    cause="It was not recorded, or not to the cloud.",
)
TOO_SHORT = Kind(
    "Event {event} ended on {end}, and Zoom has {what}.",
    "If one of them is the event, lower min_recording_minutes in its profile: then it is published. If not: Check at "
    "Zoom: was it recorded, and to the cloud? Is the storage of {host} full? Was it recorded by consent? Once Zoom has "
    "it: {jobs.run_for}",
    many="only recordings that are too short",
    cause="What was recorded is only pieces shorter than the profile's min_recording_minutes.",
)
NOTHING_THERE = Kind("no recording")
ONLY_KEPT_BACK = Kind("only what an operator keeps back")
ONLY_SHORT = Kind(
    "only {count:a recording|# recordings} shorter than the {least} min of profile {profile} ({lengths:,})"
)
PROCESSING = Kind(
    "Zoom is still processing the recording of event {event}, which ended on {end}.",
    "Look at Recordings on zoom.us, and ask Zoom's support.",
    many="Zoom is still processing the recording",
    cause="Zoom takes far too long.",
)
ON_A_COMPUTER = Kind(
    "Webinar {webinar} of event {event} was recorded on the computer of {host}, not in Zoom's cloud.",
    f"Upload the file to where visitors may watch it, and {ADD_LINK}",
    many="recorded on the host's computer, not in Zoom's cloud",
    cause="The setting auto_recording was local. With the import of a link the alert ends.",
)
MADE_A_MEETING = Kind(
    "Webinar {webinar} of event {event} was made a meeting at Zoom, and Zoom has no recording under that number.",
    f"If the event was recorded elsewhere, {ADD_LINK}",
    many="made a meeting at Zoom, and not recorded under that number",
    cause="It was converted at Zoom, and not recorded or held under another number.",
)

# the links
NOT_SHOWN = Kind("The event record does not show the recording yet.")
STILL_SHOWN = Kind("The event record still links a recording that is to be taken back.")
NOT_ON_PLACE = Kind("The recording is not on {place} yet.")
OTHERWISE_ON_PLACE = Kind("{place} shows the recording in another way than our own page of the event.")
STILL_ON_PLACE = Kind("{place} still links a recording that is to be taken back.")
LINKS_HELD_UP = Kind("{missing} {why}")
LINKS_CHANGED = Kind("{missing} {changed}")
