"""Every secret that there is: what a practice Zoom handed out, and what an installation keeps to itself."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from tests.integration.service import PracticeZoom
from tests.leaks import Kind, Secret, parts_of


def secrets_of(zoom: PracticeZoom, *own: str, public: str) -> list[Secret]:
    """List them all; `public` is the topic of the webinar whose recording everybody may see."""
    kinds: dict[str, Kind] = dict.fromkeys(zoom.state()["secrets"], "other")
    links: dict[str, Kind] = {}
    for webinar in zoom.webinars():
        links |= _opening_the_webinar(zoom, webinar["id"])
        links |= _opening_the_recording(zoom, webinar["id"], is_public=webinar["topic"] == public)
    parts: dict[str, Kind] = {part: "other" for link in links if "://" in link for part in parts_of(link)}
    ours: dict[str, Kind] = dict.fromkeys(own, "our own")
    return [Secret(text=text, kind=kind) for text, kind in (parts | kinds | links | ours).items()]


def own_secrets(environ: Mapping[str, str], account: str) -> tuple[str, ...]:
    """List the secrets of an installation's own: its account's, and the key to its database."""
    given = [environ[f"ZOOM_OPS_ACCOUNTS__{account.upper()}__{name}"] for name in ("CLIENT_SECRET", "WEBHOOK_SECRET")]
    return (*given, Path(environ["ZOOM_OPS_DATA_DIR"], "secret.key").read_text("utf-8").strip())


def _opening_the_webinar(zoom: PracticeZoom, webinar_id: int) -> dict[str, Kind]:
    told = zoom.call("GET", f"/webinars/{webinar_id}")
    seated = zoom.call("GET", f"/webinars/{webinar_id}/panelists")["panelists"]
    links: dict[str, Kind] = {panelist["join_url"]: "panelist link" for panelist in seated}
    return {told["join_url"]: "join link", told["start_url"]: "other", told["password"]: "passcode"} | links


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
