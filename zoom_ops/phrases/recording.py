"""What an announcement says of its recording."""

import re

_NOT_RECORDED = re.compile(
    r"(?i)\b(?:will|shall|is|are)\s+(?:not|never)\s+(?:be\s+)?(?:being\s+)?recorded\b|\bno recording\b"
    r"|\b(?:won't|isn't) be recorded\b|\brecording (?:is )?(?:not permitted|prohibited|not allowed)\b"
    r"|ne (?:sera|seront) pas enregistrée?s?|no (?:será|se) (?:grabad[oa]|grabará)|wird nicht aufgezeichnet"
)


def forbids_recording(text: str) -> bool:
    """Check whether a line says that the event is not recorded."""
    return bool(_NOT_RECORDED.search(text))
