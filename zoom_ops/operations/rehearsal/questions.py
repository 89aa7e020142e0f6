"""The questions that a rehearsal answers, and what the service does for each answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SAME = "The service does the same."


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about an account. `practice`: the answer of the practice Zoom, None where each account has its own."""

    fact: str
    asks: str
    practice: Any = None
    consequence: Callable[[Any], str] = lambda _answer: SAME


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A question with the account's answer. `evidence`: the numbers of the exchanges that show it."""

    question: Question
    answer: Any
    evidence: tuple[int, ...]

    @property
    def measured(self) -> bool:
        """Whether the rehearsal came so far."""
        return bool(self.evidence)

    @property
    def differs(self) -> bool:
        """Whether the account behaves otherwise than the practice Zoom."""
        return self.measured and self.question.practice is not None and self.answer != self.question.practice

    @property
    def consequence(self) -> str:
        """What the service does for this answer."""
        return self.question.consequence(self.answer) if self.measured else "Not measured; nothing is assumed."


def answer_questions(facts: Mapping[str, Any], evidence: Mapping[str, tuple[int, ...]]) -> tuple[Reply, ...]:
    """Answer every question from the facts of a rehearsal."""
    return tuple(Reply(question=q, answer=facts.get(q.fact), evidence=evidence.get(q.fact, ())) for q in QUESTIONS)


