"""Babel's data of a language: how days, numbers, lists and units are written in it."""

from copy import deepcopy

from babel import Locale, localedata


def open_locale(name: str) -> Locale:
    """Open a locale, with data that it shares with no other.

    Babel keeps what is the same in several locales once, and notes there what a reference in it led to: whoever
    writes a month first would decide how the others write it (python-babel's issue 1234, open in 2.18).
    """
    locale = Locale.parse(name)
    data = localedata.load(str(locale))  # the one dictionary that Babel has of it, and keeps
    data.update(deepcopy(data))
    return locale
