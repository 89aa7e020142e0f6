"""All secrets: those that a practice Zoom has issued, and those of an installation."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from tests.integration.service import PracticeZoom
from tests.leaks import Kind, Secret, parts_of


def secrets_of(zoom: PracticeZoom, *own: str, public: str) -> list[Secret]:
    """List all secrets; `public` is the topic of the webinar whose recording everybody may see."""
    kinds: dict[str, Kind] = dict.fromkeys(zoom.state()["secrets"], "other")
    links: dict[str, Kind] = {}
    for webinar in zoom.webinars():
        links |= _opening_the_webinar(zoom, webinar["id"])
        links |= _opening_the_recording(zoom, webinar["id"], is_public=webinar["topic"] == public)
    parts: dict[str, Kind] = {part: "other" for link in links if "://" in link for part in parts_of(link)}
    ours: dict[str, Kind] = dict.fromkeys(own, "our own")
    return [Secret(text=text, kind=kind) for text, kind in (parts | kinds | links | ours).items()]


def own_secrets(environ: Mapping[str, str], account: str) -> tuple[str, ...]:
    """List the secrets of an installation: its account's secrets, and the key to its database."""
    settings = [
        environ[f"ZOOM_OPS_ACCOUNTS__{account.upper()}__{name}"] for name in ("CLIENT_SECRET", "WEBHOOK_SECRET")
    ]
    return (*settings, Path(environ["ZOOM_OPS_DATA_DIR"], "secret.key").read_text("utf-8").strip())


def _opening_the_webinar(zoom: PracticeZoom, webinar_id: int) -> dict[str, Kind]:
    webinar = zoom.call("GET", f"/webinars/{webinar_id}")
    seated = zoom.call("GET", f"/webinars/{webinar_id}/panelists")["panelists"]
    links: dict[str, Kind] = {panelist["join_url"]: "panelist link" for panelist in seated}
    return {webinar["join_url"]: "join link", webinar["start_url"]: "other", webinar["password"]: "passcode"} | links


def _opening_the_recording(zoom: PracticeZoom, webinar_id: int, *, is_public: bool) -> dict[str, Kind]:
    uuid = zoom.call("GET", f"/past_webinars/{webinar_id}/instances")["webinars"][0]["uuid"]
    recording = zoom.call("GET", f"/meetings/{quote(quote(uuid, safe=''), safe='')}/recordings")
    links: dict[str, Kind] = {
        recording["share_url"]: "share link" if is_public else "other",
        recording["recording_play_passcode"]: "play passcode" if is_public else "other",
    }
    for file in recording["recording_files"]:
        links |= {file["play_url"]: "other", file["download_url"]: "other"}
    return links
