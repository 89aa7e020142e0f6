"""Run the sign-in provider of the tests: a Django application with OpenID Connect, with the cast as its users.

It prints its address once it is ready. `POST /tests/settings` sets where it may send browsers back to, which claim is
wrong, and how slow it is. `POST /tests/logout` says that somebody signed out, as back-channel logout has it, which
Django OAuth Toolkit does not know. The rest is not our code.
"""

import json
import logging
import sys
import time
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from joserfc.jwk import RSAKey

from tests.provider.cast import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERS
from tests.provider.logout import make_logout_token

LOGIN = "<form method=post>{% csrf_token %}{{ form.as_p }}<button>Log in</button></form>"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Do nothing."""


def configure(folder: Path) -> None:
    """Configure Django in this process."""
    settings.configure(
        SECRET_KEY="tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.db"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick: no test is about passwords
        ROOT_URLCONF="__main__",
        LOGIN_URL="/login",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN}),
                        "django.template.loaders.app_directories.Loader",
                    ],
                    "context_processors": ["django.contrib.auth.context_processors.auth"],
                },
            }
        ],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": make_key(),
            "OAUTH2_VALIDATOR_CLASS": "tests.provider.validator.Validator",
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "", "profile": "", "email": ""},
        },
    )
    django.setup()
    logging.disable(logging.CRITICAL)


def make_key() -> str:
    """Make the key that the provider signs with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def fill() -> None:
    """Add the cast as users, and register this service as a client."""
    from django.contrib.auth.models import Group, User
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name, (full_name, groups) in USERS.items():
        first, _, last = full_name.partition(" ")
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, first_name=first, last_name=last)
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    Application.objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        algorithm="RS256",
        skip_authorization=True,
        redirect_uris="http://127.0.0.1/",
    )


def change_settings(request: HttpRequest) -> HttpResponse:
    """Change the settings that tests may change."""
    from oauth2_provider.models import Application

    from tests.provider.validator import wishes

    changes = json.loads(request.body)
    if "redirect_uri" in changes:
        Application.objects.update(redirect_uris=changes.pop("redirect_uri"))
    wishes.clear()
    wishes.update(changes)
    return HttpResponse()


def tell_sign_out(request: HttpRequest) -> HttpResponse:
    """Make a logout token about a user, with `header` and `claims` as the test has them; send it to `to`, if any."""
    from django.contrib.auth.models import User
    from oauth2_provider.settings import oauth2_settings
    from oauth2_provider.utils import jwk_from_pem

    wanted, pem = json.loads(request.body), settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"]
    user = User.objects.get(username=wanted["login"])
    claims = {"iss": oauth2_settings.oidc_issuer(request), "sub": str(user.pk), "iat": int(time.time())}
    key = RSAKey.import_key(pem, {"kid": jwk_from_pem(pem).thumbprint()})
    token = make_logout_token(key, wanted.get("header", {}), claims | wanted.get("claims", {}))
    if to := wanted.get("to"):
        return HttpResponse(requests.post(to, data={"logout_token": token}, timeout=60).status_code)
    return HttpResponse(token)


def slowly(application: Any) -> Any:
    """Delay answers by the time that a test has set."""
    from tests.provider.validator import wishes

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith("/o/"):
            time.sleep(wishes.get("seconds", 0))
        return application(environ, start_response)

    return answer


def main(folder: Path) -> None:
    """Serve until the process is ended."""
    configure(folder)
    fill()
    from django.contrib.auth.views import LoginView

    urlpatterns.extend(
        [
            path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
            path("login", LoginView.as_view()),
            path("tests/settings", csrf_exempt(change_settings)),
            path("tests/logout", csrf_exempt(tell_sign_out)),
        ]
    )
    with make_server("127.0.0.1", 0, slowly(WSGIHandler()), server_class=Server, handler_class=Silent) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


urlpatterns: list[object] = []

if __name__ == "__main__":
    main(Path(sys.argv[1]))
