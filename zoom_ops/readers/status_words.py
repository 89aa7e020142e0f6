"""Words that say in a title how an event stands: "[Cancelled] How waves travel"."""

_WORDS = {
    *("cancelled", "canceled", "postponed", "rescheduled", "cancellation", "abgesagt", "verschoben", "absage"),
    *("annulé", "annulée", "reporté", "reportée", "cancelado", "cancelada", "aplazado", "aplazada", "suspendido"),
    *("adiado", "adiada", "annullato", "rinviato", "отменено", "отменён", "перенесено", "перенесён", "取消", "延期"),
}
_MARKS = "[]()【】:：*!,-–—"


def find_status_word(title: str) -> str | None:
    """Find a word at the beginning or the end of a title that says how its event stands."""
    words = title.split()
    ends = (word.strip(_MARKS) for word in (*words[:1], *words[-1:]))
    return next((word for word in ends if word.casefold() in _WORDS), None)


def without_status_word(title: str) -> str:
    """Return a title without such a word at its beginning or its end."""
    words = title.split()
    if words and find_status_word(words[0]):
        words = words[1:]
    if words and find_status_word(words[-1]):
        words = words[:-1]
    return " ".join(words).strip(f"{_MARKS} ")
