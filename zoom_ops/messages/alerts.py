"""What alerts say: of the service, of attacks on it, and of what at Zoom, in homes and webhooks needs a person."""

from .message import Kind

# parts of the others
AN_EVENT = Kind("{event} ({start})")
EVENTS = Kind("{events:,}")
EVENTS_AND_MORE = Kind("{events:,} and {more} more")
MORE = Kind("and {more} more")

# the service itself
DISK_FULL = Kind(
    "The disk with {holds} ({folder}) has {free} of {total} left.",
    "When it is full, nothing is made or taken in. Make room, or: {jobs.run}",
    cause="Backups, logs or pictures fill it, or another program does. A full disk stops every run.",
)
TOKEN_ENDS = Kind(
    "Token {token} ends on {end}, and requests with it are refused from then on.",
    "Give its script another: {tokens.add_like}. Then: {tokens.revoke}",
    cause="The token was made with an end. A new one has another name, so that both work while the script changes.",
)
TOKEN_ENDED = Kind(
    "Token {token} ended on {end}, and requests with it are refused from then on.",
    "Give its script another: {tokens.add_like}. Then: {tokens.revoke}",
    cause="Its script was not given another in time.",
)
ACCOUNT_PAUSED = Kind(
    "Account {account}: {pause} No call goes to Zoom. {coming} {waiting} {lacking}",
    "To go on: {accounts.resume}",
    cause="A person paused it, longer than a day ago, or an event needs it soon.",
)
JOB_PAUSED = Kind(
    "Job {job}: {pause} It does not run by itself. {coming} {waiting} {lacking}",
    "To go on: {jobs.resume}",
    cause="A person paused it, longer than a day ago, or an event needs it soon.",
)
BEGIN_SOON = Kind("{events:# event begins|# events begin} within {hours} hours.")
WAIT_FOR_IT = Kind("{count:# event waits|# events wait} for it: {events}.")
WITHOUT_WEBINAR = Kind("Without a webinar: {events}.")
NO_ACCOUNT = Kind(
    "No Zoom account is configured, and {events:# event needs|# events need} a webinar; the first is {event}.",
    "Name it in config/settings.toml (docs/configuration.md); the daemon reads it by itself. Then: {doctor.run}",
)
MONITOR_DEAF = Kind(
    "The monitor at `HEARTBEAT_URL` has not heard this service {times} times in a row or more. {why}",
    "Check the address: {doctor.run}",
    cause="The address is wrong, the monitor is down, or the network between is cut.",
)
BACKUP_OVERDUE = Kind("{why} Until that is mended, a lost disk costs what is newer.")
LEAD_ELSEWHERE = Kind(
    "The recordings of {events} events lead to where none may play: nobody can open them.",
    "Perhaps `ZOOM_OPS_RECORDING_HOSTS` lacks a host: {doctor.run} names them. Add it and restart. What is published "
    "stays until then. To withdraw it all: {apply.recordings}",
    cause="The account plays its recordings from a host of its own that the settings do not name.",
)
OUTAGE = Kind(
    "No process performed runs from {heard} to {now}. {due} {begun}",
    "The log before that time says why it stopped: `journalctl -u zoom_ops`",
    cause="The service was stopped, crashed or hung, or its machine was off.",
)
OUTAGE_DUE = Kind(
    "{runs:# run that became due is|# runs that became due are} performed now; nothing is done twice.",
)
OUTAGE_BEGUN = Kind("Meanwhile began: {events}; look at each: {events.show_any}.")
WATCH_EVENTS_PAUSED = Kind(
    "Job {job}: {pause} Meanwhile nobody is told of what becomes late, fails or waits for an operator.",
    "To go on: {jobs.resume}",
)
WATCH_SERVICE_PAUSED = Kind(
    "Job {job}: {pause} Meanwhile nobody is told of full disks, ending tokens and long pauses, and the monitor at "
    "`HEARTBEAT_URL` hears nothing.",
    "To go on: {jobs.resume}",
)
FILES_WRONG = Kind(
    "The configuration files are wrong, and the daemon keeps what it has: {why}",
    "Correct it: the files are read again by themselves. All mistakes: {config.check}",
)
TARGET_FAILING = Kind(
    "{target} has taken no message to operators since {since}. {answer}",
    "It is tried again for three days. Look at the service behind it, and at its entry in `ALERT_TO`. Then: "
    "{alerts.test}",
)

# attacks, and a server without room
MANY_SIGN_INS_REFUSED = Kind(
    "{count:,} or more {what:and} were refused within 5 minutes, {whose}.",
    "Somebody guesses secrets, or one of yours is out of date. Passwords and tokens are tried slowly only. Block the "
    "address before the service, or correct the secret. The log has each address (refused); which logins: "
    "{audit.list}",
)
SERVER_FULL = Kind(
    "{count:,} or more {what:and} were refused within 5 minutes, {whose}.",
    "It is an attack, or more than this server has room for. Block the address before the service. {proxy} {more}",
)
MANY_TO = Kind("many of them to {networks:and}")
TO_MANY = Kind("to many addresses")
PERHAPS_YOUR_PROXY = Kind("If it is your proxy, name it in `ZOOM_OPS_TRUSTED_PROXIES`.")
RAISE_LIMITS = Kind("If so many people read, raise {settings:and}.")
FIREWALL_FULL = Kind(
    "The table of the firewall has room for {most:,} connections and is nearly full.",
    "Then the system drops the packets of newcomers, and readers and Zoom wait for seconds. It is an attack, or more "
    "than the table has room for. Raise net.netfilter.nf_conntrack_max, and block the attackers: docs/deploying.md "
    "says how",
)
PASSWORD_KNOWN = Kind(
    "{most} or more wrong codes were typed for {user} within {within} {whence}, each after the right password.",
    "If that was not {user}, somebody knows the password: give another one, {users.set_password}",
)
FROM_NETWORKS = Kind("from {networks:and}")
FACTOR_DOUBTFUL = Kind(
    "{user} has set up a second factor from {network}, where they never signed in before that week.",
    "Ask them, and dismiss this. If it was somebody else: {users.set_password}, and then {users.reset_factor}",
)

