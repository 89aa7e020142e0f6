"""Write docs/configuration.md from the settings and the profiles: `python -m tests.docs.write_configuration`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from tests.root import ROOT
from zoom_ops.explain import iter_fields
from zoom_ops.homes import KINDS, HomeSettings, Rule, settings_of, title_of
from zoom_ops.profiles import WEBINAR_FIELDS, Profile
from zoom_ops.profiles.webinar_settings import WebinarSettings
from zoom_ops.settings.homes import ENV_ENDING
from zoom_ops.settings.model import iter_settings, variable
from zoom_ops.settings.secret_files import FILE_ENDING

PAGE = ROOT / "docs" / "configuration.md"

TEXT = """\
# Configuration

*Written by `python -m tests.docs.write_configuration` from the settings themselves; a test keeps it true.*

A setting is an environment variable that begins with `ZOOM_OPS_`, or a key in `config/settings.toml`, where
`ZOOM_OPS_POLL_S` is called `poll_s`. A variable has priority over the file. An empty variable counts as not set. A
misspelt name prevents the start, and the message names the nearest valid one. Start from
`config/settings.example.toml`.

A secret may also be in a file of its own: `ZOOM_OPS_SECRET_KEY_FILE=/run/secrets/key`, or
`secret_key_file = "/run/secrets/key"` in `settings.toml`. The same holds for the secrets of accounts and webhooks.
Relative paths start at the folder in which the service starts.

