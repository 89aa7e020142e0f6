"""What `zoom-ops doctor` says of the web server."""

from collections.abc import Iterator

from ...operations.admin.doctor import Check
from .door.descriptors import allowed_connections


def check_metrics(*, has_token: bool) -> Check:
    """Say whether anybody gets `/metrics`, and the reason at `/ready`."""
    sentence = "only who has the token gets them"
    if not has_token:
        sentence = "not served: ZOOM_OPS_METRICS_TOKEN is not set, so nobody gets /metrics, nor the reason at /ready"
    return Check(what="metrics", ok=True, sentence=sentence, checked=has_token)


def check_connections(wanted: int) -> Iterator[Check]:
    """Check that MAX_CONNECTIONS fits into the limit of open files; one started from here has it, too."""
    connections, limit = allowed_connections(wanted)
    sentence = f"{connections} at once"
    if connections < wanted:
        sentence += f", not {wanted}, as {limit} files may be open here. Raise that limit, or lower MAX_CONNECTIONS."
    yield Check(what="connections", ok=True, sentence=sentence)
