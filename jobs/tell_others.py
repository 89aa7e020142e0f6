"""Send signed messages about events to other systems, until they are taken or given up."""

from zoom_ops.job_api import Webhook, job, minutes, waiting_webhooks


@job(every=minutes(5), turn=waiting_webhooks, on=("message.waiting",), about="webhook")
def tell_others(webhook: Webhook) -> str:
    """Send a webhook its waiting messages."""
    return webhook.deliver()
