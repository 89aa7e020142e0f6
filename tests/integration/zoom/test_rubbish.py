"""Any answer of Zoom, or of anything in its place, becomes a value or an error of ours. Both databases store it."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete

from tests.builders import ACCOUNT, EVENT_ID, HOST, NOW, UUID, WEBINAR_ID, a_panelist, an_event
from tests.integration.service import Service, sign, take
from tests.unit.announcements.test_rubbish import ANY_VALUE, patience
from tests.zoom_stub import KEY, RawZoom, a_gateway, an_account, raw, says
from zoom_ops.errors import AmbiguousError, TemporaryError, ZoomOpsError
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox
from zoom_ops.store.events import save_event
from zoom_ops.store.recordings import load_publications, load_recordings, record_instance, save_recording
from zoom_ops.store.tables import budget, token
from zoom_ops.store.webinars import find_binding, load_seats, save_binding, seat_panelists
from zoom_ops.transport.connections import BODY_LIMIT
from zoom_ops.zoom import Gateway
from zoom_ops.zoom.hosts import Hosts
from zoom_ops.zoom.payloads import parse_host, parse_instance, parse_listed_webinar, parse_panelist, parse_webinar
from zoom_ops.zoom.recordings import parse_recording


def http(body: bytes | str, *lines: bytes | str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """Build the bytes of an answer with any content."""
    content = body.encode() if isinstance(body, str) else body
    head = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}", *lines)
    return b"\r\n".join(line.encode() if isinstance(line, str) else line for line in head) + b"\r\n\r\n" + content


def answered(**members: str) -> bytes:
    """Build an answer with a webinar whose further members are literal JSON."""
    further = "".join(f', "{name}": {value}' for name, value in members.items())
    return http(f'{{"id": {WEBINAR_ID}, "uuid": "x"{further}}}')


def refused(status: str, body: str, *lines: bytes | str) -> bytes:
    """Build an error answer."""
    return http(body, *lines, status=status)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB_BYTES = 100_000_000
BOMB = gzip.compress(bytes(BOMB_BYTES), compresslevel=1)
RUBBISH: Mapping[str, bytes] = {
    "redirect to half an IPv6 address": refused("302 Found", "", "Location: http://["),
    "redirect to no text": refused("302 Found", "", b"Location: http://\xff\xfe/"),
    "redirect to no port": refused("302 Found", "", "Location: http://x:99999999/"),
    "redirect to nowhere": refused("302 Found", "", "Location: //"),
    "redirect to control characters": refused("302 Found", "", b"Location: http://a\x00b/"),
    "no status": b"HTTP/1.1 abc\r\n\r\n",
    "status of five digits": b"HTTP/1.1 99999 X\r\n\r\n",
    "no HTTP": b"\x00\x01\x02" * 1000,
    "long header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 500 + b"\r\n",
    "length below nothing": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n{}   ",
    "chunk of no length": CHUNKED + b"zz\r\n{}",
    "chunk of a huge length": CHUNKED + b"ffffffffffffffff\r\n{}",
    "chunk of a length below nothing": CHUNKED + b"-5\r\n{}",
    "chunk with a long length": CHUNKED + b"0" * 100_000 + b"\r\n",
    "no gzip": http(b"not gzip", "Content-Encoding: gzip"),
    "half a gzip": http(BOMB[:1000], "Content-Encoding: gzip"),
    "gzip bomb": http(BOMB, "Content-Encoding: gzip"),
    "gzip bomb in gzip": http(gzip.compress(BOMB), "Content-Encoding: gzip, gzip"),
    "deflate bomb": http(zlib.compress(bytes(BOMB_BYTES), 1), "Content-Encoding: deflate"),
    "gzip fifty times": http(b"x", "Content-Encoding: " + ", ".join(["gzip"] * 50)),
    "unknown encoding": http(b"x", "Content-Encoding: br"),
    "unknown charset": http("{}", kind="application/json; charset=nonsense"),
    "strange cookie": http("{}", "Set-Cookie: " + ";" * 10_000, b"Set-Cookie: \xff=\xfe; expires=99999999999999999999"),
    "too long": http(b" " * (BODY_LIMIT + 1)),
    "very many objects": http('{"id": 1, "x": [' + "{}," * 1_000_000 + "{}]}"),
    "list": http("[]"),
    "number": http("1"),
    "null": http("null"),
    "page": http("<html>", kind="text/html"),
    "nothing": http(""),
    "UTF-16": http('{"id": 1}'.encode("utf-16")),
    "no UTF-8": http(b'{"id": "\xff"}'),
    "lists in lists": http("[" * 200_000),
    "objects in objects": answered(settings='{"a":' * 3_000 + "1" + "}" * 3_000),
    "lists in lists in settings": answered(settings='{"a":' + "[" * 3_000 + "]" * 3_000 + "}"),
    "number of 4,000 digits": answered(duration="9" * 4_000),
    "number of 5,000 digits": answered(duration="9" * 5_000),
    "infinity": answered(duration="1e400"),
    "id of 300 digits": http('{"id": 1e300}'),
    "id in a list": http('{"id": [1]}'),
    "no id": http("{}"),
    "time beyond all years": answered(start_time='"9999-12-31T23:59:59-14:00"'),
    "time before all years": answered(start_time='"0001-01-01T00:00:00+14:00"'),
    "time beyond all numbers": answered(start_time="9e18"),
    "settings in a list": answered(settings="[1]"),
    "settings that meet": answered(settings='{"a.b": 1, "a": {"b": 2}, "": {"": null}}'),
    "half a character": answered(topic='"\\ud800"', agenda='"\\u0000"', host_email='"\\ud800"'),
    "long error": refused("400 Bad", '{"code": 300, "message": "' + "x" * 1_000_000 + '"}'),
    "many errors": refused("400 Bad", '{"code": 300, "errors": [' + '{"field": "a"},' * 50_000 + "{}]}"),
    "scopes without end": refused("400 Bad", '{"code": 4711, "message": "scopes:[' + " " * 100_000 + '"}'),
    "429 until beyond all numbers": refused("429 X", '{"code": 429}', "Retry-After: " + "9" * 5_000),
    "429 until beyond all years": refused("429 X", '{"code": 429}', "Retry-After: 9999-12-31T23:59:59-14:00"),
    "429 until Monday, 99999": refused("429 X", '{"code": 429}', "Retry-After: Mon, 01 Jan 99999 00:00:00 GMT"),
    "429 with an object": refused("429 X", '{"code": 429, "message": {"a": 1}}', b"Retry-After: \xff"),
    "503 until minus infinity": refused("503 X", "", "Retry-After: -1e400"),
    "long tracking id": http(f'{{"id": {WEBINAR_ID}}}', b"x-zm-trackingid: \xff" + b"a" * 500),
}  # fmt: skip
SAID = list(RUBBISH)[list(RUBBISH).index("list") :]  # valid HTTP with rubbish in it
BIG = ("gzip bomb", "gzip bomb in gzip", "deflate bomb", "too long", "very many objects")
TOKENS: Mapping[str, bytes] = {
    name: http(f'{{"access_token": {value}, "expires_in": 3600}}')
    for name, value in {
        "token of two lines": '"a\\nb"',
        "token that is no header": '"\u4e00"',
        "half a character": '"\\ud800"',
        "token with a null": '"a\\u0000 b"',
        "long token": f'"{"a" * 1_000_000}"',
        "number": "5",
        "scope of half a character": '"a", "scope": "a\\u0000 \\ud800"',
        "scopes in a list": '"a", "scope": ["x"]',
        "another kind": '"a", "token_type": "mac"',
        "life without end": '"a", "expires_at": 1e400, "expires_at": "x"',
    }.items()
} | {
    name: http(f'{{"access_token": "a", "expires_in": {value}}}')
    for name, value in {"infinite": "1e400", "no life": "0", "long": f'"{"9" * 4_000}"', "no number": '"x"'}.items()
}  # fmt: skip


@pytest.fixture
def zoom() -> Iterator[RawZoom]:
    """A Zoom that answers as the test orders."""
    with RawZoom() as server:
        yield server


def forget(database: Database, *tables: Table) -> None:
    """Delete what an earlier answer left: a token, a rate limit."""
    with database.begin() as connection:
        for table in tables:
            connection.execute(delete(table))


def strange(asking: Callable[[], Any]) -> str | None:
    """Make a call. Return a description of an outcome that is neither an answer nor an error of ours in time."""
    try:
        with patience():
            asking()
    except ZoomOpsError as error:
        return None if len(str(error)) <= 256 and str(error).isprintable() else f"not a sentence: {error!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_rubbish_in_place_of_an_answer_is_an_error_of_ours(zoom: RawZoom, database: Database) -> None:
    gateway = a_gateway(an_account(zoom.url), database)
    questions: dict[str, Callable[[], Any]] = {
        "webinar": lambda: gateway.get_webinar(WEBINAR_ID),
        "list": lambda: list(gateway.iter_webinars(HOST)),
        "panelists": lambda: gateway.get_panelists(WEBINAR_ID),
        "seating": lambda: gateway.add_panelists(WEBINAR_ID, [a_panelist()]),
        "instances": lambda: gateway.get_instances(WEBINAR_ID),
        "recording": lambda: gateway.get_recording(UUID),
        "recordings": lambda: list(gateway.iter_recordings(HOST, NOW.date(), NOW.date())),
        "host": lambda: gateway.fetch_host(HOST),
    }
    outcomes = {}

    for name, answer in RUBBISH.items():
        for about, asking in list(questions.items())[: None if name in SAID else 1]:
            forget(database, budget)
            zoom.replies.clear()
            zoom.answer(*[raw(answer)] * 2)
            outcomes[f"{name}, for {about}"] = strange(asking)

    assert {name: what for name, what in outcomes.items() if what} == {}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_rubbish_in_place_of_a_token_is_an_error_of_ours(zoom: RawZoom, database: Database) -> None:
    outcomes = {}

    for name, answer in {**RUBBISH, **TOKENS}.items():
        if name in BIG:
            continue
        forget(database, token, budget)
        gateway: Gateway = a_gateway(an_account(zoom.url), database)
        zoom.token_replies.clear()
        zoom.token_replies.append(raw(answer))
        zoom.replies.clear()
        zoom.answer(says(200, {"id": WEBINAR_ID}))
        outcomes[name] = strange(lambda: gateway.get_webinar(WEBINAR_ID))  # noqa: B023 - it is called at once

    assert {name: what for name, what in outcomes.items() if what} == {}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["chunk of a length below nothing", "no HTTP", "redirect to no text", "gzip bomb"])
def test_write_that_was_answered_with_rubbish_is_in_doubt(zoom: RawZoom, database: Database, name: str) -> None:
    zoom.answer(raw(RUBBISH[name]))

    with pytest.raises(AmbiguousError):
        a_gateway(an_account(zoom.url), database).add_panelists(WEBINAR_ID, [a_panelist()])

    assert len(zoom.requests) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_list_without_end_is_given_up(zoom: RawZoom, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoom_ops.zoom.gateway.MOST_PAGES", 5)
    zoom.answer(*(says(200, {"webinars": [], "next_page_token": f"page-{n}"}) for n in range(9)))

    with pytest.raises(TemporaryError, match="its list has no end"):
        list(a_gateway(an_account(zoom.url), database).iter_webinars(HOST))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_recording_is_kept_as_that_of_the_instance_that_was_asked_for(zoom: RawZoom, database: Database) -> None:
    zoom.answer(says(200, {"uuid": ["?"], "id": WEBINAR_ID}))

    assert a_gateway(an_account(zoom.url), database).get_recording(UUID).uuid == UUID


KEYS = (
    "id", "uuid", "type", "host_email", "topic", "agenda", "start_time", "duration", "timezone", "settings", "join_url",
    "registration_url", "password", "created_at", "email", "name", "share_url", "recording_play_passcode", "file_type",
    "recording_files", "file_size", "play_url", "recording_start", "status", "feature", "webinar", "webinar_capacity",
    "old_object", "practice_session", "meeting_uuids", "end_time",
)  # fmt: skip
LIKELY = st.sampled_from((
    "a" * 400, "https://x/\x00", "a@b.c" + "d" * 400, 2**31, 2**63, -1, 1e300, "9" * 5_000, "\ud800", "\x00", "x@y.z",
    "9999-12-31T23:59:59-14:00", UUID, WEBINAR_ID, 10**18, True, "https://zoom.example.org/1", [{"file_type": "\x00"}],
))  # fmt: skip
THINGS = st.dictionaries(st.sampled_from(KEYS), LIKELY | ANY_VALUE, max_size=8)
KINDS = st.sampled_from((
    "webinar.started", "webinar.ended", "webinar.updated", "recording.completed", "recording.trashed",
    "recording.batch_trashed", "endpoint.url_validation", "webinar.created",
))  # fmt: skip
NOW_S = "2211019200"
HEADERS = st.sampled_from(("", "r" * 300, "\xff\xfe", "request-1", "\x01"))
STAMPS = st.sampled_from(("", "0", "-1", "1e9", "9" * 30, "9" * 5_000, "\xff", "²", NOW_S, "253402300799"))
STORING = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
STORING_LONG = settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))


def storing(database: Database) -> Callable[[dict[str, Any]], None]:
    """Build the property: what the parsers accept can be stored and read again."""
    box, numbers = SecretBox([KEY]), count(1)
    with database.begin() as connection:
        save_event(connection, an_event(), NOW)

    def store(thing: dict[str, Any]) -> None:
        body = {**json.loads(json.dumps(thing)), "id": next(numbers)}
        webinar = parse_webinar(body, ACCOUNT, HOST)
        panelist, instance, recording = parse_panelist(body), parse_instance(body), parse_recording(body)
        parse_listed_webinar(body)
        fields = tuple((f"settings.{name}", value) for name, value in webinar.settings)
        with database.begin() as connection:
            save_binding(
                connection, box, EVENT_ID, webinar, NOW, known=fields, asked=fields, refused=(), origin="created"
            )
            seat_panelists(connection, box, EVENT_ID, [panelist], ours=False, now=NOW)
            record_instance(connection, instance.uuid, EVENT_ID, started_at=instance.start)
            save_recording(connection, box, EVENT_ID, recording, "completed", NOW)
        Hosts(ACCOUNT, database).keep(parse_host(HOST, body, body))
        with database.read() as connection:
            assert find_binding(connection, EVENT_ID)
            assert load_seats(connection, EVENT_ID)
            assert load_recordings(connection, EVENT_ID)
            load_publications(connection, [EVENT_ID])

    return store


def test_whatever_is_read_of_zoom_is_stored(database: Database) -> None:
    given(THINGS)(STORING(storing(database)))()


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_whatever_is_read_of_zoom_is_stored_however_long_one_tries(database: Database) -> None:
    given(THINGS)(STORING_LONG(storing(database)))()


def taking(service: Service) -> Callable[[str, dict[str, Any], str, str], None]:
    """Build the property: every signed notification gets a good answer, whatever its content."""

    def tell(kind: str, thing: dict[str, Any], request_id: str, stamp: str) -> None:
        body = json.dumps({"event": kind, "event_ts": thing.get("duration"), "payload": {"object": thing}}).encode()
        headers, _ = sign(body, stamp)
        intake = take(service.app, ACCOUNT, {**headers, "x-zm-request-id": request_id}, body)
        assert intake.status in (200, 204) if stamp == NOW_S else intake.status == 401
        json.dumps(intake.reply, ensure_ascii=False).encode()

    return tell


def test_whatever_a_notification_says_it_is_taken(service: Service) -> None:
    service.add()
    service.settle()
    bound = st.fixed_dictionaries({"id": st.just(service.zoom.webinar()["id"])})
    things = st.tuples(THINGS, bound).map(lambda both: both[0] | both[1]) | THINGS

    given(KINDS, things, HEADERS, st.just(NOW_S) | STAMPS)(STORING(taking(service)))()


@pytest.mark.parametrize(
    ("kind", "thing", "request_id"),
    [
        ("webinar.updated", {"settings": json.loads('{"a":' * 3_000 + "1" + "}" * 3_000)}, ""),
        ("webinar.started", {"uuid": "u" * 200}, ""),
        ("webinar.started", {"uuid": "\ud800"}, ""),
        ("webinar.started", {"uuid": UUID}, "r" * 300),
        ("webinar.started", {"uuid": UUID, "start_time": "9999-12-31T23:59:59-14:00"}, ""),
        ("recording.completed", {"uuid": UUID, "id": 10**30}, ""),
    ],
)
def test_rubbish_in_a_notification_is_not_stored_and_stops_nothing(
    service: Service, kind: str, thing: dict[str, Any], request_id: str
) -> None:
    service.add()
    service.settle()
    body = _dump({"event": kind, "payload": {"object": {"id": service.zoom.webinar()["id"], **thing}}})
    headers, _ = sign(body, NOW_S, request_id=request_id)

    assert take(service.app, ACCOUNT, headers, body).status == 204


def test_validation_with_half_a_character_is_answered(service: Service) -> None:
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "a\ud800b"}}).encode()

    intake = take(service.app, ACCOUNT, sign(body, NOW_S)[0], body)

    assert (intake.status, (intake.reply or {})["plainToken"]) == (200, "ab")


@pytest.mark.parametrize(
    "signature", ["\xff\xfe", "v0=" + "é" * 64, "", "v0=" + "0" * 100_000, hashlib.sha256().hexdigest()]
)
def test_forged_signature_is_refused_whatever_it_is(service: Service, signature: str) -> None:
    headers = {"x-zm-signature": signature, "x-zm-request-timestamp": "9" * 5_000}

    assert take(service.app, ACCOUNT, headers, b"{}").status == 401


def _dump(value: Any) -> bytes:
    """Write JSON of any depth."""
    if isinstance(value, dict) and "settings" not in str(value)[:200]:
        return json.dumps(value).encode()
    settings_of = value["payload"]["object"].pop("settings", None)
    text = json.dumps(value)
    deep = '{"a":' * 3_000 + "1" + "}" * 3_000
    return (text if settings_of is None else text[:-3] + f', "settings": {deep}' + "}}}").encode()
