"""The check of a site in WordPress that does not answer."""

from tests.loopback import free_port
from zoom_ops.clock import SystemClock
from zoom_ops.homes import open_home, settings_of


def test_site_that_does_not_answer_is_not_told_to_change_its_permalinks() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    file = {"url": url, "login": "bot", "application_password": "abcd efgh", "everything": True}
    settings = settings_of("wordpress").model_validate({"kind": "wordpress", **file})
    home = open_home("city", settings, SystemClock())

    (finding,) = home.check()

    assert (finding.what, finding.state) == ("address", "missing")
    assert finding.sentence.startswith("city does not answer: ")
    assert finding.sentence.endswith(f"See whether the site runs, and whether this is it: {url}.")
