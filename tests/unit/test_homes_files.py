"""The files of homes: read with their secrets, and refused in a sentence that names file and line."""

import sys
from pathlib import Path

import pytest

from tests import homes_double
from tests.root import ROOT
from zoom_ops.configuration import describe_files, read_configuration, take_stamp
from zoom_ops.configuration.belongings import describe_moving
from zoom_ops.configuration.items import items_of
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.settings import Place, describe_home, home_text, load_home, load_homes

SECRET = "s3cret-never-shown"
HOOK, NEW_HOOK = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz", "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLW90aGVy"
HEAD = 'kind = "double"\nurl = "https://home.example.org"\n'


@pytest.fixture(autouse=True)
def double(monkeypatch: pytest.MonkeyPatch) -> None:
    homes_double.install(monkeypatch)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("jobs", "config/profiles", "config/homes"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "config" / "profiles" / "default.toml").write_text("[settings]\napproval_type = 2\n")
    (tmp_path / "token").write_text(f"{SECRET}\n")
    return Place(environ={"CITY_TOKEN": SECRET}, folder=tmp_path)


def write(place: Place, text: str, name: str = "city") -> Path:
    file = place.config_dir / "homes" / f"{name}.toml"
    file.write_text(text)
    return file


def refusal(place: Place, text: str, name: str = "city") -> str:
    file = write(place, text, name)
    with pytest.raises(BadInputError) as caught:
        load_home(file, place)
    sentence = str(caught.value)
    assert SECRET not in sentence + str(caught.value.__cause__)
    return sentence.removeprefix(f"{file.parent}/")


@pytest.mark.parametrize("reference", ['token_file = "token"', 'token_env = "CITY_TOKEN"'])
def test_home_has_its_secret_from_where_its_file_says(place: Place, reference: str) -> None:
    write(place, f'{HEAD}{reference}\n[[rules]]\nlabel = "webinar"\nprofile = "lecture"\n')

    home = load_homes(place.config_dir, place)["city"]

    assert isinstance(home, homes_double.Settings)
    assert home.token.get_secret_value() == SECRET
    assert (home.rules[0].label, home.rules[0].profile) == ("webinar", "lecture")
    assert SECRET not in repr(home)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("url = 1\n", 'city.toml: kind is missing: it names the system, such as kind = "indico"'),
        ('\nkind = "dubble"\n', "city.toml:2: kind: There is no kind of home 'dubble'. Did you mean 'double'?"),
        ('kind = ["double"]\n', "city.toml:1: kind: There is no kind of home ['double']."),
        (
            f'{HEAD}token = "{SECRET}"\n',
            'city.toml:3: token: a secret does not stand in this file. Instead, name the file that holds it, '
            'token_file = "…", or the environment variable, token_env = "…".',
        ),
        (HEAD, 'city.toml: token is missing: name the file that holds it, token_file = "…", or the environment'),
        (f'{HEAD}token_file = "nowhere"\n', "city.toml:3: token_file: "),
        (f'{HEAD}token_env = "NOWHERE"\n', "city.toml:3: token_env: the environment variable NOWHERE is not set."),
        (f'{HEAD}token_env = "ZOOM_OPS_X"\n', "city.toml:3: token_env: ZOOM_OPS_X begins as our own settings do"),
        (f'{HEAD}token_env = 3\n', "city.toml:3: token_env: expected the name of an environment variable, in quotes."),
        (
            f'{HEAD}token_file = "token"\ntoken_env = "CITY_TOKEN"\n',
            "city.toml:4: token_file and token_env are both there: take one of them out.",
        ),
        (
            f'{HEAD}token_file = "token"\nprotectd = "take"\n',
            "city.toml:4: There is no key 'protectd'. Did you mean 'protected'?",
        ),
        (
            'kind = "double"\nurl = "http://home.example.org"\ntoken_file = "token"\n',
            "city.toml: credentials would travel unencrypted",
        ),
    ],
)  # fmt: skip
def test_home_with_a_mistake_is_refused_at_its_line(place: Place, text: str, sentence: str) -> None:
    assert refusal(place, text).startswith(sentence)


