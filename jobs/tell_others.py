"""Tell other systems what happened: each message signed, and sent again until it is taken."""

from zoom_ops.job_api import Webhook, job, minutes, waiting_webhooks


@job(every=minutes(5), turn=waiting_webhooks, on=("message.waiting",), about="webhook")
def tell_others(webhook: Webhook) -> str:
    """Send a webhook what waits for it."""
    return webhook.deliver()
