"""The body of an event form that has files, as browsers send it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata

from zoom_ops.web.console.event_form.bodies import MOST_FIELDS, Posted, _parse_parts

KIND = "multipart/form-data; boundary=b"
PIECES = st.sampled_from(["\r\n", "--", "b", "\r", "\n", "-", "é", "潮", "x: y", "\0", ""])
TEXTS = st.lists(PIECES, max_size=12).map("".join).filter(lambda text: "\r\n--b" not in f"\r\n{text}\r\n")
PART = b'--b\r\nContent-Disposition: form-data; name="%d"\r\n\r\n%d\r\n'


@given(st.dictionaries(st.sampled_from("abc"), TEXTS), TEXTS)
def test_each_part_is_read_as_it_was_sent(values: dict[str, str], file: str) -> None:
    sent = {**values, "image-file": ("quay.png", file.encode())}
    body, _ = encode_multipart_formdata(sent, boundary="b")

    assert _parse_parts(body, KIND) == Posted(values=values, pictures={"image-file": file.encode()})


@pytest.mark.parametrize("before", [b"", b"\r\n", b"a preamble\r\n"])
@pytest.mark.parametrize("after", [b"--", b"--\r\n", b"--\r\nan epilogue\r\n"])
def test_what_stands_around_the_parts_is_left_out(before: bytes, after: bytes) -> None:
    assert _parse_parts(before + PART % (1, 2) + b"--b" + after, KIND) == Posted(values={"1": "2"})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", KIND), (b"--b", KIND), (b"name=Low+water", KIND), (PART % (1, 2), KIND), (PART % (1, 2) + b"--b", KIND),
        (PART % (1, 2) + b"--b--", "multipart/form-data"), (PART % (1, 2) + b"--b--", f"{KIND}c"),
        (b"".join(PART % (n, n) for n in range(MOST_FIELDS + 1)) + b"--b--", KIND),
        (PART.replace(b"name", b"x" * 3_000) % (1, 2) + b"--b--", KIND),
    ],
)  # fmt: skip
def test_body_without_a_last_part_or_with_too_many_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(ValueError, match="part"):
        _parse_parts(body, kind)


def test_as_many_parts_are_read_as_a_form_may_have() -> None:
    body = b"".join(PART % (n, n) for n in range(MOST_FIELDS)) + b"--b--"

    read = _parse_parts(body, KIND).values

    assert len(read) == MOST_FIELDS
    assert all(int(second) == int(first) + 1 for first, second in pairwise(read.values()))
