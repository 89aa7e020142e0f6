"""`zoom-ops tokens`: API tokens of scripts."""

from typing import Annotated

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened_storage
from .output import AsJson, Cell, at, listed, print_json, print_list, print_result

app = Noun(name="tokens", help="List the tokens that scripts show to the API; add and revoke one.")

Scopes = Annotated[
    list[str] | None, typer.Option(metavar="SCOPE", help="What it is for, as `tokens scopes` lists; repeated.")
]
Life = Annotated[str, typer.Option(metavar="SPAN", help="How long it holds, as in 90d; or never.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is called, such as the script that has it.")]


Token = Annotated[str, typer.Argument(metavar="TOKEN", help="The token, as `tokens` lists it.")]


@app.command()
def add(name: Name, scope: Scopes = None, expires: Life = "90d", as_name: As = None, as_json: AsJson = False) -> None:
    """Add a token for a script, and print it. It is shown only once, and cannot be looked up later."""
    from ..identity import add_token
    from .spans import read_span

    life = None if expires == "never" else read_span(expires)
    with opened_storage() as storage:
        secret = add_token(storage.database, actor(as_name), name, scope or (), life)
    if as_json:
        return print_json({"name": name, "scopes": sorted(scope or ()), "token": secret})
    typer.echo(secret)
    return typer.echo("Keep it now: it is not shown again.", err=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the tokens: scopes, expiry, last use (to the hour)."""
    from ..identity import show_tokens

    with opened_storage() as storage:
        rows = show_tokens(storage.database)
    columns: dict[str, Cell] = {
        "token": "name",
        "for": listed("scopes"),
        "until (UTC)": at("expires"),
        "last used": at("used"),
        "made": at("created"),
        "by": "created_by",
    }
    empty = "There are no tokens: zoom-ops tokens add NAME --scope events:read"
    return print_list(rows, columns, as_json=as_json, empty=empty)


@app.command()
def scopes(as_json: AsJson = False) -> None:
    """List the scopes that a token can have."""
    from ..identity import Scope

    rows = [{"scope": str(scope), "meaning": scope.meaning} for scope in Scope]
    columns = {"scope": "scope", "what it lets a script do": "meaning"}
    return print_list(rows, columns, as_json=as_json, empty="")


@app.command()
def revoke(name: Token, as_name: As = None, as_json: AsJson = False) -> None:
    """Revoke a token. Requests with it are refused from now on."""
    from ..identity import revoke_token

    with opened_storage() as storage:
        revoke_token(storage.database, actor(as_name), name)
    return print_result({"name": name, "revoked": True}, f"Token {name} opens nothing any more.", as_json=as_json)
