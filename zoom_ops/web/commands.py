"""The commands in sentences to operators, as the links of the console that lead to the same step. Pure.

A sentence names its next step once, as a command. The command line, the API and mails show it so; the console has
this rendering of it.
"""

import html
import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape

from ..stages import name_job

COMMAND_ONLY = ("audit", "config example", "db", "doctor", "init", "rehearse", "sandbox", "serve")
"""Verbs for which the console has no page: they are needed where there is no console, or before it."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})
_ID = r"(?:…|[a-z0-9][a-z0-9-]*(?![\w.-]*@))"  # …: of a cause, which is of several events
_WORD = r"[^\s,;]+?(?=[.,;:]{0,3}(?:\s|$))"
_QUOTED = r"(?:&#39;(?:(?!&#39;).)*&#39;|&#34;(?:(?!&#34;).)*&#34;|[^\s&,;])+?(?=[.,;:]{0,3}(?:\s|$))"
_VERB = re.compile("[a-z]+")


class _Step(NamedTuple):
    """A command without its `zoom-ops`, in HTML, as a pattern; where the console does it, and how that is called."""

    verb: str  # its first word
    pattern: re.Pattern[str]
    address: str  # with {names} of groups of the pattern
    words: str


def _step(pattern: str, address: str, words: str) -> _Step:
    verb = re.sub(r"^\(\?<=[^)]*\)", "", pattern)
    for name, of in (("EVENT", f"(?P<event>{_ID})"), ("JOB", r"(?P<job>[a-z_]+)"), ("RUN", r"(?P<run>\d+|…)")):
        pattern = pattern.replace(f"<{name}>", of)
    return _Step(_VERB.findall(verb)[0], re.compile(pattern), address, words)


_PAGE = "/-/events/{event}"
_STEPS = (
    _step(r"runs retry <RUN> --not-done", "/-/runs/{run}", "“It was not done: do it” on run {run}"),
    _step(r"runs retry <RUN> --force", "/-/runs/{run}", "“Try again by force” on run {run}"),
    _step(r"runs retry <RUN>", "/-/runs/{run}", "“Try again” on run {run}"),
    _step(
        rf"runs retry --failed --cause (?P<cause>{_QUOTED})",
        "/-/runs?{cause}",
        "“Try all of them again…” for these runs",
    ),
    _step(r"runs show <RUN>", "/-/runs/{run}", "run {run}"),
    _step(r"runs show, with the number of this run", "/-/runs?state=trouble", "the page of this run"),
    _step(r"runs(?: --failed| --causes)?(?! retry| show)", "/-/runs?state=trouble", "the runs that failed"),
    _step(r"events show <EVENT>", _PAGE, "its page"),
    _step(r"events show EVENT", "/-/events", "the pages of the events"),
    _step(r"events approve <EVENT>(?: --field \w+)?", _PAGE + "#review", "“Review” on its page"),
    _step(rf"events withhold <EVENT> {_WORD}", _PAGE + "#recordings", "“Recordings” on its page"),
    _step(r"events withhold EVENT RECORDING, as `events show` names it", "/-/events", "“Recordings” on its page"),
    _step(r"events adopt <EVENT> (?P<webinar>\d+)", _PAGE + "#webinar", "“Adopt” webinar {webinar} on its page"),
    _step(r"events adopt <EVENT> WEBINAR_ID", _PAGE + "#webinar", "“Adopt” on its page"),
    _step(rf"events move <EVENT> --host {_WORD}", _PAGE + "#webinar", "“Move” on its page"),
    _step(r"events move EVENT --host HOST", "/-/events", "“Move” on the page of each"),
    _step(r"events resend <EVENT>", _PAGE + "#webinar", "“Send panelists new invitations…” on its page"),
    _step(r"events cancel <EVENT>", _PAGE + "/cancel", "“Cancel the event…”"),
    _step(r"homes restore <EVENT>", _PAGE + "#links", "“Write ours again…” on its page"),
    _step(r"homes leave <EVENT>", _PAGE + "#links", "“Leave it so” on its page"),
    _step(r"events publish <EVENT>(?: --unlisted)?", _PAGE, "“Publish…” on its page"),
    _step(r"events unlist <EVENT>", _PAGE, "“Take it off the lists” on its page"),
    _step(r"events import FILE --id <EVENT>", _PAGE + "/edit", "the form of the event"),
    _step(r"events import(?: FILE)?", "/-/events/paste", "“Paste or drop”"),
    _step(r"people import(?: FILE)?", "/-/people#add", "“Add addresses” under People"),
    _step(r"plan EVENT", "/-/plan", "the plan"),
    _step(r"plan --limit \d+", "/-/plan", "the plan"),
    _step(r"plan <EVENT>", "/-/plan?event={event}", "its plan"),
    _step(r"apply --event <EVENT> --force", "/-/plan?event={event}&amp;force=1", "“Apply” in its forced plan"),
    _step(r"apply --event <EVENT>", "/-/plan?event={event}", "“Apply” in its plan"),
    _step(r"apply --kind recording --force", "/-/plan?kind=recording&amp;force=1", "“Apply” in the forced plan"),
    _step(r"run <JOB> --event <EVENT>", _PAGE + "#runs", "“Run now” on its page, for the job “{job}”"),
    _step(r"run <JOB>", "/-/jobs#job-{job}", "“Run now” at the job “{job}”"),
    _step(r"jobs resume <JOB>", "/-/jobs#job-{job}", "“Resume” at the job “{job}”"),
    _step(r"jobs", "/-/jobs", "Jobs"),
    _step(rf"accounts resume (?P<account>{_WORD})", "/-/hosts#account-{account}", "“Resume” at the account"),
    _step(r"accounts", "/-/hosts", "Hosts"),
    _step(r"(?<=read them again: zoom-ops )doctor", "/-/hosts", "“Read the hosts again” under Hosts"),
    _step(rf"alerts mute (?P<problem>\w+) --note {_QUOTED}", "/-/alerts#problem-{problem}", "“Mute” under Alerts"),
    _step(r"alerts test", "/-/alerts#targets", "“Send a test to each” under Alerts"),
    _step(r"alerts", "/-/alerts", "Alerts"),
    _step(rf"homes check (?P<home>{_WORD})", "/-/homes#home-{home}", "“Check…” at the home “{home}”"),
    _step(rf"homes pull (?P<home>{_WORD})(?! --take)", "/-/homes#home-{home}", "“Read now” at the home “{home}”"),
    _step(
        r"(?<=To decide: zoom-ops )homes show <EVENT>", _PAGE + "#links", "“Links that somebody changed” on its page"
    ),
    _step(r"homes show <EVENT>", _PAGE + "#homes", "its page"),
    _step(r"homes(?: list)?(?! \w)", "/-/homes", "Homes"),
    _step(rf"webhooks test {_WORD}", "/-/webhooks", "“Send a test message” under Webhooks"),
    _step(r"webhooks retry --failed", "/-/webhooks?failed=1", "“Send all that were given up again” under Webhooks"),
    _step(r"webhooks(?: deliveries)?", "/-/webhooks", "Webhooks"),
    _step(rf"tokens add {_QUOTED}(?: --scope {_WORD})*", "/-/tokens", "“Make the token” under API tokens"),
    _step(rf"tokens revoke {_QUOTED}", "/-/tokens", "“Revoke” under API tokens"),
    _step(r"users add NAME --role \w+", "/-/users", "“Add the user” under Users"),
    _step(rf"users set {_QUOTED} --password", "/-/users", "“Make a new password…” on the page of this user"),
    _step(rf"users reset-second-factor {_QUOTED}", "/-/users", "“Remove the second factor…” there"),
    _step(r"config (?:diff|check)", "/-/settings", "Settings"),
)
_BY_VERB: Mapping[str, tuple[_Step, ...]] = {
    verb: tuple(step for step in _STEPS if step.verb == verb) for verb in {step.verb for step in _STEPS}
}
_QUOTE = r"“[^“”]*(?:“[^“”]*”[^“”]*)*(?:”|\Z)"  # with quotes in it; the end may be cut off
_BEGIN = re.compile(rf"(?P<quote>{_QUOTE})|`?zoom-ops (?=[a-z])")
_REST = re.compile(r"[a-z-]+(?: (?:--[a-z-]+|(?:example|backup|copy|restored?|upgrade|take-back)\b))*(?: FILE| DIR)?")
_CODE = re.compile(r"(?<![\w/&;.@-])(?:[a-z]+(?:_[a-z0-9]+)+|[A-Z]+(?:_[A-Z0-9]+)+_*…?)(?![\w/@-])")


def link_commands(sentence: object, jobs: Collection[str] = (), names: Mapping[str, str] = NO_NAMES) -> Markup:
    """Write a sentence as HTML: each command as a link to the step in the console, or as code if it has none there.

    The `jobs` are named in words; other names with underscores, such as settings, become code. An id of `names`
    becomes the name of the event. What stands in “quotes” is what people wrote, and stays. A sentence that is HTML
    already (`Markup`) stays so.
    """
    text = str(escape(sentence))
    named = {event_id: name for event_id, name in names.items() if name and event_id in text}
    return Markup("".join(_iter_parts(text, jobs, named)))  # noqa: S704 - escaped just now, and so is what is added


def _iter_parts(text: str, jobs: Collection[str], names: Mapping[str, str]) -> Iterator[str]:
    place = 0
    while begin := _BEGIN.search(text, place):
        yield _mark_words(text[place : begin.start()], jobs, names)
        place = begin.end()
        if begin["quote"]:
            yield begin["quote"]
            continue
        found = _find(text, place)
        if found:
            length, address, words = found
            yield words if "…" in address else f'<a href="{address}">{words}</a>'
        else:
            rest = _REST.match(text, place)
            length = rest.end() - place if rest else 0
            yield f"<code>zoom-ops {text[place : place + length]}</code>"
        place += length
        if begin.group().startswith("`") and text[place : place + 1] == "`":
            place += 1
    yield _mark_words(text[place:], jobs, names)


def _find(text: str, place: int) -> tuple[int, str, str] | None:
    verb = _VERB.match(text, place)
    for step in _BY_VERB.get(verb[0], ()) if verb else ():
        if (found := step.pattern.match(text, place)) and not text[found.end() :][:1].isalnum():
            values = {name: value or "" for name, value in found.groupdict().items()}
            filled = values | {"cause": _cause_query(values.get("cause", ""))}
            words = values | {"job": name_job(values.get("job", ""))}
            return found.end() - place, step.address.format(**filled), step.words.format(**words)
    return None


def _cause_query(quoted: str) -> str:
    typed = html.unescape(quoted)
    try:
        cause = " ".join(shlex.split(typed))
    except ValueError:  # no command: words of people that look like one
        cause = typed
    return str(escape(urlencode({"state": "trouble", "cause": cause})))


def _mark_words(text: str, jobs: Collection[str], names: Mapping[str, str]) -> str:
    """Name jobs and events, and set other code words apart, such as `ALERT_TO`. Tags are left as they are."""

    def mark(found: re.Match[str]) -> str:
        return f"“{name_job(found[0])}”" if found[0] in jobs else f"<code>{found[0]}</code>"

    parts = re.split(r"(<[^>]*>)", text)
    return "".join(part if part.startswith("<") else _name_events(_CODE.sub(mark, part), names) for part in parts)


def _name_events(text: str, names: Mapping[str, str]) -> str:
    """Put names in place of ids: of those without a hyphen, which may be plain words, only after "event"."""
    if not names:
        return text
    hyphened, plain = r"(?<![\w./@“-])", r"(?<=\b[Ee]vent )"
    ids = "|".join((hyphened if "-" in each else plain) + each for each in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?:{ids})(?![\w/@-])", lambda found: f"“{escape(names[found[0]])}”", text)
