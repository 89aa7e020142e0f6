"""The gateways to the Zoom accounts of the settings, each call recorded."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

import structlog
from sqlalchemy import Connection

from .engine.attempts import current_run, put_off, write_put_off
from .errors import ZoomOpsError
from .operations import metrics
from .operations.admin.accounts import wake_runs
from .settings import AccountSettings, Settings
from .store.db.connect import Database
from .store.db.encryption import SecretBox
from .store.zoom_calls import record_call
from .zoom import Call, Callbacks, Gateway, NetworkHealth, Waits, ZoomAccount, open_gateway

log = structlog.get_logger()


def open_gateways(
    settings: Settings,
    known: Mapping[str, Gateway],
    *,
    database: Database,
    box: SecretBox,
    network_health: NetworkHealth,
) -> dict[str, Gateway]:
    """Open a gateway to each account that the settings describe; keep a known one while its settings are the same."""
    waits = Waits(
        connect_s=settings.connect_s, read_s=settings.read_s, deadline_s=settings.deadline_s, trial_s=settings.trial_s
    )
    callbacks = Callbacks(
        on_call=_call_recorder(database, network_health), on_resumed=wake_runs, is_cut_off=network_health.steps_aside
    )
    gateways = {}
    for name, account in settings.accounts.items():
        zoom_account = account_of(name, account)
        same = known.get(name)
        gateways[name] = (
            same
            if same and same.account == zoom_account
            else open_gateway(
                zoom_account, database=database, box=box, clock=database.clock, waits=waits, callbacks=callbacks
            )
        )
    return gateways


def account_of(name: str, account: AccountSettings) -> ZoomAccount:
    """Build the account that the settings describe."""
    return ZoomAccount(
        name=name,
        account_id=account.account_id,
        client_id=account.client_id,
        client_secret=account.client_secret.get_secret_value(),
        webhook_secrets=tuple(secret.get_secret_value() for secret in account.webhook_secret),
        hosts=account.hosts,
        plan=account.plan,
        api_url=account.api_url,
        oauth_url=account.oauth_url,
    )


def _call_recorder(database: Database, network_health: NetworkHealth) -> Callable[[Call], None]:
    """Build the callback that records each call to Zoom, for `runs show`. A failure to record spoils no call."""

    def record(call: Call) -> None:
        metrics.note_call((call.account, call.method, call.template), call.status, call.seconds)
        run_id = current_run.get()

        def write(connection: Connection) -> None:
            record_call(connection, run_id, asdict(call))

        try:
            if not (call.is_well and put_off(write)):  # a failure counts towards the account's stop at once
                with write_put_off(database) as connection:
                    write(connection)
        except ZoomOpsError as error:
            log.warning("zoom_call_unrecorded", reason=str(error))
        network_health.note(call)
        metrics.zoom_out_of_reach.set(network_health.is_lost)

    return record
