"""Profiles are read as written, and an invalid value is reported with its line."""

import pytest
from pydantic import BaseModel

from tests.openapi.descriptions import SOURCES, load_description
from tests.root import ROOT
from zoom_ops.errors import BadInputError
from zoom_ops.profiles import Profile, WebinarSettings, parse_profile
from zoom_ops.webinars import nest_settings

LIMITS = ("enum", "minimum", "maximum", "maxLength")


def wrong(text: str) -> str:
    with pytest.raises(BadInputError) as caught:
        parse_profile(text, "panel.toml")
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_profile_is_read_as_written_and_named_as_its_file() -> None:
    text = 'buffer_minutes = 30\nrecording_types = ["gallery_view"]\n[settings]\nauto_recording = "cloud"\n'
    text += '[settings.question_and_answer]\nenable = true\n[drift]\ntopic = "zoom"\n'

    profile = parse_profile(text, "config/profiles/panel.toml")

    assert profile == Profile(
        name="panel",
        buffer_minutes=30,
        recording_types=("gallery_view",),
        settings=(("auto_recording", "cloud"), ("question_and_answer.enable", True)),
        drift=(("topic", "zoom"),),
    )


def test_profile_that_says_nothing_asks_zoom_for_nothing() -> None:
    profile = parse_profile("", "empty.toml")

    assert profile == Profile(name="empty")
    assert profile.settings == ()


@pytest.mark.parametrize("name", ["default", "panel", "lecture"])
def test_profile_that_ships_records_practises_and_answers_questions(name: str) -> None:
    file = ROOT / "config" / "profiles" / f"{name}.toml"

    settings = nest_settings(parse_profile(file.read_text(), str(file)).settings)

    assert settings["auto_recording"] == "cloud"
    assert settings["practice_session"] is True
    assert settings["question_and_answer"]["enable"] is True
    assert settings["language_interpretation"]["enable"] is False
    assert settings["approval_type"] == 2
    assert settings["panelists_invitation_email_notification"] is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("buffer_minute = 3", "1: There is no key 'buffer_minute'. Did you mean 'buffer_minutes'?"),
        ("\n[setings]\n", "2: There is no key 'setings'. Did you mean 'settings'?"),
        ('[settings]\nauto_recordin = "cloud"', "2: There is no key 'auto_recordin'. Did you mean 'auto_recording'?"),
        ("[settings.question_and_answer]\nenabled = true", "2: There is no key 'enabled'. Did you mean 'enable'?"),
        ("[settings]\nquestion_and_answer.enabled = true", "2: There is no key 'enabled'. Did you mean 'enable'?"),
        (
            '[settings]\nauto_recording = "cluod"',
            "2: auto_recording: expected 'cloud', 'local' or 'none', not 'cluod'.",
        ),
        ('[settings]\npractice_session = "yes"', "2: practice_session: expected true or false, not 'yes'."),
        ("[settings]\napproval_type = true", "2: approval_type: expected a whole number, not true."),
        ("[settings]\napproval_type = 3", "2: approval_type: expected 0, 1 or 2, not 3."),
        ("[settings]\nregistrants_restrict_number = 20001", "2: registrants_restrict_number: expected 20000 or less"),
        ("[settings]\nsurvey_url = 7", "2: survey_url: expected a text in quotes, not 7."),
        ("[settings]\nglobal_dial_in_countries = 'US'", "2: global_dial_in_countries: expected a list such as"),
        ("[settings]\nquestion_and_answer = 1", "2: question_and_answer: expected a table of keys and values, not 1."),
        ("[settings]\nenforce_login = true", "2: enforce_login: Zoom has deprecated it: use meeting_authentication."),
        (
            "[settings.language_interpretation]\nenable = true\ninterpreters = [{email = 'kim@example.org'}]",
            "3: language_interpretation.interpreters: interpreters belong to the event",
        ),
        (
            "[settings]\nregistrants_confirmation_email = true",
            "1: registrants_confirmation_email needs registrants_email_notification = true.",
        ),
        ("practice_session = true", "1: practice_session is a setting of the webinar: it belongs under [settings]."),
        ("settings = 3", "1: settings: expected a table, begun by [settings]."),
        ("buffer_minutes = -1", "1: buffer_minutes: expected 0 or more, not -1."),
        ('review = "maybe"', "1: review: expected 'none' or 'required', not 'maybe'."),
        ('recording_types = [\n  "galery_view",\n]', "1: recording_types.0: expected 'shared_screen_with_speaker_view"),
        ('[drift]\ntopic = "us"', "2: drift.topic: expected 'ours' or 'zoom', not 'us'."),
        ('[drift]\ntopik = "zoom"', "2: [drift] knows no field 'topik'. Did you mean 'topic'?"),
        ('name = "panel"', "1: A profile is called as its file is: take this line out."),
        ("buffer_minutes = 15\nreview = none", "2: This is not TOML: invalid value."),
        ('agenda = """\nbuffer_minutes = 15\n', "2: This is not TOML: "),
    ],
)
def test_profile_names_file_line_and_what_was_expected(text: str, message: str) -> None:
    complaint = wrong(text)

    assert complaint.startswith(f"panel.toml:{message}")


