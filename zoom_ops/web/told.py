"""Messages on pages of the console: values are escaped and set apart, moments are `<time>`, steps are links."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup, escape

from ..messages import Message, Step, Words, command_of
from ..stages import name_job
from .commands import link_commands

_EVENT = "/-/events/{event}"
PLACES: Mapping[str, tuple[str, str]] = {
    "accounts.list": ("/-/hosts", "Hosts"),
    "accounts.resume": ("/-/hosts#account-{account}", "“Resume” at the account"),
    "alerts.list": ("/-/alerts", "Alerts"),
    "alerts.mute": ("/-/alerts#problem-{problem}", "“Mute” under Alerts"),
    "alerts.test": ("/-/alerts#targets", "“Send a test to each” under Alerts"),
    "apply.event": ("/-/plan?event={event}", "“Apply” in its plan"),
    "apply.force": ("/-/plan?event={event}&force=1", "“Apply” in its forced plan"),
    "apply.recordings": ("/-/plan?kind=recording&force=1", "“Apply” in the forced plan"),
    "audit.list": ("/-/audit", "the audit"),
    "config.check": ("/-/settings", "Settings"),
    "config.diff": ("/-/settings", "Settings"),
    "events.adopt": (_EVENT + "#webinar", "“Adopt” webinar {webinar} on its page"),
    "events.adopt_one": (_EVENT + "#webinar", "“Adopt” on its page"),
    "events.approve": (_EVENT + "#review", "“Review” on its page"),
    "events.approve_field": (_EVENT + "#review", "“Review” on its page"),
    "events.cancel": (_EVENT + "/cancel", "“Cancel the event…”"),
    "events.import": ("/-/events/paste", "“Paste or drop”"),
    "events.import_as": (_EVENT + "/edit", "the form of the event"),
    "events.move": (_EVENT + "#webinar", "“Move” on its page"),
    "events.move_any": ("/-/events", "“Move” on the page of each"),
    "events.publish": (_EVENT, "“Publish…” on its page"),
    "events.publish_unlisted": (_EVENT, "“Publish…” on its page"),
    "events.resend": (_EVENT + "#webinar", "“Send panelists new invitations…” on its page"),
    "events.show": (_EVENT, "its page"),
    "events.show_any": ("/-/events", "the pages of the events"),
    "events.unlist": (_EVENT, "“Take it off the lists” on its page"),
    "events.withhold": (_EVENT + "#recordings", "“Recordings” on its page"),
    "homes.check": ("/-/homes#home-{home}", "“Check…” at the home “{home}”"),
    "homes.decide": (_EVENT + "#links", "“Links that somebody changed” on its page"),
    "homes.leave": (_EVENT + "#links", "“Leave it so” on its page"),
    "homes.list": ("/-/homes", "Homes"),
    "homes.pull": ("/-/homes#home-{home}", "“Read now” at the home “{home}”"),
    "homes.restore": (_EVENT + "#links", "“Write ours again…” on its page"),
    "homes.show": (_EVENT + "#homes", "its page"),
    "hosts.read": ("/-/hosts", "“Read the hosts again” under Hosts"),
    "jobs.list": ("/-/jobs", "Jobs"),
    "jobs.resume": ("/-/jobs#job-{job}", "“Resume” at the job {job}"),
    "jobs.run": ("/-/jobs#job-{job}", "“Run now” at the job {job}"),
    "jobs.run_for": (_EVENT + "#runs", "“Run now” on its page, for the job {job}"),
    "jobs.force_for": (_EVENT + "#runs", "“Run now” by force on its page, for the job {job}"),
    "people.import": ("/-/people#add", "“Add addresses” under People"),
    "plan.event": ("/-/plan?event={event}", "its plan"),
    "runs.failed": ("/-/runs?state=trouble", "the runs that failed"),
    "runs.force": ("/-/runs/{run}", "“Try again by force” on run {run}"),
    "runs.not_done": ("/-/runs/{run}", "“It was not done: do it” on run {run}"),
    "runs.retry": ("/-/runs/{run}", "“Try again” on run {run}"),
    "runs.show": ("/-/runs/{run}", "run {run}"),
    "tokens.add": ("/-/tokens", "“Make the token” under API tokens"),
    "tokens.add_like": ("/-/tokens", "“Make the token” under API tokens"),
    "tokens.revoke": ("/-/tokens", "“Revoke” under API tokens"),
    "users.add": ("/-/users", "“Add the user” under Users"),
    "users.reset_factor": ("/-/users", "“Remove the second factor…” there"),
    "users.set_password": ("/-/users", "“Make a new password…” on the page of this user"),
    "webhooks.list": ("/-/webhooks", "Webhooks"),
    "webhooks.retry": ("/-/webhooks?failed=1", "“Send all that were given up again” under Webhooks"),
    "webhooks.test": ("/-/webhooks", "“Send a test message” under Webhooks"),
}
"""Where the console does each step, and how that is called. The other steps are commands only."""
_CODE = re.compile("`([^`]*)`")


class ConsoleWords(Words):
    """Writes messages as HTML. `jobs` are named in words, and an event of `names` by its name instead of its id."""

    def __init__(self, jobs: Collection[str] = (), names: Mapping[str, str] | None = None) -> None:
        self._jobs, self._names = jobs, names or {}

    def tell(self, message: Message) -> str:
        """Write a message. In a sentence without a code, the commands are found."""
        if message.code == "said":
            return link_commands(message.values["words"], self._jobs, self._names)
        return super().tell(message)

    def words(self, text: str) -> str:
        """Escape words of the catalogue; what stands in `backticks` is code."""
        return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just now

    def data(self, _name: str, text: str) -> str:
        """Escape what people or other systems wrote, and set it apart, as its direction may be another."""
        if _name in ("event", "events") and self._names.get(text):
            return Markup("“<bdi>%s</bdi>”") % self._names[text]
        if text in self._jobs:
            return Markup("“%s”") % name_job(text)
        return Markup("<bdi>%s</bdi>") % text

    def moment(self, moment: datetime) -> str:
        """Write a moment with its element, so that the reader's own zone can stand beside it."""
        written, _, zone = super().moment(moment).rpartition(" ")
        return Markup('<time datetime="%s">%s</time> %s') % (moment.isoformat(), written, zone)

    def step(self, step: Step) -> str:
        """Write a step as a link to where the console does it; one that it has not as a command."""
        if step.verb not in PLACES:
            return Markup("<code>%s</code>") % command_of(step)
        address, words = PLACES[step.verb]
        subject = {name: str(value) for name, value in step.subject.items()}
        named = {name: f"“{name_job(value)}”" if name == "job" else value for name, value in subject.items()}
        where = address.format_map({name: quote(value) for name, value in subject.items()})
        return Markup('<a href="%s">%s</a>') % (where, words.format_map(named))

    def join(self, parts: Sequence[str], between: str) -> str:
        """Join what was written."""
        return Markup(between).join(parts)  # noqa: S704 - a blank or a comma
