"""Settings: the only package that reads configuration, environment variables and files."""

from .files import load_profiles, load_words, read_input, read_logo
from .load import load_settings, shipped_folder
from .model import Settings, describe_values
from .secret_files import load_secret_keys
from .sign_in import OidcSettings

__all__ = [
    "OidcSettings",
    "Settings",
    "describe_values",
    "load_profiles",
    "load_secret_keys",
    "load_settings",
    "load_words",
    "read_input",
    "read_logo",
    "shipped_folder",
]
