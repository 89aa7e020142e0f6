"""What a process has against what the files say, in sentences."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .items import Items

KINDS = ("setting", "profile", "home", "job", "words")
_LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A difference between what a process has and what the files say."""

    kind: str  # of KINDS
    name: str
    sentence: str
    after_restart: bool = False  # the change counts only then


def compare(has: Items, says: Items) -> tuple[Difference, ...]:
    """List what differs between the items of a process and those of the files."""
    return tuple(
        difference
        for kind in KINDS
        for name in dict.fromkeys((*has.get(kind, {}), *says.get(kind, {})))
        for difference in _iter_differences(kind, name, has.get(kind, {}).get(name), says.get(kind, {}).get(name))
    )


def _iter_differences(
    kind: str, name: str, has: Mapping[str, Any] | None, says: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if has == says:
        return
    if kind == "setting":
        if _is_about_files(has or {}, says or {}):
            yield _setting(name, has or {}, says or {})
    elif has is None:
        yield Difference(kind=kind, name=name, sentence=f"{kind} {name} is new.")
    elif says is None:
        yield Difference(kind=kind, name=name, sentence=f"{kind} {name} is not in the files any more.")
    else:
        changed = [field for field in dict.fromkeys((*has, *says)) if has.get(field) != says.get(field)]
        shown = [field for field in changed if field != "digest"]
        for field in shown:
            sentence = (
                f"{kind} {name}: {field} is {_word(has, field)} in the daemon and {_word(says, field)} in the file."
            )
            yield Difference(kind=kind, name=name, sentence=sentence)
        if changed and not shown:
            yield Difference(kind=kind, name=name, sentence=f"{kind} {name}: its file has changed.")


def _is_about_files(has: Mapping[str, Any], says: Mapping[str, Any]) -> bool:
    """Return whether the files decide about a setting: a variable wins, and each process may have its own."""
    given = {has.get("given"), says.get("given")}
    return has.get("fingerprint") != says.get("fingerprint") and "variable" not in given and "file" in given


def _setting(name: str, has: Mapping[str, Any], says: Mapping[str, Any]) -> Difference:
    old, new = has.get("value", "not set"), says.get("value", "not set")
    sentence = f"{name} is {old} in the daemon and {new} in the files."
    if old == new:
        sentence = f"{name} is another one in the files than in the daemon; its value is not shown."
    late = not (has or says).get("live", False)
    return Difference(
        kind="setting", name=name, sentence=f"{sentence} It counts after a restart." if late else sentence,
        after_restart=late,
    )  # fmt: skip


def _word(fields: Mapping[str, Any], field: str) -> str:
    if field not in fields or fields[field] is None:
        return "not set"
    value = fields[field]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
