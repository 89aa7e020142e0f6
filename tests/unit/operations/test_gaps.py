"""What an installation lacks."""

from dataclasses import replace

import pytest

from zoom_ops.alerting.targets import Wrong
from zoom_ops.operations.gaps import AccountFacts, SetupFacts, find_gaps

COMPLETE = SetupFacts(
    accounts=(AccountFacts(name="main", hosts=2, has_webhook_secret=True),),
    can_sign_in=True,
    has_alert_target=True,
    base_url="https://events.example.org",
    trusted_proxies=("10.0.0.5",),
)


def kinds(facts: SetupFacts) -> list[tuple[str, bool]]:
    return [(gap.kind, gap.is_fault) for gap in find_gaps(facts)]


def test_complete_installation_lacks_nothing() -> None:
    assert find_gaps(COMPLETE) == ()


def test_gaps_are_named_with_the_worst_first() -> None:
    bare = AccountFacts(name="main", hosts=0, has_webhook_secret=False)
    empty = SetupFacts(accounts=(), can_sign_in=False, has_alert_target=False, base_url="http://127.0.0.1:8000")

    assert kinds(empty) == [("no_account", True), ("no_user", False), ("no_alert_target", False)]
    several = replace(COMPLETE, accounts=(*COMPLETE.accounts, *COMPLETE.accounts), has_default_account=False)
    assert kinds(several) == [("no_default_account", False)]
    assert kinds(replace(COMPLETE, accounts=(bare,))) == [("no_hosts", True), ("no_webhook_secret", True)]


def test_each_gap_says_the_next_action() -> None:
    facts = replace(COMPLETE, accounts=(), can_sign_in=False, has_alert_target=False)

    actions = [gap.action for gap in find_gaps(facts)]

    assert [action.partition("zoom-ops ")[2] for action in actions] == [
        "init",
        "users add NAME --role admin",
        "alerts test",
    ]


def test_wrong_alert_target_is_a_gap_and_a_sole_one_tells_nobody() -> None:
    wrong = (Wrong(id="0", label="mailtoo #1", why="there is no service with mailtoo://."),)

    one_of_two = replace(COMPLETE, wrong_targets=wrong)
    sole = replace(one_of_two, has_alert_target=False)

    (gap,) = find_gaps(one_of_two)
    assert gap.sentence == (
        "ZOOM_OPS_ALERT_TO: mailtoo #1 cannot be used: there is no service with mailtoo://. "
        "Correct it and restart, then: zoom-ops alerts test"
    )
    assert [one.kind for one in find_gaps(sole)] == ["no_alert_target", "wrong_alert_target"]
    assert find_gaps(sole)[0].reason == ("Nobody is told of problems, for no entry of ZOOM_OPS_ALERT_TO can be used.")


@pytest.mark.parametrize(
    ("base_url", "is_public"),
    [
        ("http://events.example.org", True),
        ("http://8.8.8.8:8000", True),
        ("https://events.example.org", False),
        ("http://127.0.0.1:8000", False),
        ("http://192.168.1.4", False),
        ("http://[::1]:8000", False),
        ("http://localhost:8000", False),
        ("http://zoom-ops:8000", False),
        ("http://desk.local", False),
    ],
)
def test_plain_http_is_named_on_a_public_address_only(base_url: str, is_public: bool) -> None:
    assert ("plain_http", False) in kinds(replace(COMPLETE, base_url=base_url)) or not is_public
    assert bool(find_gaps(replace(COMPLETE, base_url=base_url))) == is_public


def test_proxy_whose_word_is_not_taken_is_a_gap_until_it_is_named() -> None:
    proxied = replace(COMPLETE, forwarded_by=("10.0.0.5", "fe80::1"), trusted_proxies=("fe80::/10", "192.168.0.0/16"))

    (gap,) = find_gaps(proxied)

    assert (gap.kind, gap.is_fault) == ("missing_proxy", False)
    assert gap.sentence == (
        "10.0.0.5 passes requests on, and is not in ZOOM_OPS_TRUSTED_PROXIES: all who come through it have one "
        'address, and the wrong passwords of one slow down everybody. Add "10.0.0.5" to it, and restart. If that is no '
        "proxy, somebody there forges X-Forwarded-For."
    )
    assert find_gaps(replace(proxied, trusted_proxies=("10.0.0.0/8", "fe80::1"))) == ()


@pytest.mark.parametrize(
    ("base_url", "listens_openly", "forwarded_by", "expected"),
    [
        ("https://events.example.org", False, (), ["unnamed_proxy"]),
        ("https://events.example.org", True, ("10.0.0.5",), ["missing_proxy"]),  # which says it more exactly
        ("http://zoom-ops:8000", True, (), ["unnamed_proxy"]),
        ("http://zoom-ops:8000", False, (), []),
        ("http://localhost:8000", True, (), []),
    ],
)
def test_proxy_that_nobody_named_is_asked_for(
    base_url: str, listens_openly: bool, forwarded_by: tuple[str, ...], expected: list[str]
) -> None:
    facts = replace(COMPLETE, trusted_proxies=(), forwarded_by=forwarded_by)

    assert [kind for kind, _ in kinds(replace(facts, base_url=base_url, listens_openly=listens_openly))] == expected


def test_readable_secrets_and_a_host_that_is_not_passed_on_are_named() -> None:
    exposed = ("/srv/a b", "/srv/b", "/srv/c", "/srv/d")

    wrong, readable = find_gaps(replace(COMPLETE, exposed=exposed, misnamed=("zoom_ops",)))

    assert (wrong.kind, "zoom_ops" in wrong.reason) == ("wrong_host", True)
    assert "/srv/a b, /srv/b, /srv/c and 1 more:" in readable.reason
    assert readable.action.endswith("chmod o= '/srv/a b' /srv/b /srv/c")
