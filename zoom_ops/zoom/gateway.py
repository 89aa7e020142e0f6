"""The gateway to Zoom: its API as typed methods."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection

from ..clock import Clock
from ..errors import ZoomOpsError
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..webinars import Host, Instance, ListedWebinar, Panelist, Recording, Sharing, Webinar, WebinarDraft
from . import endpoints, payloads, recordings, sharing
from .accounts import Waits, ZoomAccount
from .circuit_breaker import CircuitBreaker
from .client import Callbacks, Client
from .doctor import Report, check_account, read_hosts
from .endpoints import Endpoint
from .errors import (
    ConvertedError,
    NoLicenceError,
    PanelistRefusedError,
    PanelistsFullError,
    WebinarGoneError,
    ZoomRefusedError,
)
from .hosts import Hosts
from .oauth import Tokens
from .parsing import as_key, as_rows, as_text
from .rate_limits import Limits
from .responses import lost
from .session import Exchange, Session

PAGE_SIZE = 300
MOST_PAGES = 1_000
Parsed = TypeVar("Parsed")


class Gateway:
    """Everything that this service asks of one Zoom account.

    Each method that sends a request raises the errors of `Client.ask`.
    """

    def __init__(self, account: ZoomAccount, client: Client, circuit_breaker: CircuitBreaker, hosts: Hosts) -> None:
        self.account = account
        self._client, self._circuit_breaker, self._hosts = client, circuit_breaker, hosts
        self._asking_for_hosts = threading.Lock()

    def slot(self, method: str, *, host: str = "", operator: bool = False) -> AbstractContextManager[None]:
        """Reserve, before an intent, what the next write of this thread needs to be sent and read back at once.

        `method` is the name of a method of this class. `host` is needed for create_webinar and update_webinar. Raises
        WaitingError when the host's creates and updates of today are used up. Only an `operator` may use the last ten.
        """
        write = _WRITES[method]
        return self._client.reservations.take(write, *_READ_BACK.get(write, ()), host=host.lower(), operator=operator)

    def load_hosts(self, connection: Connection) -> dict[str, Host]:
        """Load the hosts that Zoom described within a day, by e-mail address. Sends no request."""
        return self._hosts.load(connection)

    def get_host(self, email: str) -> Host:
        """Get a host; Zoom is asked once a day."""
        email = email.lower()
        if host := self._hosts.find(email):
            return host
        with self._asking_for_hosts:  # other threads wait for the answer to the first one
            return self._hosts.find(email) or self.fetch_host(email)

    def mark_unlicensed(self, email: str) -> None:
        """Note that Zoom has refused webinars to a host, whatever its settings say; it is asked again after a while."""
        self._hosts.mark_unlicensed(email.lower())

    def fetch_host(self, email: str) -> Host:
        """Fetch a host from Zoom, and keep it for a day."""
        where = {"host": email.lower()}
        user = self._client.ask(endpoints.GET_USER, where)
        host = payloads.parse_host(email.lower(), user, self._client.ask(endpoints.GET_USER_SETTINGS, where))
        self._hosts.keep(host)
        return host

    def read_hosts(self, emails: Iterable[str]) -> Iterator[tuple[str, Host | ZoomOpsError]]:
        """Yield each of these hosts as Zoom describes it now, or the error in its place; by hand: see `check`."""
        with self._circuit_breaker.by_hand():
            yield from read_hosts(emails, self.fetch_host)

    def iter_users(self) -> Iterator[Host]:
        """Iterate over the active users who may have a licence, and ask what each of them may hold."""
        for row in self._iter_rows(endpoints.LIST_USERS, "", {"status": "active"}, "users"):
            email = (as_text(row.get("email")) or "").lower()
            if email and row.get("type") != payloads.BASIC_USER:
                yield payloads.parse_host(email, row, self._client.ask(endpoints.GET_USER_SETTINGS, {"host": email}))

    def create_webinar(self, host: str, draft: WebinarDraft) -> Webinar:
        """Create a webinar. The request is never sent twice."""
        body, host = payloads.build_webinar(draft), host.lower()
        try:
            answer = self._client.ask(endpoints.CREATE_WEBINAR, {"host": host}, body=body, host=host)
        except NoLicenceError:
            self.mark_unlicensed(host)
            raise
        given = "" if as_key(answer.get("host_id")) else host  # who hosts it is not concluded where Zoom says it
        return _parse(
            endpoints.CREATE_WEBINAR, answer, lambda webinar: payloads.parse_webinar(webinar, self.account.name, given)
        )

    def is_host(self, webinar: Webinar, email: str) -> bool:
        """Return whether this host holds a webinar, as far as Zoom's answer says: by the address, else by the user id.

        Zoom may spell an address otherwise than we do. An answer that names no host says nothing.
        """
        if webinar.host == email.lower() or not (webinar.host or webinar.host_id):
            return True
        known = self._hosts.find(email.lower())
        if known is None or not webinar.host_id or known.id == known.email:  # the user ids cannot be compared
            return not webinar.host
        return known.id == webinar.host_id

    def update_webinar(self, webinar_id: int, host: str, changes: Mapping[str, object]) -> None:
        """Change these fields of a webinar: topic, agenda, start, duration, timezone, passcode, `settings.<dotted>`."""
        if body := payloads.build_changes(changes):
            self._client.ask(endpoints.UPDATE_WEBINAR, {"webinar": webinar_id}, body=body, host=host.lower())

    def get_webinar(self, webinar_id: int) -> Webinar:
        """Get a webinar with its settings; raises WebinarGoneError."""
        answer = self._client.ask(endpoints.GET_WEBINAR, {"webinar": webinar_id})
        webinar = _parse(endpoints.GET_WEBINAR, answer, lambda row: payloads.parse_webinar(row, self.account.name))
        if webinar.id != webinar_id:
            raise lost(endpoints.GET_WEBINAR, sent=True, reason=f"it answered with webinar {webinar.id}")
        return webinar

    def iter_webinars(self, host: str) -> Iterator[ListedWebinar]:
        """Iterate over every webinar in a host's list: upcoming, live, and past ones that have not expired."""
        rows = self._iter_rows(endpoints.LIST_WEBINARS, host, {"type": "scheduled"}, "webinars")
        return (_parse(endpoints.LIST_WEBINARS, row, payloads.parse_listed_webinar) for row in rows)

    def delete_webinar(self, webinar_id: int, *, tell_people: bool) -> None:
        """Delete a webinar. Idempotent. `tell_people`: Zoom mails panelists and registrants."""
        query = {"cancel_webinar_reminder": "true" if tell_people else "false"}
        try:
            self._client.ask(endpoints.DELETE_WEBINAR, {"webinar": webinar_id}, query=query)
        except ConvertedError:
            raise  # the meeting is still there
        except WebinarGoneError:
            pass

    def get_panelists(self, webinar_id: int) -> tuple[Panelist, ...]:
        """Get the panelists of a webinar, with their links. The address is "" where Zoom withholds it."""
        answer = self._client.ask(endpoints.LIST_PANELISTS, {"webinar": webinar_id})
        return tuple(map(payloads.parse_panelist, _rows(endpoints.LIST_PANELISTS, answer, "panelists")))

    def add_panelists(self, webinar_id: int, panelists: Sequence[Panelist]) -> None:
        """Add panelists, at most 30. Zoom mails them unless the webinar's settings say no.

        Raises PanelistRefusedError if one of them is refused, PanelistsFullError if there is no room for them.
        """
        body = payloads.build_panelists(panelists)
        try:
            self._client.ask(endpoints.ADD_PANELISTS, {"webinar": webinar_id}, body=body)
        except (NoLicenceError, WebinarGoneError):
            raise
        except ZoomRefusedError as error:
            if payloads.says_full(error.message):
                raise PanelistsFullError(str(error), code=error.code, message=error.message) from error
            if payloads.blames_panelist(error.code, error.message):
                raise PanelistRefusedError(str(error), code=error.code, message=error.message) from error
            raise

    def remove_panelist(self, webinar_id: int, email_or_id: str) -> None:
        """Remove a panelist. Idempotent."""
        try:
            self._client.ask(endpoints.REMOVE_PANELIST, {"webinar": webinar_id, "panelist": email_or_id})
        except WebinarGoneError:
            raise
        except ZoomRefusedError as error:
            if not payloads.says_no_such_panelist(error.message):
                raise

    def get_instances(self, webinar_id: int) -> tuple[Instance, ...]:
        """Get every instance of a webinar; none when Zoom knows of none."""
        try:
            answer = self._client.ask(endpoints.LIST_INSTANCES, {"webinar": webinar_id})
        except ZoomRefusedError as error:
            if error.code == payloads.NOT_HELD:
                return ()
            raise
        instances = map(payloads.parse_instance, _rows(endpoints.LIST_INSTANCES, answer, "webinars"))
        return tuple(instance for instance in instances if instance.uuid)

    def get_recording(self, uuid: str) -> Recording:
        """Get the recording of one instance; raises NoRecordingError, which does not mean that it was deleted."""
        answer = self._client.ask(endpoints.GET_RECORDING, {"uuid": uuid})
        if as_text(answer.get("uuid")) not in (None, "", uuid):
            raise lost(endpoints.GET_RECORDING, sent=True, reason="it answered with another recording")
        return recordings.parse_recording({**answer, "uuid": uuid})

    def get_sharing(self, uuid: str) -> Sharing:
        """Get who may open the recording of one instance."""
        return sharing.parse_sharing(self._client.ask(endpoints.GET_SHARING, {"uuid": uuid}))

    def describe_recordings(self, email: str) -> str:
        """Say in a sentence whether the recordings of a host will be open."""
        where, option = {"host": email.lower()}, {"option": "recording_authentication"}
        settings = self._client.ask(endpoints.GET_USER_SETTINGS, where)
        return sharing.describe_recordings(
            email, settings, self._client.ask(endpoints.GET_USER_SETTINGS, where, query=option)
        )

    def iter_recordings(
        self, host: str, first: date, last: date, *, converted: Collection[int] = ()
    ) -> Iterator[Recording]:
        """Iterate over a host's webinar recordings that began on these days (UTC), both included.

        `converted`: ids of webinars that may be meetings now; their recordings are taken too.
        """
        for start, end in recordings.iter_windows(first, last):
            days = {"from": start.isoformat(), "to": end.isoformat()}
            for row in self._iter_rows(endpoints.LIST_RECORDINGS, host, days, "meetings"):
                recording = recordings.parse_recording(row)
                if recording.type in recordings.WEBINAR_TYPES or recording.webinar_id in converted:
                    yield recording

    @property
    def fingerprint(self) -> str:
        """Keyed hash of the credentials in use, to tell them from others."""
        return self._circuit_breaker.fingerprint

    def check(self) -> Report:
        """Check the credentials, the scopes and every host."""
        with self._circuit_breaker.by_hand():
            return check_account(self.account, self.fetch_scopes, self.fetch_host, self.describe_recordings)

    @contextmanager
    def heard_by(self, listen: Callable[[Exchange], None]) -> Iterator[None]:
        """Let `listen` get each exchange of the block, and let the block's calls be made by hand: see `check`."""
        with self._circuit_breaker.by_hand(), self._client.heard_by(listen):
            yield

    def fetch_scopes(self) -> frozenset[str]:
        """Fetch a new token and return its scopes."""
        return self._client.fetch_scopes()

    def _iter_rows(
        self, endpoint: Endpoint, host: str, query: Mapping[str, Any], key: str
    ) -> Iterator[Mapping[str, Any]]:
        page, fetched = "", {""}
        while True:
            paging = {"page_size": PAGE_SIZE} | ({"next_page_token": page} if page else {})
            try:
                answer = self._client.ask(endpoint, {"host": host.lower()}, query={**query, **paging})
            except ZoomRefusedError as error:
                if endpoint is endpoints.LIST_RECORDINGS and error.code == recordings.NONE_IN_LIST and not page:
                    return
                raise
            yield from _rows(endpoint, answer, key)
            page = as_text(answer.get("next_page_token")) or ""
            if not page:
                return
            if page in fetched or len(fetched) > MOST_PAGES:
                raise lost(endpoint, sent=True, reason="its list has no end")
            fetched.add(page)


