"""The report of a rehearsal: a document that can be attached to a bug report."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ... import __version__
from ...clock import iso_text
from .exchanges import Redactor, exchange_json, labels, slowest
from .questions import SAME, Reply, answer_questions, render
from .stage import Course, Order

FORMAT = 1


def build_report(order: Order, course: Course, at: datetime) -> dict[str, Any]:
    """Build the report as JSON. It holds no secret, no address and no name of a person."""
    redactor = Redactor({order.host: "<host>", order.mail: "<me>"})
    replies = answer_questions(course.facts, course.evidence)
    return {
        "format": FORMAT,
        "zoom_ops": __version__,
        "made_at": iso_text(at),
        "complete": all(step.outcome == "done" for step in course.steps),
        "steps": [
            {
                "name": step.name,
                "outcome": step.outcome,
                "sentence": redactor.text(step.sentence),
                "exchanges": list(step.exchanges),
            }
            for step in course.steps
        ],
        "questions": [redactor.clean(_reply_json(reply)) for reply in replies],
        "facts": redactor.clean(dict(course.facts)),
        "seconds": slowest(course.exchanges),
        "labels": labels(course.exchanges),
        "exchanges": [exchange_json(number, each, redactor) for number, each in enumerate(course.exchanges, start=1)],
    }


def iter_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report as lines for people: what differs first, then what is as expected, then what is not known."""
    replies = report["questions"]
    different = [reply for reply in replies if reply["differs"]]
    yield from _section("Differs from the practice Zoom", different)
    yield from _section("This account", [r for r in replies if r["measured"] and not r["differs"]])
    yield from _section("Not measured", [reply for reply in replies if not reply["measured"]])
    slow = ", ".join(f"{name.replace('_', ' ')} {seconds:g} s" for name, seconds in sorted(report["seconds"].items()))
    yield f"Longest answers: {slow}." if slow else "Nothing was asked."


def _section(title: str, replies: list[Mapping[str, Any]]) -> Iterator[str]:
    if replies:
        yield title
    for reply in replies:
        evidence = f" [exchanges {', '.join(map(str, reply['evidence']))}]" if reply["evidence"] else ""
        yield (
            f"  {reply['question']} {render(reply['answer'])}{evidence}"
            if reply["measured"]
            else f"  {reply['question']}"
        )
        if reply["differs"] or (reply["measured"] and reply["consequence"] != SAME):
            yield f"    {reply['consequence']}"


def _reply_json(reply: Reply) -> dict[str, Any]:
    return {
        "fact": reply.question.fact,
        "question": reply.question.asks,
        "answer": reply.answer,
        "practice_zoom": reply.question.practice,
        "differs": reply.differs,
        "measured": reply.measured,
        "evidence": list(reply.evidence),
        "consequence": reply.consequence,
    }
