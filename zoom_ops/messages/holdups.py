"""What holds work up."""

from .message import Kind

NO_PROCESS = Kind(
    "No process performs runs.",
    "Start the daemon: {serve.start}",
    cause="The daemon was never started on this database, or it ended before it gave a sign of life.",
)
SILENT = Kind(
    "No process performs runs; the last sign of life was on {heard}.",
    "Start the daemon: {serve.start}",
    cause="The daemon was stopped, has crashed, or hangs. Its log has the last lines before.",
)
ACCOUNT_STOPPED_FOR_A_WHILE = Kind(
    "Zoom account {account} is stopped for a while: {reason}",
    "{again}",
    cause="Zoom answered many calls in a row with errors, or not at all. One call is tried from time to time. The "
    "first that is answered ends the stop.",
)
ACCOUNT_STOPPED_FOR_ONE_THING = Kind(
    "Zoom account {account} is stopped for one thing: {reason}",
    "Then: {accounts.resume}",
    cause="The app at Zoom lacks a scope. All else goes on. Scopes are added in the app at marketplace.zoom.us.",
)
ACCOUNT_STOPPED = Kind(
    "Zoom account {account} is stopped: {reason}",
    "Correct it; a variable needs a restart. Or: {accounts.resume}",
    cause="Zoom refuses the account's credentials, or API_URL leads elsewhere.",
)
ACCOUNT_PAUSED = Kind("Zoom account {account} is paused by {who}: “{note}”.", "To go on: {accounts.resume}")
PAUSED_BY = Kind("Paused by {who} on {since}: “{note}”.")
PAUSED = Kind("Paused.")
JOB_PAUSED = Kind("The job {job} is paused.", "To resume it: {jobs.resume}")
JOB_PAUSED_WITH_NOTE = Kind("The job {job} is paused: “{note}”.", "To resume it: {jobs.resume}")
RUN_LACKS_CONFIGURATION = Kind(
    "Run {run} ({job}) waits for the configuration: {why}",
    "Put the {missing} into the files: the run goes on by itself. Is it read? {config.diff}",
)
RUN_PARKED = Kind("Run {run} ({job}) waits for an operator: {why}", "Then: {runs.retry}")
RUN_NEEDS_FORCE = Kind("Run {run} ({job}) waits for an operator: {why}", "Then: {runs.force}")
RUN_FAILED = Kind("Run {run} ({job}) has failed: {why}", "Mend the cause, then: {runs.retry}")
RUN_FAILING = Kind("{job} failed {times:once|# times in a row}: {why}", "{again}")
RUN_WAITS = Kind("{why}", "{again}")
AGAIN = Kind("It is tried again by itself.")
AGAIN_AT = Kind("It is tried again on {until}.")
