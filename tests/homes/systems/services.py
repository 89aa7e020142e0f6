"""Services that more than one system needs, and the web server of those in Python."""

from collections.abc import Mapping

from tests.homes.systems.place import Place


def start_redis(place: Place) -> str:
    """Start a Redis that keeps nothing; return its address without a database number."""
    port = place.port()
    options = {"bind": "127.0.0.1", "port": port, "save": "", "appendonly": "no", "dir": place.folder}
    words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    process = place.run("redis", "redis-server", *words)
    place.wait_for_port("redis", process, port)
    return f"redis://127.0.0.1:{port}"


def start_gunicorn(place: Place, app: str, port: int, path: str, environ: Mapping[str, str]) -> str:
    """Serve a WSGI application; return its address once `path` is answered with success."""
    workers = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--bind", f"127.0.0.1:{port}")
    process = place.run("web", place.program("gunicorn"), *workers, app, environ=environ)
    url = f"http://127.0.0.1:{port}"
    place.wait_for_page("web", process, url + path)
    return url
