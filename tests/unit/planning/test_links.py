"""The links in records of homes: which are written and taken back, and what people made of them stays."""

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import BASE_URL, END, EVENT_ID, UUID, a_profile, a_publication, an_event, an_observed_webinar
from zoom_ops.events import Publication
from zoom_ops.messages import effects
from zoom_ops.messages import plans as say
from zoom_ops.planning import (
    ObservedLink,
    ObservedRecord,
    Plan,
    PublishLink,
    Recipients,
    ShownLink,
    WithdrawLink,
    action_from_json,
    plan,
    shows_link,
    wanted_in,
)

ADDRESS = f"{BASE_URL}/events/{EVENT_ID}/recording"
KEY = "zopsk_hidden_0123456789ab"
KEYED = f"{ADDRESS}?key={KEY}"
LINKS = ("PublishLink", "WithdrawLink")


def a_link(**changes: object) -> ShownLink:
    """Build the link as a home shows it that does what we publish."""
    shown = {"key": UUID, "title": "Recording", "url": ADDRESS, "visibility": "public", "external_id": "1"}
    return ShownLink.model_validate(shown | changes)


def a_record(*links: ObservedLink, **changes: object) -> ObservedRecord:
    record = {"home": "events", "record": "7", "place": "Indico (home events)", "can_hide": True}
    return ObservedRecord(**record | {"links": links} | changes)  # type: ignore[arg-type]


def plan_of(*records: ObservedRecord, publications: tuple[Publication, ...] | None = None) -> Plan:
    shown = (a_publication(),) if publications is None else publications
    return plan(an_event(), a_profile(), an_observed_webinar(publications=shown, records=records), END, about=("link",))


def test_published_recording_is_written_to_each_record() -> None:
    made = plan_of(a_record(), a_record(home="site", record="8", place="home site"))

    assert [(action.kind, action.home) for action in made.actions] == [
        ("PublishLink", "events"),
        ("PublishLink", "site"),
    ]
    first = made.actions[0]
    assert isinstance(first, PublishLink)
    assert (first.record, first.recording_uuid, first.part, first.url) == ("7", UUID, 1, ADDRESS)
    assert (first.visibility, first.before) == ("public", None)
    assert first.consequence(Recipients()) == effects.SHOWS_ON(title="Recording", place="Indico (home events)")
    assert action_from_json(first.model_dump(mode="json")) == first


def test_recording_for_members_says_who_sees_what_of_it() -> None:
    record = a_record(members_see="members of UNGIS", title_leaks=True)

    (action,) = plan_of(record, publications=(a_publication(visibility="members"),)).actions

    assert action.consequence(Recipients()) == effects.SHOWS_MEMBERS_TITLE_ON(
        title="Recording", whom="members of UNGIS", place="Indico (home events)"
    )


def test_link_for_members_has_its_key_and_a_public_one_has_none() -> None:
    known = a_link(visibility="members", url=f"{ADDRESS}?key=zopsk_hidden_fedcba987654")
    record = a_record(ObservedLink(key=UUID, written=known, seen=known), keys=((UUID, KEY),))

    for visibility, url in (("members", KEYED), ("public", ADDRESS)):
        (action,) = plan_of(record, publications=(a_publication(visibility=visibility),)).actions
        assert isinstance(action, PublishLink)
        assert (action.url, action.before) == (url, known)


def test_link_that_stands_as_published_needs_nothing() -> None:
    known = a_link()

    assert plan_of(a_record(ObservedLink(key=UUID, written=known, seen=known))) == Plan(event=EVENT_ID)
    assert plan_of(a_record(ObservedLink(key=UUID, seen=known))) == Plan(event=EVENT_ID)  # a restored database


def test_link_that_nobody_touched_follows_our_own_page() -> None:
    known = a_link(title="Recording, part 2")

    (action,) = plan_of(a_record(ObservedLink(key=UUID, written=known, seen=known))).actions

    assert isinstance(action, PublishLink)
    assert action.before == known


def test_link_that_people_changed_or_removed_is_left_and_asked_about() -> None:
    known = a_link()
    changed = plan_of(a_record(ObservedLink(key=UUID, written=known, seen=a_link(title="Watch it"))))
    removed = plan_of(a_record(ObservedLink(key=UUID, written=known, seen=None)))

    assert changed.actions == removed.actions == ()
    where = {"title": "Recording", "place": "Indico (home events)"}
    assert changed.refused == (say.LINKS_TO_DECIDE(changed=say.LINK_CHANGED(**where), event=EVENT_ID),)
    assert removed.refused == (say.LINKS_TO_DECIDE(changed=say.LINK_REMOVED(**where), event=EVENT_ID),)


def test_copies_of_our_link_are_planned_away_unless_people_changed_them() -> None:
    twice, changed = a_link(copies=2), a_link(copies=2, title="Watch it")

    (action,) = plan_of(a_record(ObservedLink(key=UUID, written=a_link(), seen=twice))).actions
    asked = plan_of(a_record(ObservedLink(key=UUID, written=a_link(), seen=changed)))

    assert isinstance(action, PublishLink)
    assert action.before == twice
    assert asked.actions == ()
    assert len(asked.refused) == 1


def test_link_that_an_operator_leaves_alone_asks_nothing() -> None:
    left = ObservedLink(key=UUID, written=a_link(), seen=a_link(title="Watch it"), left_alone=True)

    assert plan_of(a_record(left)) == Plan(event=EVENT_ID)