# homes and webhooks
HOME_DOWN = Kind(
    "The home {home} cannot be read: {why} It has failed since {since}, and was read last at {read}.",
    "To see what is missing: {homes.check}",
)
HOME_NEVER_READ = Kind(
    "The home {home} cannot be read: {why} It has failed since {since}, and was never read.",
    "To see what is missing: {homes.check}",
)
RECORD_GONE = Kind(
    "The record of {event} is gone from the home {homes:and}. Nothing was changed here or at Zoom.",
    "If the event does not take place: {events.cancel}. If it does, dismiss this alert.",
)
RECORDS_GONE = Kind(
    "The records of {count} coming events are gone from the home {home}, such as those of {events:,}. Nothing was "
    "changed here or at Zoom.",
    "Perhaps its file names another part of the home, or the token may read less: {homes.check}. If these events do "
    "not take place, cancel each; if they do, dismiss this alert.",
)
WEBHOOK_FAILED = Kind(
    "Messages to webhook {webhook} were given up after {attempts} attempts. {answer}",
    "Once its receiver is mended: {webhooks.retry}",
)
WEBHOOK_GONE = Kind(
    "Webhook {webhook} answered 410 Gone, and is told nothing more.",
    "Take it out of the settings, or let it answer again and say: {webhooks.test}",
)

# Zoom
RECORDING_GONE = Kind(
    "Zoom no longer has {count:the recording|the recordings} of {days:,} of event {event}: the list {of} leaves it "
    "out, and two looks did not find it. The page shows it no longer.",
    "Somebody deleted it, or Zoom did by itself. To bring it back, restore it at Zoom within 30 days: Recordings, "
    "Trash. The page then follows. If it may stay away: {jobs.force_for}",
)
OF_HOST = Kind("of {host}")
RECORDING_HOST_GONE = Kind(
    "Zoom no longer knows the host {host}, who holds {recordings:# recording|# recordings} on our pages: the user was "
    "deleted or deactivated.",
    "Each recording is still looked for once a week, as it may be another user's now. Check at Zoom, Users. If the "
    "user stays away, take {host} out of `HOSTS` and dismiss this alert.",
)
HOST_DEACTIVATED = Kind(
    "Host {host} is deactivated or no user of the account, and these events are to be held on it: {events:,} {more}.",
    "Give the host its licence back at Zoom, or each event another host: {events.move_any}. Then: {jobs.run}",
)
HOST_UNLICENSED = Kind(
    "Host {host} has no webinar licence any more, and these events are to be held on it: {events:,} {more}.",
    "Give the host its licence back at Zoom, or each event another host: {events.move_any}. Then: {jobs.run}",
)
HOST_UNREAD = Kind(
    "The list of webinars of host {host} cannot be read, so events may be put on top of webinars that others made "
    "there. {why}"
)
STORAGE_FULL = Kind(
    "The cloud storage of Zoom account {account} is full ({used} used on {told}): Zoom begins no cloud recording any "
    "more, unless its plan pays by use.",
    "A Zoom administrator deletes recordings or buys storage: Account Management > Billing on zoom.us.",
)
STORAGE_NEARLY_FULL = Kind(
    "The cloud storage of Zoom account {account} is nearly full ({used} used on {told}). When it is full, Zoom records "
    "no webinar any more.",
    "A Zoom administrator deletes recordings or buys storage: Account Management > Billing on zoom.us.",
)
OLD_WEBINAR_LEFT = Kind(
    "Event {event} moved to webinar {webinar}, and its former webinar {former} of {host} is still there: {why}",
    "Delete it on zoom.us, then: {apply.event}",
)

# stray webinars
_STRAY = "If nobody needs it, delete it at Zoom; if it is for something else, take that line out of its agenda."
STRAY_WEBINAR = Kind("webinar {webinar} of {host}")
STRAY_OF_NO_EVENT = Kind(
    "There is no event {event} here, and its reference line ends the agenda of {webinars:,}: was a backup restored?",
    f"If it is wanted, import the event again, then: {{adopt}}. {_STRAY}",
    cause="A restored backup did not know the event.",
)
STRAY_OF_CANCELLED = Kind(
    "Event {event} is cancelled, and its reference line ends the agenda of {webinars:,}: left over, restored at Zoom, "
    "or copied by hand.",
    _STRAY,
)
STRAY_OF_UNBOUND = Kind(
    "Event {event} has no webinar that is known here, and its reference line ends the agenda of {webinars:,}.",
    f"If it is the event's: {{adopt}}. {_STRAY}",
    cause="A restored backup did not know of it. Or ours was deleted at Zoom, and a copy is left.",
)
STRAY_BESIDE = Kind(
    "Event {event} has webinar {webinar} of {host}, and its reference line ends the agenda of {webinars:,}, too: made "
    "twice when an answer got lost, or copied by hand.",
    f"Look at them at Zoom. If {{webinar}} is the wrong one: {{adopt}}, and delete {{webinar}} there. {_STRAY}",
    cause="Zoom's answer got lost and its list lagged, so it was made twice. Or somebody copied it: “Duplicate” at "
    "Zoom copies the line, too.",
)
