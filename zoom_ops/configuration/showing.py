"""The configuration as documents: what the files say, and what each running process has against it."""

from dataclasses import asdict
from typing import Any

from ..settings import Place
from ..store.configurations import Held
from .differences import compare
from .items import Fingerprint, items_of
from .reading import Configuration, Reading

Document = dict[str, Any]


def describe_files(reading: Reading, place: Place) -> Document:
    """Describe what the files say: settings, profiles, homes, jobs, words with their files; or the mistakes."""
    document: Document = {"mistakes": list(reading.mistakes)}
    if reading.configuration is None:
        return document
    return document | _describe(reading.configuration, place)


def describe_processes(
    reading: Reading, place: Place, processes: tuple[Held, ...], fingerprint: Fingerprint
) -> list[Document]:
    """Describe each running process: what it refused, and the differences; None where the files are wrong."""
    says = items_of(reading.configuration, place.variables, fingerprint) if reading.configuration else None
    return [
        {
            "process": held.process,
            "part": held.part,
            "read_at": held.read_at.isoformat(),
            "refused": held.refused,
            "differences": None if says is None else [asdict(one) for one in compare(held.items, says)],
        }
        for held in processes
    ]


def _describe(configuration: Configuration, place: Place) -> Document:
    items, config_dir = items_of(configuration, place.variables, lambda _whole: ""), configuration.settings.config_dir
    return {
        "settings_file": str(place.settings_file) if place.settings_file.exists() else None,
        "settings": [
            {"name": name, "value": item["value"], "given": item["given"], "live": item["live"]}
            for name, item in items["setting"].items()
        ],
        "accounts": sorted(configuration.settings.accounts),
        "profiles": [
            {"name": name, "file": str(config_dir / "profiles" / f"{name}.toml"), "values": dict(fields)}
            for name, fields in items["profile"].items()
        ],
        "homes": [
            {
                "name": name,
                "file": str(config_dir / "homes" / f"{name}.toml"),
                "values": {field: value for field, value in fields.items() if field != "digest"},
            }
            for name, fields in items["home"].items()
        ],
        "jobs": [
            {
                "name": name,
                "file": str(configuration.settings.jobs_dir / f"{name}.py"),
                **{field: fields[field] for field in ("every_s", "at", "zone", "turn")},
            }
            for name, fields in items["job"].items()
        ],
        "words": [
            {"language": code, "file": str(config_dir / "words" / f"{code}.toml"), "texts": len(texts)}
            for code, texts in items["words"].items()
        ],
    }
