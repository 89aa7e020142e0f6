"""How many connections fit into the limit of open files, of which each takes one."""

from contextlib import suppress

from .limits import RESERVE, fit_connections


def allowed_connections(wanted: int, *, apply: bool = False) -> tuple[int, int | None]:
    """Return how many of the wanted connections fit, and the limit of open files; None if the system has none.

    `apply`: raise the limit of this process as far as the system allows and the connections need.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource  # Unix only

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if resource.RLIM_INFINITY in (soft, hard):
            limit = wanted + RESERVE if soft == resource.RLIM_INFINITY else max(soft, wanted + RESERVE)
        else:
            limit = max(soft, min(wanted + RESERVE, hard))
        if apply and limit > soft != resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        return fit_connections(wanted, limit), limit
    return wanted, None