def test_profile_names_the_first_of_several_faults() -> None:
    complaint = wrong("[settings]\nhost_video = true\npractice_session = 1\n\n# more\naudio = 'morse'\n")

    assert complaint.startswith("panel.toml:3: practice_session:")


def test_profile_counts_lines_across_long_texts_and_lists() -> None:
    text = '[settings]\naudio_conference_info = """\nDial\nin = now\n"""\nglobal_dial_in_countries = [\n "US",\n]\n'
    text += "audio = 1"

    complaint = wrong(text)

    assert complaint.startswith("panel.toml:9: audio:")


def test_owner_is_ours_unless_the_profile_says_zoom() -> None:
    profile = parse_profile('[drift]\nagenda = "zoom"\nquestion_and_answer = "zoom"\naudio = "zoom"', "panel.toml")

    assert profile.owner("agenda") == "zoom"
    assert profile.owner("topic") == "ours"
    assert profile.owner("question_and_answer.enable") == "zoom"
    assert profile.owner("settings.question_and_answer.enable") == "zoom"
    assert profile.owner("auto_recording") == "ours"


def test_owner_of_all_settings_yields_to_the_nearer_word() -> None:
    profile = parse_profile('[drift]\nsettings = "zoom"\nauto_recording = "ours"', "panel.toml")

    assert profile.owner("practice_session") == "zoom"
    assert profile.owner("settings.practice_session") == "zoom"
    assert profile.owner("auto_recording") == "ours"
    assert profile.owner("topic") == "ours"


@pytest.mark.parametrize("source", SOURCES)
def test_settings_are_those_of_zooms_create_call(source: str) -> None:
    create = load_description(source).request_body("POST", "/users/{userId}/webinars")

    assert our_fields(WebinarSettings) == their_fields(create["properties"]["settings"])


def our_fields(model: type[BaseModel], above: str = "") -> dict[str, object]:
    """Map dotted names to type and limits, as JSON Schema describes them; a refused field has only its name."""
    fields: dict[str, object] = {}
    properties = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        inner = next((part for part in getattr(field.annotation, "__args__", ()) if is_model(part)), None)
        if inner is not None:
            fields |= our_fields(inner, f"{above}{name}.")
        else:
            fields[above + name] = "refused" if field.deprecated else shape(bare(properties[name]))
    return fields


def their_fields(schema: dict[str, object], above: str = "") -> dict[str, object]:
    fields: dict[str, object] = {}
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for name, part in properties.items():
        if part["type"] == "object":
            fields |= their_fields(part, f"{above}{name}.")
        else:
            refused = part.get("deprecated") or name == "interpreters"
            fields[above + name] = "refused" if refused else shape(part)
    languages = "en-US de-DE es-ES fr-FR id-ID jp-JP nl-NL pl-PL pt-PT ru-RU tr-TR zh-CN zh-TW ko-KO it-IT vi-VN"
    if not above:  # Zoom lists the languages only in the field's description
        fields["email_language"] = ("string", ("enum", tuple(sorted(languages.split()))))
    return fields


def shape(schema: dict[str, object]) -> object:
    limits = ((key, schema[key]) for key in LIMITS if key in schema)
    ordered = ((key, tuple(sorted(limit, key=str)) if isinstance(limit, list) else limit) for key, limit in limits)
    return (schema["type"], *ordered)


def bare(schema: dict[str, object]) -> dict[str, object]:
    parts = schema.get("anyOf", [])
    assert isinstance(parts, list)
    return next((part for part in parts if part.get("type") != "null"), schema)


def is_model(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)
