"""The course of a rehearsal: what was done, what Zoom answered, what was learnt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from ...errors import ZoomOpsError
from ...zoom import Exchange, MissingScopesError, ZoomRefusedError

_NO_REASON = (124, 200, 401, 403, 429, 4700, 4711)  # codes of tokens, rights and limits
Outcome = Literal["done", "refused", "failed", "left out"]
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a rehearsal is to do: on which account and host, with whom as panelist."""

    account: str
    host: str  # e-mail address, lower-case
    mail: str  # the only person whom Zoom may mail; lower-case
    record: bool = False  # also wait for a person to hold a webinar


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step, with the numbers of its exchanges."""

    name: str
    outcome: Outcome
    sentence: str
    exchanges: tuple[int, ...]


@dataclass(kw_only=True)
class Course:
    """The record of a rehearsal while it runs. `facts`: what was learnt, by name; each name is set once."""

    steps: list[Step] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, tuple[int, ...]] = field(default_factory=dict)  # of each fact: numbers of exchanges
    tell: Callable[[Step], None] = lambda _step: None
    answers: int = 0  # exchanges that belong to finished steps

    def step(
        self, name: str, act: Callable[[], Result], *, says: Callable[[Result], str] | None = None
    ) -> Result | None:
        """Take one step. A refusal or a failure is noted, and the rehearsal goes on; return None then."""
        result: Result | None = None
        outcome: Outcome = "done"
        try:
            result = act()
            sentence = says(result) if says else "Done."
        except (ZoomRefusedError, MissingScopesError) as error:
            outcome, sentence = "refused", str(error)
        except ZoomOpsError as error:
            outcome, sentence = "failed", str(error)
        self._close(name, outcome, sentence)
        return result

    def leave_out(self, name: str, reason: str) -> None:
        """Note a step that was not taken."""
        self._close(name, "left out", reason)

    def learn(self, **facts: Any) -> None:
        """Note facts that the exchanges since the last step show."""
        shown = tuple(range(self.answers + 1, len(self.exchanges) + 1))
        for name, value in facts.items():
            self.facts[name], self.evidence[name] = value, shown

    def learn_refusal(self, **facts: str) -> None:
        """Note facts from a refusal, only if Zoom refused that very request: no right, limit or failure teaches any."""
        answer = self.exchanges[-1].answer if self.exchanges else None
        if answer is not None and answer.code and 400 <= answer.status < 500 and answer.code not in _NO_REASON:
            self.learn(**{name: f"{value} ({self.last_code()})".strip() for name, value in facts.items()})

    def last_answer(self) -> Mapping[str, Any]:
        """Return the JSON of the latest answer; empty where it had none."""
        answer = self.exchanges[-1].answer if self.exchanges else None
        return (answer.json if answer else None) or {}

    def answer_of(self, call: str) -> Mapping[str, Any]:
        """Return the JSON of the latest answer to a kind of call; empty where there was none."""
        answers = (each.answer for each in reversed(self.exchanges) if each.endpoint.name == call)
        answer = next(answers, None)
        return (answer.json if answer else None) or {}

    def last_code(self) -> str:
        """Return what the latest exchange came to, as text: HTTP status and Zoom's code, or "no answer"."""
        answer = self.exchanges[-1].answer if self.exchanges else None
        if answer is None:
            return "no answer"
        return f"{answer.status} {answer.code}".removesuffix(" 0")

    def _close(self, name: str, outcome: Outcome, sentence: str) -> None:
        numbers = tuple(range(self.answers + 1, len(self.exchanges) + 1))
        self.answers = len(self.exchanges)
        self.steps.append(Step(name=name, outcome=outcome, sentence=sentence, exchanges=numbers))
        self.tell(self.steps[-1])
