"""Keys in addresses of recordings: whoever holds one opens one recording without an account here."""

from .addresses import BEGINS, find_key, hide_keys, hides_key, is_key, make_key, with_key, without_keys

__all__ = ["BEGINS", "find_key", "hide_keys", "hides_key", "is_key", "make_key", "with_key", "without_keys"]
