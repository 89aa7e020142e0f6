"""The pages of the own second factor: it is set up once, shown to nobody else, and not lost by a mistake."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from html import unescape

import pyotp
import pytest
import requests
import segno

from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.store.tables import site_user

PATH = "/account/second-factor"
CODES, REMOVE = f"{PATH}/recovery-codes", f"{PATH}/remove"
WRONG = "That is not the code that the app shows now."


@pytest.fixture
def browsers(site: Site) -> Iterator[list[Visitor]]:
    """Two browsers in which the same operator is signed in, and one of a member."""
    with ExitStack() as stack:
        browsers = [stack.enter_context(site.visited()) for _ in range(3)]
        for browser, login in zip(browsers, ("operator", "operator", "member"), strict=True):
            site.sign_in(browser, login)
        yield browsers


def secret_of(page: str) -> str:
    """Return the secret that a page offers."""
    (key,) = re.findall(r'<code id="key"[^>]*>(.*?)</code>', page)
    return re.sub("<[^>]*>", "", key)


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the form."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def code_of(site: Site, secret: str) -> str:
    """Return the code that the app shows now, after a time in which no earlier one is valid any more."""
    site.clock.advance(90)
    return pyotp.TOTP(secret).at(site.clock.now())


def set_up(site: Site, visitor: Visitor, goal: str = "/account") -> tuple[str, list[str], requests.Response]:
    """Set up a second factor. Return its secret, the recovery codes, and the answer that shows them."""
    page = visitor.get(PATH, params={"next": goal}).text
    secret = secret_of(page)
    answer = visitor.post(PATH, data=fields_of(page) | {"code": code_of(site, secret)})
    return secret, codes_of(answer), answer


def codes_of(answer: requests.Response) -> list[str]:
    """Read the recovery codes on a page."""
    return re.findall(r"<li><code>([^<]*)</code></li>", answer.text)


def test_second_factor_is_set_up_and_leads_back(site: Site, browsers: list[Visitor]) -> None:
    first, second, member = browsers
    offered = first.get(PATH)

    secret, codes, answer = set_up(site, first, "/-/events?when=over")

    assert (len(set(codes)), answer.status_code) == (10, 200)
    assert 'href="/-/events?when=over">I have kept them' in answer.text
    assert secret_of(offered.text) != secret  # nothing is kept before it is confirmed
    assert {page.headers["Cache-Control"] for page in (offered, answer)} == {"no-store"}
    assert {page.headers["X-Robots-Tag"] for page in (offered, answer)} == {"noindex"}
    assert second.get("/account").status_code == 303  # the other session has ended
    assert member.get("/account").status_code == 200
    account = first.get("/account").text
    assert "10 recovery codes are left." in account
    assert not [shown for shown in (secret, *codes) if shown in account]
    assert first.get(PATH).headers["Location"] == "/account"


def test_qr_code_holds_the_address_for_the_app(site: Site, browsers: list[Visitor]) -> None:
    page = browsers[0].get(PATH).text

    (drawn,) = re.findall(r'<div class="qr" role="img" aria-label="[^"]+">(<svg.*?</svg>)', page)
    address = pyotp.TOTP(secret_of(page)).provisioning_uri(name="operator", issuer_name="Harbour Institute")
    assert dark_modules(drawn) == [tuple(map(bool, row)) for row in segno.make_qr(address, error="l").matrix]
    assert "style" not in drawn
    assert 'fill="#fff"' in drawn


def dark_modules(svg: str) -> list[tuple[bool, ...]]:
    """Read the modules of a drawn QR code, without the white around them."""
    (size,) = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
    (path,) = re.findall(r'stroke="#000" d="([^"]*)"', svg)
    rows = [[False] * int(size) for _ in range(int(size))]
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        steps = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if kind == "h":
            for column in range(int(x), int(x + steps[0])):
                rows[int(y)][column] = True
            x += steps[0]
        else:
            x, y = (steps[0], steps[1]) if kind == "M" else (x + steps[0], y + steps[1])
    return [tuple(row[4:-4]) for row in rows[4:-4]]


def test_mistake_at_the_set_up_keeps_the_secret(site: Site, browsers: list[Visitor]) -> None:
    visitor = browsers[0]
    page = visitor.get(PATH, params={"next": "/-/plan"}).text
    secret, fields = secret_of(page), fields_of(page)
    app_code = code_of(site, secret)
    wrong = f"{(int(app_code) + 1) % 10**6:06}"

    refused = [visitor.post(PATH, data=fields | {"code": code}) for code in (wrong, "", "x" * 5_000, "１２３")]
    site.clock.advance(1_000)  # the proof of the sign-in is too old by now, and so is the offer
    late = visitor.post(PATH, data=fields | {"code": code_of(site, secret)})
    unproven = visitor.post(PATH, data=fields_of(late.text) | {"code": code_of(site, secret_of(late.text))})
    right = {"code": code_of(site, secret_of(late.text)), "password": PASSWORD}
    done = visitor.post(PATH, data=fields_of(unproven.text) | right)

    assert [(answer.status_code, WRONG in answer.text) for answer in refused] == [(403, True)] * 4
    assert {secret_of(answer.text) for answer in refused} == {secret}
    assert {fields_of(answer.text)["next"] for answer in (*refused, late, unproven)} == {"/-/plan"}
    assert (late.status_code, "Scan the new picture." in late.text) == (400, True)
    assert (unproven.status_code, "That is not your current password." in unproven.text) == (403, True)
    assert ('name="password"' in page, 'name="password"' in unproven.text) == (False, True)
    assert [re.findall(r'id="(\w+)"[^>]* autofocus', answer.text) for answer in (refused[0], unproven)] == [
        ["code"],
        ["password"],
    ]
    assert 'href="/-/plan">I have kept them' in done.text


def test_secret_that_was_offered_to_somebody_else_is_not_taken(site: Site, browsers: list[Visitor]) -> None:
    page = browsers[0].get(PATH).text
    code = code_of(site, secret_of(page))

    answer = browsers[2].post(PATH, data=fields_of(page) | {"code": code})

    assert (answer.status_code, secret_of(page) in answer.text) == (400, False)
    assert "Set up a second factor" in browsers[2].get("/account").text


def test_double_click_shows_the_recovery_codes_and_a_later_reload_does_not(site: Site, browsers: list[Visitor]) -> None:
    page = browsers[0].get(PATH).text
    sent = fields_of(page) | {"code": code_of(site, secret_of(page))}

    with ThreadPoolExecutor(2) as clicks:
        shown = [codes_of(answer) for answer in clicks.map(lambda _: browsers[0].post(PATH, data=sent), range(2))]
    foreign = browsers[1].post(PATH, data=sent)  # its session has ended
    other = browsers[0].post(PATH, data=sent | {"code": "000000"})
    site.clock.advance(61)
    late = browsers[0].post(PATH, data=sent)
    site.clock.advance(900)
    latest = browsers[0].post(PATH, data=sent)  # what was offered has ended: no other app is offered in its place

    assert (len(set(shown[0])), shown[0]) == (10, shown[1])
    assert [(answer.status_code, codes_of(answer)) for answer in (foreign, other, late)] == [(303, [])] * 3
    assert {answer.headers["Location"] for answer in (other, late, latest)} == {"/account"}
    with site.visited() as again:
        again.post("/sign-in", data={"login": "operator", "password": PASSWORD})
        entered = again.post("/sign-in/code", params={"recovery": "1"}, data={"code": shown[0][9]})
    assert entered.headers["Location"].startswith("/sign-in/recovered")


@pytest.mark.parametrize("goal", ["https://elsewhere.example.org/", "//elsewhere.example.org", "/\\elsewhere"])
def test_set_up_leads_to_no_other_site(site: Site, browsers: list[Visitor], goal: str) -> None:
    _, codes, answer = set_up(site, browsers[0], goal)

    assert (len(codes), 'href="/">I have kept them' in answer.text) == (10, True)
    assert browsers[0].get(PATH, params={"next": goal}).headers["Location"] == "/"


def test_operator_who_has_to_have_one_is_told_why(site: Site, browsers: list[Visitor]) -> None:
    operator, _, member = browsers
    site.services.identity.second_factor_required = True
    why = "This site asks for a second factor from everybody who operates it."

    before = [why in browser.get(path).text for browser in (operator, member) for path in ("/account", PATH)]
    secret, _, _ = set_up(site, operator)
    after = why in operator.get("/account").text
    removal = operator.get(REMOVE).text
    operator.post(REMOVE, data={"password": PASSWORD, "code": code_of(site, secret)})

    assert (before, after, why in removal) == ([True, True, False, False], False, True)
    assert why in operator.get("/account").text


def test_recovery_codes_are_made_anew_with_password_and_code(site: Site, browsers: list[Visitor]) -> None:
    visitor = browsers[0]
    secret, codes, _ = set_up(site, visitor)

    no_password = visitor.post(CODES, data={"password": "not the right one", "code": code_of(site, secret)})
    no_code = visitor.post(CODES, data={"password": PASSWORD, "code": "no code"})
    with ThreadPoolExecutor(2) as clicks:  # a double click shows them, too
        sent = {"password": PASSWORD, "code": codes[0]}
        new, again = [codes_of(answer) for answer in clicks.map(lambda _: visitor.post(CODES, data=sent), range(2))]
    site.clock.advance(61)
    late = visitor.post(CODES, data=sent)

    assert (no_password.status_code, "That is not your current password." in no_password.text) == (403, True)
    assert (no_code.status_code, "This code is wrong, too old, or was used before." in no_code.text) == (403, True)
    assert (len(new), set(new) & set(codes), again) == (10, set(), new)
    assert (late.status_code, codes_of(late)) == (403, [])
    assert "10 recovery codes are left." in visitor.get("/account").text
    assert visitor.post(REMOVE, data={"password": PASSWORD, "code": codes[1]}).status_code == 403
    with_app = [visitor.post(CODES, data={"password": PASSWORD, "code": code_of(site, secret)}) for _ in range(2)]
    assert len({*codes_of(with_app[0]), *codes_of(with_app[1]), *new}) == 30


def test_few_recovery_codes_are_a_warning(site: Site, browsers: list[Visitor]) -> None:
    visitor = browsers[0]
    _, codes, _ = set_up(site, visitor)

    seen = {}
    for code in codes[:8]:
        site.clock.advance(600)
        with site.visited() as elsewhere:
            site.sign_in(elsewhere, "operator")
            elsewhere.post("/sign-in/code", data={"code": code})
        left = re.findall(r'<p(?: class="(notice)")?>(\d+) recovery codes are left', visitor.get("/account").text)
        seen.update({number: warns for warns, number in left})

    assert seen == {number: "notice" if number == "2" else "" for number in map(str, range(9, 1, -1))}


def test_second_factor_is_removed_with_password_and_code(site: Site, browsers: list[Visitor]) -> None:
    visitor = browsers[0]
    secret, _, _ = set_up(site, visitor)

    refused = visitor.post(REMOVE, data={"password": PASSWORD, "code": "000"})
    kept = "Remove the second factor" in visitor.get("/account").text
    sent = {"password": PASSWORD, "code": code_of(site, secret)}
    with ThreadPoolExecutor(2) as clicks:
        removed = [*clicks.map(lambda _: visitor.post(REMOVE, data=sent), range(2))]
    renewed = visitor.post(CODES, data=sent)

    assert (refused.status_code, kept) == (403, True)
    assert [answer.headers["Location"] for answer in (*removed, renewed)] == ["/account?done=removed"] * 2 + [
        "/account"
    ]
    page = visitor.get("/account?done=removed").text
    assert "Your password alone lets you in." in page
    assert f'href="{PATH}"' in page
    assert [visitor.get(path).headers["Location"] for path in (CODES, REMOVE)] == ["/account"] * 2


def test_guesses_of_a_code_are_slowed_down(site: Site, browsers: list[Visitor]) -> None:
    visitor = browsers[0]
    secret, _, _ = set_up(site, visitor)

    statuses = [visitor.post(REMOVE, data={"password": PASSWORD, "code": f"{n:06}"}).status_code for n in range(12)]
    right = visitor.post(REMOVE, data={"password": PASSWORD, "code": pyotp.TOTP(secret).at(site.clock.now())})

    assert set(statuses) == {403, 429}
    assert (right.status_code, right.headers["Retry-After"]) == (429, "300")
    assert "Please try again in 5 minutes." in right.text
    assert "Remove the second factor" in visitor.get("/account").text


def test_user_of_a_provider_is_told_where_a_second_factor_is(site: Site, visitor: Visitor) -> None:
    site.sign_in(visitor, "operator")
    with site.database.begin() as connection:
        of_provider = {"issuer": "https://id.example.org", "subject": "1", "password_hash": None}
        connection.execute(site_user.update().where(site_user.c.login == "operator").values(**of_provider))

    page = visitor.get("/account").text

    assert "If https://id.example.org asks for a second factor, you set it up there." in page
    assert f'href="{PATH}"' not in page


def test_visitor_and_another_site_get_nowhere(site: Site, browsers: list[Visitor], visitor: Visitor) -> None:
    page = browsers[0].get(PATH).text
    sent = fields_of(page) | {"code": code_of(site, secret_of(page))}

    asked = [visitor.get(path).headers["Location"] for path in (PATH, CODES, REMOVE)]
    posted = [visitor.post(path, data=sent).status_code for path in (PATH, CODES, REMOVE)]
    foreign = browsers[0].post(PATH, data=sent, headers={"Origin": "https://elsewhere.example.org"})

    assert asked == [f"/sign-in?next={path}" for path in (PATH, CODES, REMOVE)]
    assert posted == [303] * 3
    assert foreign.status_code == 403
    assert browsers[0].get(PATH).status_code == 200


def test_new_password_takes_password_and_code(site: Site, browsers: list[Visitor]) -> None:
    visitor = browsers[0]
    plain = visitor.get("/account").text
    secret, codes, _ = set_up(site, visitor)
    new = {"old": PASSWORD, "new": "another way to the harbour", "again": "another way to the harbour"}

    asked = visitor.get("/account").text
    without = visitor.post("/account", data=new)
    wrong = visitor.post("/account", data=new | {"old": "not the right one", "code": code_of(site, secret)})
    right = visitor.post("/account", data=new | {"code": codes[0]})

    assert [page.count('name="code"') for page in (plain, asked)] == [0, 1]
    assert (without.status_code, "This code is wrong, too old, or was used before." in without.text) == (403, True)
    assert (wrong.status_code, "That is not your current password." in wrong.text) == (403, True)
    assert right.headers["Location"] == "/account?done=password"
    assert "9 recovery codes are left." in visitor.get("/account").text