def render(value: Any) -> str:
    """Render an answer for people."""
    if isinstance(value, Mapping):
        told = {str(name).removeprefix("settings."): part for name, part in value.items() if part not in (False, "")}
        return ", ".join(name if part is True else f"{name} = {_inner(part)}" for name, part in told.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    if value is None or isinstance(value, bool):
        return {True: "yes", False: "no", None: "not told"}[value]
    return str(value)


def _inner(value: Any) -> str:
    return f"({render(value)})" if isinstance(value, Mapping) else render(value)


def _refused(answer: Any) -> str:
    if not answer:
        return SAME
    names = ", ".join(name.removeprefix("settings.") for name in sorted(answer))
    kept = f"Zoom keeps its own value of {names}. An event that is to be recorded and will not be gets a notice"
    return f"{kept}; a recording is asked for again once a day."


def _inherited(answer: Any) -> str:
    doubtful = [name.removeprefix("settings.") for name in sorted(answer or ()) if name in _DOUBTFUL and answer[name]]
    if not doubtful:
        return SAME
    return f"A profile that leaves out {', '.join(doubtful)} gets it from the account: set it in the profile."


_DOUBTFUL = ("settings.panelist_authentication", "settings.meeting_authentication", "settings.add_watermark",
             "settings.add_audio_watermark", "settings.on_demand")  # fmt: skip

QUESTIONS = (
    Question(
        fact="host_as_panelist",
        asks="Can the host be seated as a panelist?",
        practice="seated",
        consequence=lambda answer: (
            "A speaker who is the webinar's host gets no seat: they join as host."
            if str(answer).startswith("refused")
            else SAME
        ),
    ),
    Question(
        fact="seated_twice",
        asks="What does a second call with the same address make?",
        practice="one seat",
        consequence=lambda answer: (
            "Nobody is added twice: the panelists are read first." if answer != "one seat" else SAME
        ),
    ),
    Question(fact="seat_kept", asks="Does the seat keep its id then?", practice=True),
    Question(
        fact="renamed",
        asks="Does the second call rename the panelist?",
        practice=False,
        consequence=lambda _answer: "A changed name is left alone all the same: nobody knows whether Zoom mails again.",
    ),
    Question(
        fact="removed_twice",
        asks="What answers the removal of somebody who is not seated?",
        practice="204",
        consequence=lambda answer: (
            SAME if str(answer).startswith("2") else "The list of panelists decides, not the answer."
        ),
    ),
    Question(
        fact="nested_part",
        asks="Does a change of one part of question_and_answer keep the other parts?",
        practice="kept",
        consequence=lambda answer: "A change sends all parts of such a setting." if answer == "reset" else SAME,
    ),
    Question(
        fact="unlicensed",
        asks="Is a feature that needs a licence (interpretation) dropped or refused?",
        consequence=lambda answer: (
            "A profile that asks for such a feature stops its webinars: take it out of the profile."
            if str(answer).startswith("refused")
            else SAME
        ),
    ),
    Question(fact="instances_of_none", asks="What answers for a webinar that was never held?", practice="200"),
    Question(fact="recording_of_none", asks="What answers for a recording that is not there?", practice="404 3301"),
    Question(fact="no_recordings", asks="What answers for a host without recordings?"),
    Question(fact="agenda_kept", asks="How much of an agenda of 2,000 characters is kept?", practice=2000),
    Question(fact="agenda_listed", asks="How much of it does the host's list show?", practice=250),
    Question(
        fact="list_lag_s",
        asks="After how many seconds does the host's list show a new webinar?",
        consequence=lambda answer: (
            f"A webinar whose create had no answer is looked for {2 * (answer or 0):g} s later, or"
            " after the setting LISTING_LAG_S if that is longer."
        ),
    ),
    Question(
        fact="panelist_email",
        asks="Does the list of panelists show their addresses?",
        practice="shown",
        consequence=lambda answer: SAME if answer == "shown" else "Seats are matched by id and name.",
    ),
    Question(fact="panelist_fields", asks="Which fields does a panelist have?"),
    Question(fact="scope_form", asks="Which form do the token's scopes have?", practice="granular"),
    Question(fact="token_life_s", asks="How long does a token live, in seconds?"),
    Question(fact="refused", asks="Which settings does Zoom not take over?", practice={}, consequence=_refused),
    Question(fact="inherited", asks="Which settings come from the account?", consequence=_inherited),
    Question(fact="change_refused", asks="Which changes does Zoom not take over?", practice={}, consequence=_refused),
    Question(fact="features", asks="Which features does the host have?"),
    Question(
        fact="cloud_recording",
        asks="May the host record to the cloud?",
        practice=True,
        consequence=lambda may: SAME if may else "Each event of this host that is to be recorded gets a notice.",
    ),
    Question(fact="auto_delete_days", asks="After how many days does the account delete recordings?"),
    Question(fact="capacity", asks="Which capacity does a new webinar get?"),
    Question(fact="license_type", asks="Which licence does a new webinar get?"),
    Question(fact="host_matches", asks="Does the webinar belong to the host that was asked for?", practice=True),
    Question(fact="deleted", asks="What answers for a deleted webinar?", practice="404 3001"),
    Question(fact="instances", asks="How many instances do a practice and a broadcast make?", practice=1),
    Question(
        fact="practice_said",
        asks="What does webinar.ended say of practice, for each end?",
        consequence=lambda _answer: "It is a doubt, never a verdict: the time of a recording decides.",
    ),
    Question(fact="notified", asks="Which notifications arrived?"),
    Question(fact="recorded_after_s", asks="How many seconds after the end was the recording there?"),
    Question(fact="recordings", asks="How many recordings were there?"),
    Question(
        fact="recording_minutes",
        asks="How many minutes did the first recording last? (4 and more: practice is in it.)",
    ),
    Question(
        fact="passcode_fields",
        asks="Which fields of the answer hold the passcode?",
        practice=["password", "recording_play_passcode"],
        consequence=lambda answer: (
            SAME
            if answer
            else "Without the role right View Recording Content visitors meet a prompt without a passcode."
        ),
    ),
    Question(fact="play_link", asks="Which link plays the recording?", practice="share link"),
    Question(fact="sharing", asks="Who may open the recording?"),
    Question(fact="transcribed_after_s", asks="How many seconds after the end was the transcript there?"),
    Question(fact="agenda_shown", asks="Do registrants see the agenda's reference line? (Assumed: yes.)"),
    Question(fact="tracking_fields", asks="Are tracking fields kept? (The service sends none.)"),
)
