"""What each command does at its start, done once before the first fork: read files, build commands and routes."""

import gc
from unittest.mock import Mock

import typer.main

from tests.setup.once.commands import build_once
from zoom_ops.cli.main import app
from zoom_ops.web.app import create_app
from zoom_ops.web.i18n.catalogs import load_languages

load_languages()
build_once()
typer.main.get_command(app)
nothing = Mock(base_url="", cors_origins=(), **{"identity.database.engine.dialect.name": "sqlite"})
create_app(nothing).routes[-1].routes  # noqa: B018  # the API, too. FastAPI keeps what it builds for the routes of each router
gc.freeze()  # the garbage collector of each fork then skips the imported modules
