"""A second factor in a real browser, the whole way: set up, sign in with it, with a recovery code, and remove it."""

import pyotp
from playwright.sync_api import Page, Request, expect

from tests.browser.looking import find_broken_rules
from tests.browser.test_sign_in import complaints_of
from tests.browser.visiting import NewPage, sign_in
from tests.web_site import PASSWORD, Site

NEW_PASSWORD = "another way to the harbour"


def test_person_sets_up_a_second_factor_signs_in_with_it_and_removes_it(
    site: Site, address: str, new_page: NewPage
) -> None:
    site.add_user("amara", role="operator")
    page = new_page(viewport=(390, 844), reduced_motion="reduce")
    complaints, broken = complaints_of(page, address), []
    sign_in(page, address)
    page.goto(f"{address}/account")
    page.get_by_role("link", name="Set up a second factor").click()
    app = pyotp.TOTP(page.locator("#key").text_content() or "")

    type_code(page, "Turn it on", wrong_code(app, site))
    expect(page.get_by_role("alert")).to_contain_text("That is not the code that the app shows now.")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    assert page.locator("#key").text_content() == app.secret
    broken += find_broken_rules(page)
    type_code(page, "Turn it on", app.at(site.clock.now()))
    expect(page.locator("#codes code")).to_have_count(10)
    codes = page.locator("#codes code").all_text_contents()
    broken += find_broken_rules(page)
    page.emulate_media(media="print", color_scheme="dark")  # paper stays white
    broken += find_broken_rules(page)
    page.emulate_media(media="screen", color_scheme="light")
    page.reload()  # sends no form again
    expect(page).to_have_url(f"{address}/account")
    expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()
    broken += find_broken_rules(page)

    site.clock.advance(30)
    for name, value in (("old", PASSWORD), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)):
        page.locator(f"#{name}").fill(value)
    page.locator("#code").fill(app.at(site.clock.now()))
    sent = click_twice(page, "Change the password")
    expect(page.get_by_role("status").first).to_have_text("Your password is changed. You are signed in here only.")
    assert len(sent) == 1

    for code in (lambda: app.at(site.clock.now()), lambda: codes[3].upper().replace("-", " ")):
        page.get_by_role("button", name="Sign out").first.click()
        expect(page).to_have_url(f"{address}/")
        site.clock.advance(30)
        page.goto(f"{address}/sign-in?next=/account")
        page.get_by_label("Name").fill("amara")
        page.get_by_label("Password").fill(NEW_PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        type_code(page, "Sign in", code())
        expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
    page.goto(f"{address}/account")
    expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()

    page.get_by_role("link", name="Remove the second factor").click()
    expect(page.get_by_role("heading", name="Remove the second factor")).to_be_visible()
    broken += find_broken_rules(page)
    site.clock.advance(30)
    page.get_by_label("Current password").fill(NEW_PASSWORD)
    type_code(page, "Remove the second factor", app.at(site.clock.now()))
    expect(page.get_by_role("status").first).to_have_text(
        "Your second factor is removed. Your password alone lets you in."
    )

    assert broken == []
    assert [complaint for complaint in complaints if "status of 403" not in complaint] == []  # the wrong code


def type_code(page: Page, button: str, code: str) -> None:
    """Type a code into the form of the page, and send it."""
    page.locator("#code").fill(code)
    page.locator("main").get_by_role("button", name=button).click()


def click_twice(page: Page, button: str) -> list[Request]:
    """Click a button again before the first answer comes. Return the forms that the browser sends, also later on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.get_by_role("button", name=button).evaluate("button => (button.click(), setTimeout(() => button.click(), 20))")
    return sent


def wrong_code(app: pyotp.TOTP, site: Site) -> str:
    """Return a code of six digits that the app does not show about now."""
    near = {app.at(site.clock.now(), counter_offset=step) for step in (-1, 0, 1)}
    return next(code for code in (f"{digit}" * 6 for digit in range(4)) if code not in near)
