"""The token endpoint: it issues bearer tokens that are valid for one hour."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import parse_qsl

from .account import Account
from .calls import Call, Json, Refusal, Reply
from .contract import Operation, default_scopes

TOKEN_LIFE = timedelta(seconds=3600)


class OAuthRefusal(Exception):
    """An error reply of the token endpoint, in its own form `{reason, error}`."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error, self.reason = error, reason

    def reply(self) -> Reply:
        """Build the error reply."""
        return Reply(status=400, body={"reason": self.reason, "error": self.error})


def issue_token(account: Account, call: Call) -> Json:
    """Answer `POST /oauth/token`."""
    client_id = _check_client(account, call)
    form = _read_form(call)
    if form.get("grant_type") != "account_credentials":
        raise OAuthRefusal("unsupported_grant_type", "unsupported grant type")
    account_id = account.options.credentials[2] if account.options.credentials else form.get("account_id")
    if not account_id or form.get("account_id") != account_id:
        raise OAuthRefusal("invalid_request", "Bad Request")
    if not account.options.credentials:
        account.account_id = account_id
    header = json.dumps({"sv": "000002", "alg": "HS512", "v": "2.0", "kid": account.names.file_id()})
    encoded = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
    token = account.names.secret(f"{encoded}.{account.names.opaque(460)}.{account.names.opaque(86)}")
    scopes = account.options.scopes or default_scopes()
    account.tokens[token] = {
        "client_id": client_id,
        "at": account.now().timestamp(),
        "expires_at": (account.now() + TOKEN_LIFE).timestamp(),
        "revoked": False,
        "scopes": scopes,
    }
    return {
        "access_token": token,
        "token_type": "bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "scope": " ".join(_broadened(scopes) if account.policy.app.broad_scopes else scopes),
        "api_url": call.base,
    }


def revoke_token(account: Account, call: Call) -> Json:
    """Answer `POST /oauth/revoke`."""
    _check_client(account, call)
    token = account.tokens.get(_read_form(call).get("token", ""))
    if token is None:
        raise OAuthRefusal("invalid_request", "Bad Request")
    token["revoked"] = True
    return {"status": "success"}


def check_bearer(account: Account, call: Call, operation: Operation) -> None:
    """Check the bearer token. Raise `Refusal` if it is unknown, revoked, expired, or may not do the operation."""
    scheme, _, text = call.headers.get("authorization", "").partition(" ")
    token = account.tokens.get(text.strip()) if scheme.lower() == "bearer" else None
    if token is None or token["revoked"]:
        raise Refusal(401, 124, "Invalid access token.")
    if token["expires_at"] <= account.now().timestamp():
        raise Refusal(401, 124, "Access token is expired.")
    if not account.policy.app.admits(call.address):
        raise Refusal(403, 403, f"The IP address {call.address} is not on the account's allowlist.")
    if not set(token["scopes"]) & set(operation.scopes):
        scope = operation.missing_scope
        raise Refusal(400, 4711, f"Invalid access token, does not contain scopes:[{scope}].")
    if operation.right in account.policy.app.lacks_rights:
        raise Refusal(400, 200, "No permission.")


def _broadened(scopes: Iterable[str]) -> list[str]:
    """Return scopes as Zoom may name them in a token: one to read and one to write webinars, in place of all others."""
    told: dict[str, None] = {}
    for scope in scopes:
        kind, verb, what = f"{scope}::".split(":")[:3]
        is_granular = kind == "webinar" and what not in ("", "admin", "master")
        told[f"webinar:{'read' if verb == 'read' else 'write'}:webinar:admin" if is_granular else scope] = None
    return [*told]


def _check_client(account: Account, call: Call) -> str:
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        pair = ""
    client_id, _, secret = pair.partition(":")
    expected = account.options.credentials
    is_valid = (client_id, secret) == expected[:2] if expected else bool(client_id and secret)
    if not is_valid:
        raise OAuthRefusal("invalid_client", "Invalid client_id or client_secret")
    return client_id


def _read_form(call: Call) -> dict[str, str]:
    """Parse form fields from the body and the query; Zoom accepts both. With a JSON body there are none."""
    if "json" in call.headers.get("content-type", "") and call.body:
        return {}
    return {**call.query, **dict(parse_qsl(call.body.decode("utf-8", "replace")))}
