"""The types of the values of settings."""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from ..alerting.hours import parse_quiet, parse_time
from ..licence import check_licence
from ..monitor.address import parse_monitor
from ..signing import one_or_list
from ..telemetry import check_endpoint, parse_headers
from ..zones import find_zone

LanguageCode = Literal["en", "fr", "es", "ar", "zh", "ru"]
LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)
Network = Literal["linkedin", "whatsapp", "bluesky", "facebook", "telegram", "x"]  # where a page may be shared


def one_a_line(given: Any) -> Any:
    """Parse a JSON list, or lines; empty lines and those that begin with # do not count."""
    if not isinstance(given, str) or given.lstrip().startswith("["):
        return one_or_list(given)
    lines = (line.strip() for line in given.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _zone(name: str) -> str:
    return find_zone(name).key


def _digest_time(text: str) -> str:
    if text.strip().lower() in ("", "off"):
        return "off"
    return parse_time(text).strftime("%H:%M")


def _quiet_hours(text: str) -> str:
    if text.strip():
        parse_quiet(text)
    return text.strip()


def _some(languages: tuple[str, ...]) -> tuple[str, ...]:
    if not languages:
        raise ValueError("expected at least one language.")
    return languages


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _user_addresses(hosts: tuple[str, ...]) -> tuple[str, ...]:
    strange = [host for host in hosts if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+", host)]
    if strange:
        raise ValueError(f"expected e-mail addresses of Zoom users, and {strange[0]!r} is none.")
    return tuple(dict.fromkeys(host.lower() for host in hosts))


def _origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    site = re.compile(r"\*|https?://(\*\.)?[a-z0-9.-]+(:[0-9]{1,5})?")
    strange = [origin for origin in origins if not site.fullmatch(origin)]
    if strange:
        raise ValueError(f"expected sites such as https://www.example.org, or * for all, and {strange[0]!r} is none.")
    return origins


def _host_names(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not re.fullmatch(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", name):
            raise ValueError(f"expected hosts such as www.example.org, and {name!r} is none.")
    return names


def _contact(given: str) -> str:
    """Return the URI of a contact."""
    if re.fullmatch(r"[^\s@:/?&%]+@[^\s@:/?&%]+", given):
        return f"mailto:{given}"
    if not re.fullmatch(r"(mailto:[^\s@]+@|https://|tel:)[^\s]+", given):
        raise ValueError("expected an e-mail address, or an address that begins with https://.")
    return given


def _web_address(url: str) -> str:
    if not re.match(r"https?://[^\s/]+", url):
        raise ValueError("expected an address that begins with https:// or http://.")
    return url.rstrip("/")


def _monitor(url: SecretStr) -> SecretStr:
    parse_monitor(url.get_secret_value())
    return url


def _trace_headers(headers: SecretStr) -> SecretStr:
    parse_headers(headers.get_secret_value())
    return headers


def _own_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", name):
        raise ValueError(f"the name {name!r} must be of small letters and digits, with - or _ between them.")
    return name


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-f]{6}", text.lower()):
        raise ValueError("expected a colour such as #0a4d8c.")
    return text.lower()


def _host_and_port(listen: str) -> str:
    host, colon, port = listen.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65536):
        raise ValueError("expected host and port, such as 127.0.0.1:8000.")
    return listen


def _networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise ValueError(f"expected addresses or networks such as 10.0.0.0/8, and {network!r} is none.") from None
    return networks


Texts = Annotated[tuple[str, ...], BeforeValidator(one_or_list)]
Secret = Annotated[SecretStr, Field(min_length=1)]
LongSecret = Annotated[SecretStr, Field(min_length=16)]
Secrets = Annotated[tuple[Secret, ...], BeforeValidator(one_or_list)]
MonitorUrl = Annotated[Secret, AfterValidator(_monitor)]
TraceHeaders = Annotated[Secret, AfterValidator(_trace_headers)]
AlertTo = Annotated[tuple[Secret, ...], BeforeValidator(one_a_line)]
ContentLicence = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(check_licence)]
Zone = Annotated[str, AfterValidator(_zone)]
DigestTime = Annotated[str, AfterValidator(_digest_time)]
QuietHours = Annotated[str, AfterValidator(_quiet_hours)]
Hosts = Annotated[Texts, AfterValidator(_user_addresses)]
Address = Annotated[str, AfterValidator(_web_address)]
Contact = Annotated[str, Field(max_length=300), AfterValidator(_contact)]
TraceEndpoint = Annotated[Address, AfterValidator(check_endpoint)]
Languages = Annotated[
    tuple[LanguageCode, ...], BeforeValidator(one_or_list), AfterValidator(_some), AfterValidator(_each_once)
]
ShareOn = Annotated[tuple[Network, ...], BeforeValidator(one_or_list), AfterValidator(_each_once)]
Networks = Annotated[Texts, AfterValidator(_networks)]
Origins = Annotated[Texts, AfterValidator(_origins)]
HostNames = Annotated[Texts, AfterValidator(_host_names)]
Listen = Annotated[str, AfterValidator(_host_and_port)]
Colour = Annotated[str, AfterValidator(_colour)]
Days = Annotated[int, Field(ge=31, le=36_500)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
OwnName = Annotated[str, AfterValidator(_own_name)]
"""The name that an operator gives to an account or a webhook."""

AnyCase = BeforeValidator(lambda name: name.lower() if isinstance(name, str) else name)
