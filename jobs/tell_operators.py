"""Tell operators of problems by e-mail, chat or push, until each message is taken or given up."""

from zoom_ops.job_api import Operators, job, minutes, waiting_targets


@job(every=minutes(1), turn=waiting_targets, on=("problem.untold",), about="target")
def tell_operators(operators: Operators) -> str:
    """Write the messages that are due, or send those of one target."""
    return operators.tell()
