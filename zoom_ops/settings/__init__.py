"""Settings: the only package that reads configuration, environment variables and files."""

from .account import AccountSettings
from .answers import check_name, check_text, check_value
from .files import (
    check_profiles,
    list_profiles,
    list_words,
    load_profile,
    load_profiles,
    load_word_file,
    load_words,
    read_input,
    read_logo,
)
from .first_files import (
    Places,
    find_overriding,
    find_places,
    find_secret,
    refuse_existing,
    refuse_unwritable,
    write_first_files,
    write_new,
)
from .homes import (
    check_homes,
    describe_home,
    home_text,
    list_homes,
    load_home,
    load_homes,
    secret_files_of,
    secret_variables_of,
)
from .load import Place, load_settings, names_secret, read_settings, sets_secret, shipped_folder
from .model import Settings
from .secret_files import find_secret_keys, load_secret_keys
from .shown import LIVE, describe_values, list_values
from .sign_in import OidcSettings
from .template import AccountDraft, SettingsDraft, settings_text

__all__ = [
    "LIVE",
    "AccountDraft",
    "AccountSettings",
    "OidcSettings",
    "Place",
    "Places",
    "Settings",
    "SettingsDraft",
    "check_homes",
    "check_name",
    "check_profiles",
    "check_text",
    "check_value",
    "describe_home",
    "describe_values",
    "find_overriding",
    "find_places",
    "find_secret",
    "find_secret_keys",
    "home_text",
    "list_homes",
    "list_profiles",
    "list_values",
    "list_words",
    "load_home",
    "load_homes",
    "load_profile",
    "load_profiles",
    "load_secret_keys",
    "load_settings",
    "load_word_file",
    "load_words",
    "names_secret",
    "read_input",
    "read_logo",
    "read_settings",
    "refuse_existing",
    "refuse_unwritable",
    "secret_files_of",
    "secret_variables_of",
    "sets_secret",
    "settings_text",
    "shipped_folder",
    "write_first_files",
    "write_new",
]
