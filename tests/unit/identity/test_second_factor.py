"""Codes are taken as people type them, in their time and once; recovery codes cannot be guessed."""

from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from zoom_ops.identity.limits import limits_of_code
from zoom_ops.identity.second_factor import (
    RECOVERY_CODES,
    TypedCode,
    build_otpauth,
    derive_recovery_codes,
    find_step,
    group_secret,
    make_secret,
    needs_second_factor,
    read_code,
)

from .test_limits import Counters

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B


def code_at(seconds: int) -> TypedCode:
    code = read_code(pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds)))
    assert code
    return code


@pytest.mark.parametrize(
    ("role", "how", "required", "has_one", "needed"),
    [
        ("operator", "session", True, False, True),
        ("admin", "session", True, False, True),
        ("admin", "session", True, True, False),
        ("admin", "session", False, False, False),
        ("admin", "oidc", True, False, False),
        ("author", "session", True, False, False),
        ("member", "session", True, False, False),
    ],
)
def test_who_operates_by_password_needs_one_where_it_is_required(
    role: str, how: str, required: bool, has_one: bool, needed: bool
) -> None:
    assert needs_second_factor(role, how, required=required, has_one=has_one) is needed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("123456", "app"),
        (" 123 456 ", "app"),
        ("123-456", "app"),
        ("\u0661\u0662\u0663 \u0664\u0665\u0666", "app"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "app"),
        ("badofi-gumera-tozuka", "recovery"),
        (" BADOFI gumera\u2013to zuka\u200b", "recovery"),
        ("", None),
        ("12345", None),
        ("1234567", None),
        ("12345\u00bd", None),
        ("\u2460\u2461\u2462\u2463\u2464\u2465", "app"),
        ("badofi-gumera", None),
        ("badofi-gumera-tozuk\u00e4", None),
        ("\u0301" * 100, None),
        ("1" * 1_000_000, None),
        ("\ud800", None),
        ("\x00" * 94 + "123456", "app"),
    ],
)
def test_code_is_read_as_people_type_it(typed: str, kind: str | None) -> None:
    code = read_code(typed)

    assert (code and code.kind) == kind
    assert code is None or code.text in ("123456", "badofigumeratozuka")


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False), (86_400, False)]
)
def test_code_is_taken_one_step_early_or_late(seconds: int, taken: bool) -> None:
    assert (find_step(SECRET, code_at(seconds), NOW) is not None) is taken


def test_code_of_a_step_that_was_used_and_of_those_before_it_is_none() -> None:
    used = find_step(SECRET, code_at(0), NOW)

    assert used == int(NOW.timestamp()) // 30
    assert [find_step(SECRET, code_at(at), NOW, after=used) for at in (-30, 0, 30)] == [None, None, used + 1]


def test_six_digits_are_no_recovery_code_and_the_other_way_round() -> None:
    assert find_step(SECRET, TypedCode(kind="recovery", text=code_at(0).text), NOW) is None


def test_recovery_codes_are_read_back_and_hard_to_guess() -> None:
    codes = derive_recovery_codes("seed")
    many = "".join(code.replace("-", "") for number in range(50) for code in derive_recovery_codes(f"seed {number}"))
    syllables = {many[start : start + 2] for start in range(0, len(many), 2)}

    assert len(set(codes)) == RECOVERY_CODES
    assert len(syllables) ** 9 >= 2**50
    assert [read_code(code) for code in codes] == [
        TypedCode(kind="recovery", text=code.replace("-", "")) for code in codes
    ]
    assert {len(word) for code in codes for word in code.split("-")} == {6}


@given(st.text(max_size=80), st.text(max_size=120))
def test_address_of_the_app_names_site_and_user(organisation: str, login: str) -> None:
    address = build_otpauth(SECRET, f"u{login}", organisation)
    read = pyotp.parse_uri(address)

    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.digits, read.interval, read.digest().name) == (SECRET, 6, 30, "sha1")
    assert read.issuer


def test_secret_is_long_enough_and_typed_in_groups() -> None:
    secret = make_secret()

    assert "".join(group_secret(secret)) == secret
    assert (len(secret), len(group_secret(secret))) == (32, 8)  # 160 bits


@pytest.mark.parametrize(
    ("networks", "proof", "most"),
    [(1, None, 5 + 24), (50, None, 10 + 12), (1, "network", 5 + 24), (3, "session", 5 + 24)],
)
def test_guesses_of_codes_in_two_hours_are_few(networks: int, proof: str | None, most: int) -> None:
    counters, guesses = Counters(), 0
    for second in range(0, 7201, 10):
        for number in range(networks):
            limits = limits_of_code("amara", proof, f"198.51.{number}.0/24")  # type: ignore[arg-type]
            guesses += not counters.wait(limits, NOW + timedelta(seconds=second))

    assert guesses <= most
    assert bool(proof) or guesses >= 10
    assert not counters.wait(limits_of_code("amara", "network", "203.0.113.0/24"), NOW + timedelta(hours=2))