The accounts with their secrets in files, `default_account` and `jobs_dir` of `settings.toml` are **live**: a running
daemon takes a change in by itself, as it does with profiles, homes, words and job files
([how](operating.md#change-the-configuration)). Every other setting, and every variable, counts after a restart.
`zoom-ops config check` finds the mistakes of all files, `zoom-ops config diff` says what a daemon has against them.

## The service

{service}

## Zoom accounts

Each account has one group of settings, under a name of your choice: `ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_ID`, or
`client_id` in the table `[accounts.main]` of `settings.toml`. Zoom sends the notifications of this account to
`<BASE_URL>/webhooks/zoom/main`. Without any account the service serves the pages and calls no Zoom API.

{accounts}

## Sign-in through a provider

People can sign in with an account that they have elsewhere
([how](deploying.md#let-people-sign-in-through-your-provider)). Set `ZOOM_OPS_OIDC__CLIENT_ID`, or `client_id` in the
table `[oidc]` of `settings.toml`, and so on. Without these settings people sign in with a password of this service.

{oidc}

## Webhooks

Webhooks tell other systems what happens ([how](api.md#webhooks)). Each webhook has one group of settings, under a name
of your choice: `ZOOM_OPS_WEBHOOKS__CMS__URL`, or `url` in the table `[webhooks.cms]` of `settings.toml`. No other
system gets messages.

{webhooks}

## Waits

These settings say how long the service waits, and for what. The defaults suit Zoom; tests shorten them.

{waits}

## Profiles

A profile describes how a kind of webinar is held. It is a file in `config/profiles/`, named after the profile:
`town-hall.toml` is the profile of events with `profile: town-hall`. Events that name no profile have `default`. A
profile inherits nothing from another one. For a misspelt key or an invalid value the message names file and line.

{profile}

### `[settings]`: settings of the webinar at Zoom

The names are Zoom's own. A setting that a profile leaves out keeps the value of the host's account. A name with a dot
belongs to a table: `question_and_answer.enable` is `enable` in `[settings.question_and_answer]`.

{webinar}

{refused}

### `[drift]`: who wins

If somebody changes a webinar at Zoom, the service changes it back: this is `"ours"`, the default. A line such as
`agenda = "zoom"` keeps the change. The names are {fields},
and those of `[settings]`. A table covers all its settings
(`question_and_answer = "zoom"`), and `settings = "zoom"` covers all settings. The most specific line wins.

## Homes

A home is another system in which event records live: what is entered there becomes an event here, and links of
recordings are written back. Each home is a file in `config/homes/`, named after the home: `config/homes/city.toml` is
the home `city`. Its name is of small letters and digits, with `-` between them. Homes are live, as profiles are.
[homes.md](homes.md) says how to set one up.

A secret does not stand in the file. Name the file that holds it (`token_file = "/run/secrets/city_token"`) or the
environment variable (`token_env = "CITY_TOKEN"`), whose name does not begin with `ZOOM_OPS_`. Relative paths start at
the folder in which the service starts, as those of accounts do.

Every kind of home has these keys:

{home}

### `[[rules]]` of a home

The first rule with a label of the record counts. It decides about records that are new here.

{rule}
{kinds}"""


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    """A setting: its variable, its default and its meaning."""

    name: str
    default: str
    meaning: str
    secret: bool = False


def write_page() -> str:
    """Render the whole page."""
    rows = describe_settings()
    waits = [row for row in rows if row.name.endswith("_S")]
    accounts, webhooks = ([row for row in rows if f"_{name}__<NAME>" in row.name] for name in ("ACCOUNTS", "WEBHOOKS"))
    oidc = [row for row in rows if "_OIDC__" in row.name]
    options = [(name, field) for name, field in iter_fields(Profile) if name not in ("name", "settings", "drift")]
    return TEXT.format(
        service=_settings_table(row for row in rows if row not in (*waits, *accounts, *webhooks, *oidc)),
        accounts=_settings_table(accounts),
        oidc=_settings_table(oidc),
        webhooks=_settings_table(webhooks),
        waits=_settings_table(waits),
        profile=_table(
            ("key", "value", "default", ""),
            ((f"`{name}`", _values(field), _default(field), field.description or "") for name, field in options),
        ),
        webinar=_table(
            ("setting", "value", ""),
            ((f"`{name}`", _values(field), field.description or "") for name, field in iter_fields(WebinarSettings)),
        ),
        refused=_refused(),
        fields=", ".join(f"`{name}`" for name in WEBINAR_FIELDS),
        home=_home_table(HomeSettings.model_fields),
        rule=_home_table(Rule.model_fields),
        kinds="".join(_kind(kind) for kind in KINDS),
    )


def describe_settings() -> tuple[SettingRow, ...]:
    """Describe every setting in the order of declaration, with the groups of `SEVERAL` last."""
    also = f" A secret: may also come from a file, named by `…{FILE_ENDING.upper()}`."
    return tuple(
        SettingRow(
            name=variable(path),
            default=_default_of_setting(field),
            meaning=f"{field.description}{'' if field.repr else also}",
            secret=not field.repr,
        )
        for path, field in iter_settings()
    )


def _default_of_setting(field: FieldInfo) -> str:
    extra: Any = field.json_schema_extra
    if extra:
        return str(extra["default"])
    if field.is_required():
        return "needed"
    if field.default in ((), None):
        return "none"
    return f"`{field.default}`"


def _settings_table(rows: Iterable[SettingRow]) -> str:
    return _table(("variable", "default", ""), ((f"`{row.name}`", row.default, row.meaning) for row in rows))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _kind(kind: str) -> str:
    """Return the section of a kind of home, with the keys that only it has."""
    own = {
        name: field for name, field in settings_of(kind).model_fields.items() if name not in HomeSettings.model_fields
    }
    return f'\n### `kind = "{kind}"`: {title_of(kind)}\n\n{_home_table(own)}\n'


def _home_table(fields: Mapping[str, FieldInfo]) -> str:
    return _table(("key", "default", ""), (_home_row(name, field) for name, field in fields.items()))


def _home_row(name: str, field: FieldInfo) -> tuple[str, str, str]:
    """Return the row of a key of a home; a secret is only named."""
    default = "needed" if field.is_required() else _default_of_key(field)
    if not field.repr:
        return f"`{name}{FILE_ENDING}` or `{name}{ENV_ENDING}`", default, f"{field.description} A secret."
    return f"`{name}`", default, field.description or ""


def _default_of_key(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if default in ((), None, ""):
        return "none"
    if isinstance(default, BaseModel | dict | tuple):
        return f"`{default.model_dump() if isinstance(default, BaseModel) else default}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _values(field: FieldInfo) -> str:
    """Return the values that a field takes."""
    schema: dict[str, Any] = TypeAdapter(Annotated[field.annotation, field]).json_schema()
    schema = next((part for part in schema.get("anyOf", ()) if part["type"] != "null"), schema)
    inner = schema.get("items", {})
    if schema["type"] == "array":
        return f"a list of {_choices(inner['enum'])}" if "enum" in inner else "a list of texts"
    if "enum" in schema:
        return _choices(schema["enum"])
    names = {"boolean": "true or false", "integer": "a number", "string": "a text"}
    limits = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    if "maxLength" in schema:
        limits.append(f"of at most {schema['maxLength']} characters")
    return " ".join((names[schema["type"]], *limits))


def _choices(values: Iterable[object]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, tuple):
        return _choices(field.default)
    return f"`{str(field.default).lower()}`"


def _refused() -> str:
    """Return the fields of Zoom that a profile may not set, with the reasons."""
    lines = [f"- `{name}`: {field.deprecated}" for name, field in iter_fields(WebinarSettings, refused=True)]
    return "\n".join(("Zoom has these, too, and a profile may not set them:", "", *lines))


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
