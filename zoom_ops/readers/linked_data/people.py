"""The performers and organizers of a schema.org Event."""

from ...events import PerformerKind
from ..records import Draft, Node, Person, add_organizer, add_person
from .graph import Graph, get, named, types
from .images import image_of

_KINDS: dict[str, PerformerKind] = {
    "moderator": "moderator",
    "chair": "chair",
    "chairperson": "chair",
    "interpreter": "interpreter",
}


def add_people(draft: Draft, record: Node, graph: Graph) -> None:
    """Add performers, interpreters and organizers. Organisations that perform are noted, as only people have seats."""
    for key in ("performer", "performers", "actor", "speaker"):
        for node in get(record, key).entries():
            _add_performer(draft, graph.resolve(node), graph, "speaker")
    for node in get(record, "translator").entries():
        _add_performer(draft, graph.resolve(node), graph, "interpreter")
    for node in get(record, "organizer").entries():
        organizer = graph.resolve(node)
        add_organizer(draft, named(organizer), named(organizer).text, get(organizer, "alternateName").text)


def _add_performer(draft: Draft, node: Node, graph: Graph, kind: PerformerKind) -> None:
    role = ""
    if types(node) & {"Role", "PerformanceRole", "OrganizationRole"}:
        role = next((text for key in ("roleName", "characterName") if (text := get(node, key).text)), "")
        kind, role = _KINDS.get(role.casefold(), kind), "" if role.casefold() in _KINDS else role
        node = graph.resolve(get(node, "performer"))
    employer = graph.resolve(next((found for key in ("affiliation", "worksFor") if (found := get(node, key))), node))
    person = Person(
        node=named(node) if named(node) else node,
        name=_name(node),
        kind=kind,
        honorific=get(node, "honorificPrefix").text,
        role=get(node, "jobTitle").text or role,
        organization=named(employer).text if employer is not node else "",
        email=get(node, "email").text,
        image=image_of(node, graph)[0],
        is_person="Person" in types(node) if types(node) else None,
    )
    add_person(draft, person)


def _name(node: Node) -> str:
    name = named(node).text
    if name or not isinstance(node.value, dict):
        return name
    return f"{get(node, 'givenName').text} {get(node, 'familyName').text}".strip()
