"""The organisation's own logo and colour, from the settings to the pages."""

import re
from pathlib import Path

import pytest

from tests.web_site import Site, Visitor
from zoom_ops.errors import ConfigurationError
from zoom_ops.settings import load_settings
from zoom_ops.store.db.connect import Database
from zoom_ops.web.branding import Branding
from zoom_ops.web.daemon import branding_of

SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def brand(folder: Path, **settings: str) -> Branding:
    """Load the branding that the settings name, from a folder."""
    return branding_of(load_settings({f"ZOOM_OPS_{name}": value for name, value in settings.items()}, folder))


def test_site_has_the_name_and_the_shipped_colours_where_nothing_is_set(visitor: Visitor) -> None:
    page = visitor.get("/").text

    assert 'class="site-name" href="/" dir="auto">Harbour Institute</a>' in page
    assert "branding" not in page


def test_site_shows_its_logo_in_both_schemes_and_its_colour(database: Database, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(SCRIPTED)
    (tmp_path / "dark.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    branding = brand(tmp_path, LOGO="logo.svg", LOGO_DARK="dark.png", ACCENT="#FFD400")

    with Site(database, branding=branding).visited() as visitor:
        page = visitor.get("/").text
        answers = {address: visitor.get(address) for address in re.findall(r'"(/branding/[^"]+)"', page)}
        other = visitor.get("/branding/logo.000000000000.svg")

    assert 'alt="Harbour Institute"' in page
    assert [answer.headers["Content-Type"] for answer in answers.values()] == [
        "text/css; charset=utf-8", "image/png", "image/svg+xml",
    ]  # fmt: skip
    for answer in answers.values():
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")  # no script in a picture may run
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"LOGO": "none.svg"}, r"LOGO: .*none\.svg: There is no such file\."),
        ({"LOGO_DARK": "large.png"}, r"LOGO_DARK: .*large\.png is larger than 256 kB"),
        ({"LOGO": "text.svg"}, r"LOGO is no picture"),
        ({"ACCENT": "blue"}, r"ZOOM_OPS_ACCENT: expected a colour such as #0a4d8c\."),
    ],
)
def test_branding_that_cannot_be_is_refused(tmp_path: Path, settings: dict[str, str], complaint: str) -> None:
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(256 * 1024))
    (tmp_path / "text.svg").write_text("a logo")

    with pytest.raises(ConfigurationError, match=complaint):
        brand(tmp_path, **settings)
