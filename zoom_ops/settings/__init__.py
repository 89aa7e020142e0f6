"""Settings: the only package that reads configuration, environment variables and files."""

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
from .load import Place, load_settings, read_settings, shipped_folder
from .model import Settings
from .secret_files import load_secret_keys
from .shown import LIVE, describe_values, list_values
from .sign_in import OidcSettings

__all__ = [
    "LIVE",
    "OidcSettings",
    "Place",
    "Settings",
    "check_profiles",
    "describe_values",
    "list_profiles",
    "list_values",
    "list_words",
    "load_profile",
    "load_profiles",
    "load_secret_keys",
    "load_settings",
    "load_word_file",
    "load_words",
    "read_input",
    "read_logo",
    "read_settings",
    "shipped_folder",
]
