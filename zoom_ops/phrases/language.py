"""The language of a text, guessed from its small words or its script."""

_SMALL_WORDS = {
    "en": "the and of for to in on with will is are by this from at a an that how do does not what as be we our you",
    "fr": "le la les des et du une est sur pour dans avec par aux cette au en de",
    "es": "el la los las del y una es sobre para con por en esta al se que de",
    "pt": "o a os as do da dos das e uma é sobre para com por em esta ao não",
    "de": "der die das und des dem ein eine ist für mit von im auf den wird zu",
    "it": "il lo la gli le della e una è su per con di nel questa al che",
}
_MARGIN = 2  # the small words that another language needs above the English ones, where there are two or more of those
_SCRIPTS = (("zh", "\u4e00", "\u9fff"), ("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"))


def guess_language(text: str) -> str:
    """Return the language code of a text; "en" where nothing suggests another language."""
    sample = text[:20_000].lower()
    letters = sum(character.isalpha() for character in sample) or 1
    for language, first, last in _SCRIPTS:
        if sum(first <= character <= last for character in sample) / letters > 0.4:
            return language
    words = [word.strip(".,;:!?()«»“”\"'") for word in sample.split()]
    counts = {
        language: sum(words.count(word) for word in set(small.split())) for language, small in _SMALL_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    margin = _MARGIN if counts["en"] > 1 else 1
    return best if counts[best] >= counts["en"] + margin else "en"
