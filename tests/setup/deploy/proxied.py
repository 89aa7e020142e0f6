"""The delivered configuration of nginx, run on free ports before a site, and clients with addresses of their own."""

import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from socket import create_connection, socket

from tests.certificate import write_certificate
from tests.loopback import free_port
from tests.root import ROOT
from tests.waiting import wait_until

HOST = "events.example.org"
_MAIN = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 8000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/zoom_ops.conf;
}}
"""
_TRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_TRUSTING.check_hostname, _TRUSTING.verify_mode = False, ssl.CERT_NONE


@dataclass(frozen=True, kw_only=True)
class Nginx:
    """A running nginx: its ports, and the folder with its logs."""

    http: int
    https: int
    folder: Path

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **options: object) -> "Answer":
        """Send a request by https as `open` does, and read the answer. An underscore in a header is a hyphen."""
        address, headers = str(options.pop("address", "127.0.0.1")), _named(options)
        connection = HTTPConnection(HOST)
        connection.sock = self.open(address)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def open(self, address: str = "127.0.0.1", name: str = HOST) -> ssl.SSLSocket:
        """Open a connection by https from an address of this machine, for a host."""
        return _TRUSTING.wrap_socket(_connect(self.https, address), server_hostname=name)

    def log(self) -> str:
        """Read all its logs."""
        return "".join(log.read_text("utf-8") for log in sorted(self.folder.glob("*.log")))


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status: int
    headers: HTTPMessage
    body: bytes


def write_configuration(folder: Path, service: int, http: int, https: int) -> Path:
    """Write what is delivered, with these ports and the paths of a folder; return the main file."""
    text = (ROOT / "deploy/nginx/zoom_ops.conf").read_text("utf-8")
    certificate = folder / "certificate.pem"
    write_certificate(certificate)
    for delivered, ours in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{service};"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl default_server;\n", ""),
        ("    listen [::]:443 ssl;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ", f"listen 127.0.0.1:{https} "),
        ("/var/cache/", f"{folder}/"),
        (" buffer=32k flush=1s", ""),  # a test reads it at once
        ("/var/log/nginx/", f"{folder}/"),
        (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(certificate)),
        (f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(certificate)),
    ):
        assert delivered in text
        text = text.replace(delivered, ours)
    (folder / "zoom_ops.conf").write_text(text.replace("listen 443 ssl;", f"listen 127.0.0.1:{https} ssl;"), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # so its children may enter the folder of the test
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user), "utf-8")
    return folder / "nginx.conf"


@contextmanager
def run_nginx(programs: Path, folder: Path, service: int, *, plain: int | None = None) -> Iterator[Nginx]:
    """Run nginx with what is delivered before a service on this port; without TLS, too, if a port for it is given."""
    http, https = free_port(), free_port()
    written = write_configuration(folder, service, http, https)
    if plain:
        site, by_tls = folder / "zoom_ops.conf", f"listen 127.0.0.1:{https} ssl;"
        site.write_text(site.read_text("utf-8").replace(by_tls, f"{by_tls} listen 127.0.0.1:{plain};"), "utf-8")
    process = subprocess.Popen([programs / "nginx", "-p", folder, "-e", folder / "start.log", "-c", written])
    nginx = Nginx(http=http, https=https, folder=folder)
    try:
        wait_until(lambda: process.poll() is not None or _listens(http))
        assert process.poll() is None, nginx.log()
        yield nginx
    finally:
        process.terminate()
        process.wait(timeout=60)


def _connect(port: int, address: str) -> socket:
    return create_connection(("127.0.0.1", port), timeout=60, source_address=(address, 0))


def _listens(port: int) -> bool:
    try:
        _connect(port, "127.0.0.1").close()
    except ConnectionRefusedError:
        return False
    return True


def _named(headers: dict[str, object]) -> dict[str, str]:
    return {name.replace("_", "-"): str(value) for name, value in headers.items()}