def test_kind_that_cannot_be_loaded_is_a_mistake_of_its_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zoom_ops.homes.double", None)  # its import raises ImportError

    sentence = refusal(place, f'{HEAD}token_env = "CITY_TOKEN"\n')

    assert sentence.startswith("city.toml:1: kind: double cannot be loaded here: ")


@pytest.mark.parametrize("whom", ["bot:s3cret-never-shown", ":s3cret-never-shown"])
def test_address_with_a_password_is_refused(place: Place, whom: str) -> None:
    refusal(place, f'kind = "double"\nurl = "https://{whom}@home.example.org"\ntoken_env = "CITY_TOKEN"\n')


def test_home_has_the_name_of_its_file(place: Place) -> None:
    assert "'The City' is no such name" in refusal(place, f'{HEAD}token_file = "token"\n', "The City")


def test_configuration_lists_the_mistakes_of_all_homes(place: Place) -> None:
    write(place, HEAD)
    write(place, f'{HEAD}token_env = "NOWHERE"\n', "town")

    reading = read_configuration(place, lambda _language, _texts: None)

    assert reading.configuration is None
    assert [mistake.partition(": ")[0].rpartition("/")[2] for mistake in reading.mistakes] == [
        "city.toml",
        "town.toml:3",
    ]


def test_configuration_shows_a_home_without_its_secret(place: Place) -> None:
    write(place, f'{HEAD}token_file = "token"\n')
    reading = read_configuration(place, lambda _language, _texts: None)
    assert reading.configuration is not None

    (home,) = describe_files(reading, place)["homes"]

    assert (home["name"], home["values"]["token"], home["values"]["protected"]) == ("city", "set", "skip")
    assert SECRET not in str(items_of(reading.configuration, (), lambda whole: str(len(whole))))


def test_another_secret_of_a_home_is_a_difference(place: Place) -> None:
    def digest() -> object:
        reading = read_configuration(place, lambda _language, _texts: None)
        assert reading.configuration is not None
        return items_of(reading.configuration, (), str.upper)["home"]["city"]["digest"]

    write(place, f'{HEAD}token_file = "token"\n')
    before, stamp = digest(), take_stamp(place)
    (place.folder / "token").write_text("another one")

    assert digest() != before
    assert take_stamp(place) != stamp


def test_another_machine_needs_what_the_homes_name(place: Place) -> None:
    write(place, f'{HEAD}token_file = "token"\n')
    write(place, f'{HEAD.replace("home.", "town.")}token_env = "CITY_TOKEN"\n', "town")
    reading = read_configuration(place, lambda _language, _texts: None)
    assert reading.configuration is not None

    belongings = describe_moving(reading.configuration.settings, place, None)["belongings"]

    assert place.folder / "token" in [each.path for each in belongings if each.is_secret]
    assert any(each.path is None and "CITY_TOKEN" in each.note for each in belongings)


@pytest.mark.parametrize(("written", "secrets"), [(HOOK, [HOOK]), (f'["{HOOK}", "{NEW_HOOK}"]', [HOOK, NEW_HOOK])])
def test_home_has_one_secret_or_several_to_call_with(place: Place, written: str, secrets: list[str]) -> None:
    (place.folder / "hook").write_text(written)
    file = write(place, f'{HEAD}token_file = "token"\nhook_secret_file = "hook"\n')

    home = load_home(file, place)

    assert [secret.get_secret_value() for secret in home.hook_secret] == secrets
    assert describe_home(home) == (describe_home(home)[0] | {"hook_secret": "set"}, (*secrets, SECRET))
    assert not [secret for secret in secrets if secret in f"{home!r} {describe_home(home)[0]}"]


@pytest.mark.parametrize("written", ["whsec_short", SECRET, f'["{HOOK}", 1]', f'["{HOOK}"', "[]"])
def test_secret_to_call_with_is_refused_unseen(place: Place, written: str) -> None:
    (place.folder / "hook").write_text(written)

    sentence = refusal(place, f'{HEAD}token_file = "token"\nhook_secret_file = "hook"\n')

    assert sentence.startswith("city.toml:4: hook_secret")
    assert written not in sentence


@pytest.mark.parametrize(("name", "nearest"), [("indicoo", "indico"), ("drupall", "drupal")])
def test_example_of_an_unknown_kind_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(NotFoundError, match=f"Did you mean {nearest}"):
        home_text(name, ROOT / "config")
