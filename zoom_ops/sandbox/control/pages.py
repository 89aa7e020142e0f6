"""The pages behind the links for people: recordings, join and registration links."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ..account import Account
from ..api.downloads import CONTENT, MediaFolder, find_file, serve_file, signature
from ..api.recordings import play_passcode
from ..records import Instance, Recording, RecordingFile, Webinar

GONE = "This recording does not exist."
_ENVIRONMENT = Environment(loader=PackageLoader("zoom_ops.sandbox"), autoescape=True)


class Pages:
    """The pages of one sandbox."""

    def __init__(self, account: Account, folder: MediaFolder) -> None:
        self._account = account
        self._folder = folder

    def routes(self) -> list[Route]:
        """Return the routes of all pages."""
        table: dict[str, Callable[[Request], Any]] = {
            "/rec/share/{key}": self._share,
            "/rec/play/{key}": self._play,
            "/j/{webinar_id:int}": self._join,
            "/w/{webinar_id:int}": self._join,
            "/s/{webinar_id:int}": self._join,
            "/webinar/register/{key}": self._register,
        }
        routes = [Route(path, page, methods=["GET", "POST"]) for path, page in table.items()]
        content = [f"{CONTENT}{{key}}", f"{CONTENT}{{key}}/{{name}}"]
        return [*routes, *(Route(path, self._content, methods=["GET"]) for path in content)]

    async def _share(self, request: Request) -> Response:
        key, passcode = request.path_params["key"], await _passcode(request)
        with self._account.settled():
            for instance in self._account.instances():
                if instance.recording and instance.recording.share_key == key:
                    return self._watch(request, instance, instance.recording.kept(), passcode)
        return _page(title=GONE)

    async def _play(self, request: Request) -> Response:
        key, passcode = request.path_params["key"], await _passcode(request)
        with self._account.settled():
            if found := find_file(self._account, key):
                return self._watch(request, found[0], [found[1]], passcode)
        return _page(title=GONE)

    async def _content(self, request: Request) -> Response:
        key = request.path_params["key"]
        with self._account.settled():
            instance_and_file = find_file(self._account, key)
            signed = request.query_params.get("s") == signature(self._account, key)
        if instance_and_file is None or not signed:
            return _page(title=GONE)
        return serve_file(self._folder, *instance_and_file, attached="play" not in request.query_params)

    async def _join(self, request: Request) -> Response:
        with self._account.settled():
            webinar = self._account.find_webinar(request.path_params["webinar_id"])
            state = "It is running now." if webinar and webinar.live() else "It has not started, or it is over."
            return _webinar_page(webinar, f"This is the practice Zoom: nobody meets here. {state}")

    async def _register(self, request: Request) -> Response:
        end = f"/{request.path_params['key']}"
        with self._account.settled():
            webinars = [webinar for webinar in self._account.webinars.values() if not webinar.deleted]
            named = (webinar for webinar in webinars if webinar.fields.get("registration_url", "").endswith(end))
            note = "Registration is open. This is the practice Zoom: register through the API."
            return _webinar_page(next(named, None), note)

    def _watch(self, request: Request, instance: Instance, files: list[RecordingFile], typed: str | None) -> Response:
        """Show a recording, or ask for its passcode, or refuse it."""
        recording = instance.recorded
        title = recording.settings["topic"]
        refusal = _refusal(self._account, recording, request.query_params.get("tk", ""))
        if refusal:
            return _page(title=refusal)
        passcode = recording.settings.get("password")
        link_passcode = play_passcode(self._account, recording)
        if typed is not None and typed == passcode:
            query = urlencode({**request.query_params, "pwd": link_passcode})
            return RedirectResponse(f"{request.url.path}?{query}", status_code=303)
        if passcode and request.query_params.get("pwd") != link_passcode:
            wrong = typed is not None or "pwd" in request.query_params
            return _page(title=title, ask=True, wrong=wrong)
        held = f"{instance.start:%d %B %Y, %H:%M} UTC"
        return _page(title=title, held=held, files=self._describe_files(recording, files))

    def _describe_files(self, recording: Recording, files: list[RecordingFile]) -> list[dict[str, Any]]:
        """Describe the videos (or else the first file), then the downloads that the settings allow."""
        track = next((self._src(file) for file in files if file.type == "TRANSCRIPT"), None)
        videos = [file for file in files if file.type == "MP4"]
        played = videos or files[:1]
        downloads = [file for file in files if file not in played] if recording.settings["viewer_download"] else []
        return [
            {
                "src": self._src(file),
                "video": file.type == "MP4",
                "audio": file in played and file.type == "M4A",
                "track": track,
                "name": file.fields["recording_type"].replace("_", " "),
            }
            for file in [*played, *downloads]
        ]

    def _src(self, file: RecordingFile) -> str:
        return f"{CONTENT}{file.key}?s={signature(self._account, file.key)}&play=1"


def _refusal(account: Account, recording: Recording, ticket: str) -> str | None:
    if recording.ready > account.now():
        return "This recording is being processed."
    if not recording.kept():
        return GONE
    if recording.settings["share_recording"] == "none":
        return "This recording is not shared."
    internal = recording.settings["share_recording"] == "internally"
    if internal or recording.settings["recording_authentication"]:
        return "Sign in to watch this recording."
    if recording.settings["on_demand"] and ticket not in recording.tickets:
        return "Register to watch this recording."
    return None


async def _passcode(request: Request) -> str | None:
    """Read the passcode of a submitted form, None for other requests."""
    if request.method != "POST":
        return None
    return parse_qs((await request.body()).decode("utf-8", "replace")).get("passcode", [""])[0]


def _webinar_page(webinar: Webinar | None, note: str) -> Response:
    if webinar is None:
        return _page(title="This webinar link is invalid.", note="(3,001)")
    start = webinar.fields.get("start_time", "").replace("T", ", ").replace("Z", " UTC")
    return _page(title=webinar.fields["topic"], held=start, note=note)


def _page(**words: Any) -> HTMLResponse:
    return HTMLResponse(_ENVIRONMENT.get_template("recording.html").render(**words))
