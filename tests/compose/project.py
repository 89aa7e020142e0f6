"""A separate folder for a compose project: the files as delivered, new secrets, an account at the practice Zoom."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from secrets import token_hex

from tests.acceptance.programme import HOSTS
from tests.root import ROOT

NAME = "zoom_ops_proof"
ZOOM_URL = "http://localhost:4100"  # as docker-compose.yml publishes the practice Zoom
_ACCOUNT = {
    "ACCOUNT_ID": "practice",
    "CLIENT_ID": "practice",
    "CLIENT_SECRET": "practice",
    "WEBHOOK_SECRET": "practice-only",  # the secret of the practice Zoom in docker-compose.yml
    "HOSTS": json.dumps(HOSTS),
    "API_URL": "http://sandbox:4100/v2",
    "OAUTH_URL": "http://sandbox:4100/oauth/token",
}
_AN_OPERATORS_OWN = shutil.ignore_patterns("settings.toml", "words", "__pycache__")


def make_project(folder: Path) -> None:
    """Copy the delivered files, and make the secrets and the settings of one account."""
    for name in ("config", "jobs"):
        shutil.copytree(ROOT / name, folder / name, ignore=_AN_OPERATORS_OWN)
    (folder / "deploy").mkdir()
    for name in ("docker-compose.yml", "deploy/make-secrets"):
        shutil.copy(ROOT / name, folder / name)
    subprocess.run([folder / "deploy" / "make-secrets"], check=True, capture_output=True)
    account = [f"ZOOM_OPS_ACCOUNTS__MAIN__{name}='{value}'\n" for name, value in _ACCOUNT.items()]
    hosts = "ZOOM_OPS_ALLOWED_HOSTS='[\"web\"]'\n"  # so the practice Zoom calls them
    token = f"ZOOM_OPS_METRICS_TOKEN={token_hex(16)}\n"  # for the reason at /ready
    (folder / "zoom_ops.env").write_text("".join((*account, hosts, token)), "utf-8")


def variables(outer: Mapping[str, str], ports: tuple[int, int]) -> dict[str, str]:
    """Build the environment variables of the compose command: both webs on these ports of this machine."""
    chosen = {
        "COMPOSE_PROJECT_NAME": NAME,
        "COMPOSE_PROFILES": "cluster,practice",
        "PRACTICE_WEBHOOK": "http://web:8000/webhooks/zoom/main",
        "WEB_1_PORT": str(ports[0]),
        "WEB_2_PORT": str(ports[1]),
        "ZOOM_OPS_BASE_URL": f"http://localhost:{ports[0]}",
    }
    return {name: value for name, value in outer.items() if not name.startswith("ZOOM_OPS_")} | chosen


def choose_images(folder: Path, images: Mapping[str, str]) -> None:
    """Set the image of each of these services for its next container."""
    services = {service: {"image": image} for service, image in images.items()}
    (folder / "docker-compose.override.yml").write_text(json.dumps({"services": services}), "utf-8")


def copy_sources(folder: Path, version: str) -> None:
    """Copy the sources of an image, with another version."""
    for path in _built_from():
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, folder / path.name)
    package = folder / "zoom_ops" / "__init__.py"
    lines = package.read_text("utf-8").splitlines()
    named = [f'__version__ = "{version}"' if line.startswith("__version__") else line for line in lines]
    assert named != lines, f"{package} names no version"
    package.write_text("\n".join(named) + "\n", "utf-8")


def _built_from() -> Iterable[Path]:
    """List the paths that .dockerignore admits, and the two files that control the build."""
    patterns = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    yield from (ROOT / line.removeprefix("!") for line in patterns if line.startswith("!"))
    yield from (ROOT / ".dockerignore", ROOT / "Dockerfile")
