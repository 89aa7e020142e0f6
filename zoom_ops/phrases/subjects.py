"""What mail programs write before the subject of an answer or a forwarded mail."""

REPLIES = {"re", "aw", "antw", "sv", "res", "rif", "回复", "رد"}
FORWARDS = {"fwd", "fw", "wg", "tr", "rv", "enc", "i", "转发", "пересл"}


def prefix_of(subject: str) -> str:
    """Return the first word of a subject before a colon, folded; empty if it has none."""
    bare = subject.replace("：", ":")
    return bare.partition(":")[0].strip().casefold() if ":" in bare else ""


def strip_replies(subject: str) -> str:
    """Remove "Re:" and "Fwd:" from a subject."""
    while prefix_of(subject) in REPLIES | FORWARDS:
        subject = subject.replace("：", ":", 1).partition(":")[2].strip()
    return subject.strip()


def strip_tags(subject: str) -> str:
    """Remove "Re:", "Fwd:" and the name of a mailing list in brackets from a subject."""
    bare = strip_replies(subject)
    while bare.startswith("[") and "]" in bare[:40]:
        bare = strip_replies(bare.partition("]")[2].strip())
    return bare
