"""Settings: the only package that reads configuration, environment variables and files."""

from .describe import SettingRow, describe_settings, describe_values
from .files import load_profiles, load_words, read_input, read_logo
from .load import load_settings, shipped_folder
from .model import AccountSettings, Settings
from .secret_keys import load_secret_keys
from .sign_in import OidcSettings

__all__ = [
    "AccountSettings",
    "OidcSettings",
    "SettingRow",
    "Settings",
    "describe_settings",
    "describe_values",
    "load_profiles",
    "load_secret_keys",
    "load_settings",
    "load_words",
    "read_input",
    "read_logo",
    "shipped_folder",
]
