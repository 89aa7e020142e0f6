"""Indico's web application, whose plugin for Zoom works with the practice Zoom of a test.

The plugin has one fixed address: https://zoom.us/oauth/token. The token that it gets there names the address of the
API, which the plugin obeys. So that one address is replaced, and nothing else of the plugin. The file ZOOM_URL_FILE
holds the address of the practice Zoom, which starts after Indico; while it is missing, Zoom is down.
"""

import os
from pathlib import Path

import requests
from indico.web.flask.app import make_app
from indico_vc_zoom.api import client

_FIXED = "https://zoom.us"


class PracticeZoom:
    """In place of the module `requests`, as far as the plugin uses it to ask for a token."""

    RequestException = requests.RequestException

    @staticmethod
    def post(url, **how):
        """Send a request to the practice Zoom in place of Zoom."""
        path = Path(os.environ["ZOOM_URL_FILE"])
        if not url.startswith(_FIXED) or not path.exists():
            raise requests.ConnectionError("There is no practice Zoom.")
        return requests.post(path.read_text("utf-8") + url.removeprefix(_FIXED), **how)


client.requests = PracticeZoom
app = make_app()
