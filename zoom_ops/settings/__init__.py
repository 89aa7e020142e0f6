"""Settings: the only package that reads configuration, environment variables and files."""

from .account import AccountSettings
from .answers import check_name, check_text, check_value
from .files import load_profiles, load_words, read_input, read_logo
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
from .load import load_settings, shipped_folder
from .model import Settings, describe_values
from .secret_files import load_secret_keys
from .sign_in import OidcSettings
from .template import AccountDraft, SettingsDraft, settings_text

__all__ = [
    "AccountDraft",
    "AccountSettings",
    "OidcSettings",
    "Places",
    "Settings",
    "SettingsDraft",
    "check_name",
    "check_text",
    "check_value",
    "describe_values",
    "find_overriding",
    "find_places",
    "find_secret",
    "load_profiles",
    "load_secret_keys",
    "load_settings",
    "load_words",
    "read_input",
    "read_logo",
    "refuse_existing",
    "refuse_unwritable",
    "settings_text",
    "shipped_folder",
    "write_first_files",
    "write_new",
]
