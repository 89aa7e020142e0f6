"""The licence of texts and recordings: named as Creative Commons names it, or in the words of the organisation."""

import pytest

from zoom_ops.licence import Licence, check_licence, make_licence


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-nc-sa-3.0-igo", "CC BY-NC-SA 3.0 IGO", "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"),
        ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Our terms https://www.example.org/terms", "Our terms", "https://www.example.org/terms"),
        ("https://www.example.org/terms", "https://www.example.org/terms", "https://www.example.org/terms"),
        ("All rights reserved", "All rights reserved", None),
        ("CC BY-SA 4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("Terms javascript:alert(1)", "Terms javascript:alert(1)", None),
    ],
)
def test_licence_has_its_name_and_its_terms(text: str, name: str, address: str | None) -> None:
    assert make_licence(check_licence(text)) == Licence(name=name, address=address)


@pytest.mark.parametrize("text", ["CC-BY-9.0", "CC-BY-4.5", "CC-BY-4.0-IGO", "CC-BY", "cc by 9.0", "CC0-2.0"])
def test_licence_that_creative_commons_does_not_have_is_refused_with_those_it_has(text: str) -> None:
    with pytest.raises(ValueError, match=f"no licence {text}. It has CC-BY, .*-4.0 .* and CC0-1.0"):
        check_licence(text)