def open_gateway(
    account: ZoomAccount, *, database: Database, box: SecretBox, clock: Clock, waits: Waits, callbacks: Callbacks
) -> Gateway:
    """Build the gateway to one Zoom account."""
    session = Session(account, clock, waits, callbacks.on_call)
    circuit_breaker = CircuitBreaker(account, database, box, clock, waits, callbacks.on_resumed, callbacks.is_cut_off)
    tokens = Tokens(account, session, database, box, circuit_breaker, clock)
    limits = Limits(account, database, clock)
    client = Client(account, session, tokens, limits, circuit_breaker, clock)
    return Gateway(account, client, circuit_breaker, Hosts(account.name, database))


_WRITES = {endpoint.name: endpoint for endpoint in endpoints.ENDPOINTS if endpoint.writes}
_READ_BACK = {  # reads that follow a write, for what its answer does not hold
    endpoints.ADD_PANELISTS: (endpoints.LIST_PANELISTS,),
    endpoints.UPDATE_WEBINAR: (endpoints.GET_WEBINAR,),
}


def _rows(endpoint: Endpoint, answer: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """Get the rows of a list. An answer without the list is an error, not an empty list."""
    if key not in answer:
        raise lost(endpoint, sent=True, reason="its answer cannot be read")
    return as_rows(answer[key])


def _parse(endpoint: Endpoint, part: Mapping[str, Any], parse: Callable[[Mapping[str, Any]], Parsed]) -> Parsed:
    try:
        return parse(part)
    except ValueError as error:
        raise lost(endpoint, sent=True, reason="its answer cannot be read") from error
