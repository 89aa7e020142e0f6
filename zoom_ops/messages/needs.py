"""What the console's first page says beside alerts and runs."""

from .message import Kind

ACCOUNT_PAUSED = Kind("No call goes to Zoom, and what needs one waits. {pause}")
JOB_PAUSED = Kind("It does not run by itself. {pause}")
MUTED = Kind("{why} Muted by {who}: “{note}”.")
NOTES_WAIT = Kind("{notes:# note waits|# notes wait} for a decision.")
UNADDRESSED = Kind("{people:# person has|# people have} no e-mail address, so cannot be seated.")
ZOOM_DIFFERS = Kind("Zoom differs from what was asked for: {fields}.")
FIRST = Kind("The first: {why}")
