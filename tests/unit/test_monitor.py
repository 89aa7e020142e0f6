"""Monitors of silence: which form an address has, and the requests of each form."""

import pytest

from zoom_ops.monitor.address import Monitor, build_ping, parse_monitor

ROUND = "8b0b1f8e-92c0-4a6c-8a1e-2b8d6b7f4c11"


@pytest.mark.parametrize(
    ("text", "url", "form"),
    [
        ("https://hc-ping.com/5c1d", "https://hc-ping.com/5c1d", "healthchecks"),
        ("https://checks.example.org:8000/ping/k/s", "https://checks.example.org:8000/ping/k/s", "healthchecks"),
        ("https://cronitor.link/p/key/zoom", "https://cronitor.link/p/key/zoom", "cronitor"),
        ("https://eu.cronitor.io/p/key/zoom", "https://eu.cronitor.io/p/key/zoom", "cronitor"),
        ("https://cronitor.link.example.org/p", "https://cronitor.link.example.org/p", "healthchecks"),
        ("cronitor+http://relay.example.org/p", "http://relay.example.org/p", "cronitor"),
        ("healthchecks+https://cronitor.io/x", "https://cronitor.io/x", "healthchecks"),
        ("https://hc-ping.com/key/a+b", "https://hc-ping.com/key/a+b", "healthchecks"),
    ],
)
def test_form_follows_the_host_unless_a_prefix_says_otherwise(text: str, url: str, form: str) -> None:
    monitor = parse_monitor(text)

    assert (monitor.url, monitor.form) == (url, form)


@pytest.mark.parametrize(
    "text", ["s3cret", "ftp://s3cret.example.org", "https://", "https://s3cret:port/", "kuma+https://s3cret", "", "+",
             "https://hc-ping.com/s3 cret", "https://[s3cret/"],
)  # fmt: skip
def test_address_that_cannot_be_pinged_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected ") as refused:
        parse_monitor(text)

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("signal", "path"), [("start", "/5c1d/start"), ("success", "/5c1d"), ("fail", "/5c1d/fail"), ("test", "/5c1d/log")]
)
def test_healthchecks_gets_the_signal_in_the_path_and_the_text_in_the_body(signal: str, path: str) -> None:
    ping = build_ping(parse_monitor("https://hc-ping.com/5c1d/"), signal, ROUND, "The disk\nis full.")  # type: ignore[arg-type]

    assert (ping.method, ping.url, ping.body) == (
        "POST", f"https://hc-ping.com{path}?rid={ROUND}", "The disk is full.",
    )  # fmt: skip


def test_healthchecks_keeps_the_query_that_makes_a_check() -> None:
    ping = build_ping(parse_monitor("https://hc-ping.com/key/zoom?create=1"), "start", ROUND)

    assert ping.url == f"https://hc-ping.com/key/zoom/start?create=1&rid={ROUND}"


@pytest.mark.parametrize(
    ("signal", "state"), [("start", "run"), ("success", "complete"), ("fail", "fail"), ("test", "complete")]
)
def test_cronitor_gets_signal_and_text_in_the_query(signal: str, state: str) -> None:
    monitor = parse_monitor("https://cronitor.link/p/key/zoom?env=live")
    ping = build_ping(monitor, signal, ROUND, "a & b")  # type: ignore[arg-type]

    assert (ping.method, ping.body) == ("GET", "")
    assert ping.url == f"https://cronitor.link/p/key/zoom?env=live&state={state}&series={ROUND}&message=a+%26+b"


def test_address_is_in_no_representation() -> None:
    monitor = Monitor(url="https://hc-ping.com/s3cret", form="healthchecks")

    assert "s3cret" not in f"{monitor!r} {build_ping(monitor, 'start', ROUND)!r}"