def test_link_that_visitors_must_not_see_is_narrowed_whatever_people_made_of_it() -> None:
    left = ObservedLink(key=UUID, written=a_link(), seen=a_link(title="Watch it"), left_alone=True)
    other = a_publication(recording_uuid="b==", visibility="members", part=2, title="Recording, part 2")

    made = plan_of(a_record(left), publications=(other, a_publication(visibility="members")))

    assert [getattr(action, "narrows", None) for action in made.actions] == [True, False]


def test_withdrawn_recording_is_taken_back_whatever_people_made_of_it() -> None:
    known = ObservedLink(key=UUID, written=a_link(), seen=a_link(title="Watch it"), left_alone=True)

    (action,) = plan_of(a_record(known), publications=(a_publication(state="withdrawn"),)).actions

    assert isinstance(action, WithdrawLink)
    assert action.consequence(Recipients()) == effects.TAKES_BACK_FROM(title="Watch it", place="Indico (home events)")


def test_link_that_we_know_nothing_of_is_not_ours_to_take_back() -> None:
    assert plan_of(a_record(ObservedLink(key="another==", seen=a_link(key="another=="))), publications=()) == Plan(
        event=EVENT_ID
    )


def test_home_that_hides_nothing_gets_no_link_for_members_and_loses_the_one_it_has() -> None:
    known = ObservedLink(key=UUID, written=a_link(), seen=a_link())

    made = plan_of(a_record(known, can_hide=False), publications=(a_publication(visibility="members"),))

    assert [action.kind for action in made.actions] == ["WithdrawLink"]
    assert [(blocker.notice, blocker.over, blocker.refused) for blocker in made.blockers] == [
        ("link_not_hidden", True, False)
    ]


def test_home_that_is_only_read_gets_nothing() -> None:
    assert plan_of(a_record(writes=False)) == Plan(event=EVENT_ID)


keys = st.sampled_from([UUID, "b=="])
shown_links = st.builds(
    a_link,
    title=st.sampled_from(["Recording", "Recording, part 2", "Watch it"]),
    url=st.sampled_from([ADDRESS, KEYED, f"{KEYED}0"]),
    visibility=st.sampled_from(["public", "members"]),
    digest=st.sampled_from(["", "edited"]),
)
links = st.lists(
    st.builds(
        ObservedLink,
        key=keys,
        written=st.none() | shown_links,
        seen=st.none() | shown_links,
        left_alone=st.booleans(),
    ),
    max_size=2,
    unique_by=lambda link: link.key,
).map(lambda known: tuple(map(own_key, known)))
records = st.builds(
    ObservedRecord,
    home=st.just("events"),
    record=st.just("7"),
    place=st.just("home events"),
    writes=st.booleans(),
    can_hide=st.booleans(),
    keys=st.sampled_from([(), ((UUID, KEY),)]),
    links=links,
)
publications = st.lists(
    st.builds(
        a_publication,
        recording_uuid=keys,
        title=st.sampled_from(["Recording", "Recording, part 2"]),
        visibility=st.sampled_from(["public", "members"]),
        state=st.sampled_from(["published", "withdrawn"]),
    ),
    max_size=2,
    unique_by=lambda each: each.recording_uuid,
).map(tuple)


def own_key(link: ObservedLink) -> ObservedLink:
    """Give what a link shows the key of the link."""
    written, seen = (each.model_copy(update={"key": link.key}) if each else None for each in (link.written, link.seen))
    return replace(link, written=written, seen=seen)


def carried_out(record: ObservedRecord, made: Plan) -> ObservedRecord:
    """Return the record after the plan, as a home shows it that does what it is told."""
    known = {link.key: link for link in record.links}
    for action in made.actions:
        assert isinstance(action, PublishLink | WithdrawLink)
        key, there = action.recording_uuid, None
        if isinstance(action, PublishLink):
            there = a_link(key=key, title=action.title, url=action.url, visibility=action.visibility)
        known[key] = ObservedLink(key=key, written=there, seen=there)
    return replace(record, links=tuple(known.values()))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(records, publications)
def test_links_settle_never_widen_and_never_overwrite_people(
    record: ObservedRecord, shown: tuple[Publication, ...]
) -> None:
    made = plan_of(record, publications=shown)
    after = carried_out(record, made)

    again = plan_of(after, publications=shown)
    seen = {link.key: link for link in record.links}
    wanted = {each.recording_uuid: each for each in shown if each.state == "published"}

    assert again.actions == ()
    assert again.blockers == made.blockers
    assert {action.kind for action in made.actions} <= set(LINKS)
    for action, key in product(made.actions, wanted):
        link = seen.get(key, ObservedLink(key=key))
        if isinstance(action, PublishLink) and action.recording_uuid == key:
            assert action.visibility == wanted[key].visibility  # never for more people than on our own page
            assert action.narrows or link.seen == link.written  # what people made of it stays
    if record.writes:
        for link in after.links:  # what visitors see they may see
            if link.seen and link.seen.visibility == "public" and link.key in wanted:
                assert wanted[link.key].visibility == "public"
        for key, each in wanted.items():
            there = {link.key: link.seen for link in after.links}.get(key)
            told = any(blocker.recording == key for blocker in made.blockers)
            left = key in seen and seen[key].left_alone
            assert shows_link(there, wanted_in(record, each)) or told or left  # nothing is missing in silence
            if there and not (told or left):
                assert (there.url == KEYED) == (bool(record.keys) and key == UUID and each.visibility == "members")
