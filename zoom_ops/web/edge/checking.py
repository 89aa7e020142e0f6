"""What `zoom-ops doctor` says of the web server."""

from collections.abc import Iterator

from ...operations.admin.doctor import Check
from ...operations.watching.firewall import read_tracked
from .door.descriptors import allowed_connections


def check_metrics(*, has_token: bool) -> Check:
    """Say whether anybody gets `/metrics`, and the reason at `/ready`."""
    sentence = "only who has the token gets them"
    if not has_token:
        sentence = "not served: ZOOM_OPS_METRICS_TOKEN is not set, so nobody gets /metrics, nor the reason at /ready"
    return Check(what="metrics", ok=True, sentence=sentence, checked=has_token)


def check_connections(wanted: int) -> Iterator[Check]:
    """Check that MAX_CONNECTIONS fits into the limit of open files, and that the firewall has room for newcomers.

    A daemon started from here has the same limit.
    """
    connections, limit = allowed_connections(wanted)
    sentence = f"{connections} at once"
    if connections < wanted:
        sentence += f", not {wanted}, as {limit} files may be open here. Raise that limit, or lower MAX_CONNECTIONS."
    yield Check(what="connections", ok=True, sentence=sentence)
    if tracked := read_tracked():
        advice = ". Raise net.netfilter.nf_conntrack_max: docs/deploying.md" if tracked.is_nearly_full else ""
        yield Check(what="firewall", ok=not tracked.is_nearly_full, sentence=f"{tracked}{advice}")
