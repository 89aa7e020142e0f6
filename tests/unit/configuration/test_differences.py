"""What a process has against what the files say."""

from zoom_ops.configuration import compare

LISTEN = {"value": "127.0.0.1:8000", "fingerprint": "a", "live": False, "given": "file"}
SECRET = {"value": "set", "fingerprint": "a", "live": True, "given": "file"}
SWEEP = {"every_s": 300, "turn": "the_service", "on": [], "then": [], "digest": "a"}


def test_equal_items_do_not_differ() -> None:
    items = {"setting": {"LISTEN": LISTEN}, "profile": {"lecture": {"buffer_minutes": 5}}}

    assert compare(items, items) == ()


def test_differences_are_told_in_sentences() -> None:
    has = {
        "setting": {"LISTEN": LISTEN, "CLIENT_SECRET": SECRET, "OIDC": LISTEN},
        "profile": {"lecture": {"min_recording_minutes": 5, "recording_due_hours": None}, "old": {}},
        "job": {"sweep": SWEEP, "look": SWEEP},
    }
    says = {
        "setting": {
            "LISTEN": LISTEN | {"value": "0.0.0.0:80", "fingerprint": "b"},
            "CLIENT_SECRET": SECRET | {"fingerprint": "b"},
        },
        "profile": {"lecture": {"min_recording_minutes": 1, "recording_due_hours": 4}},
        "job": {"sweep": SWEEP | {"every_s": 600, "digest": "b"}, "look": SWEEP | {"digest": "b"}, "greet": SWEEP},
        "words": {"fr": {"Speakers": "Intervenants"}},
    }

    assert [difference.sentence for difference in compare(has, says)] == [
        "LISTEN is 127.0.0.1:8000 in the daemon and 0.0.0.0:80 in the files. It counts after a restart.",
        "CLIENT_SECRET is another one in the files than in the daemon; its value is not shown.",
        "OIDC is 127.0.0.1:8000 in the daemon and not set in the files. It counts after a restart.",
        "profile lecture: min_recording_minutes is 5 in the daemon and 1 in the file.",
        "profile lecture: recording_due_hours is not set in the daemon and 4 in the file.",
        "profile old is not in the files any more.",
        "job sweep: every_s is 300 in the daemon and 600 in the file.",
        "job look: its file has changed.",
        "job greet is new.",
        "words fr is new.",
    ]


def test_setting_that_no_file_gives_does_not_differ() -> None:
    port = LISTEN | {"fingerprint": "b"}
    pairs = [
        (LISTEN | {"given": "variable"}, port),  # each process of a cluster has its own
        (LISTEN, port | {"given": "variable"}),
        (LISTEN | {"given": "default"}, port | {"given": "default"}),  # it follows from another setting
    ]

    assert [compare({"setting": {"LISTEN": has}}, {"setting": {"LISTEN": says}}) for has, says in pairs] == [()] * 3
