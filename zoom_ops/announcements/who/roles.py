"""The split of a speaker's line into role and organisation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..cities import city_zones, fold

_ROLE_WORDS = re.compile(
    r"(?<![\w-])(?:(?:vice|deputy|assistant|associate|under|co|ex|sub|acting|senior|junior|former"
    r"|interim|sous|vice)[\s-]+)*(?:"
    r"directors?|director-general|officers?|secretary|secretaries|secretary-general|presidents?|chair"
    r"|chairs|chairman|chairwoman|chairperson|co-?chairs?|head|heads"
    r"|minister|ambassadors?|representatives?|professors?|lecturer|researchers?|fellow|coordinators?"
    r"|co-?ordinator|managers?|lead|leader|advis[eo]rs?"
    r"|specialists?|experts?|analysts?|founders?|co-?founders?|ceo|cto|cio|coo|cfo|executive|partner"
    r"|commissioner|rapporteur|envoy|counsell?ors?|attache|consul|delegate"
    r"|member|engineers?|economists?|scientists?|journalists?|editors?|editor-in-chief|students?"
    r"|teachers?|consultants?|chief|deputy|assistant|chancellor|vice-chancellor|dean"
    r"|rector|provost|governor|mayor|senator|mp|mep|judge|counsel|lawyer|attorney|administrators?"
    r"|focal point|spokespersons?|spokesman|spokeswoman|author|artist|activist|advocate"
    r"|physician|nurse|trustee|treasurer|principal|convener|convenor|facilitator|moderator|host|owner"
    r"|producer|publisher|curator|librarian|archivist|strategist|evangelist|architect|planner"
    r"|technologist|negotiator|commander|inspector|controller|auditor"
    r"|directeur|directrice|directora|chef|cheffe|conseill(?:er|ere)|ministre|secretaire"
    r"|representante?|professeure?|chercheure?|chercheuse|coordonnateur|coordonnatrice|coordinateur"
    r"|coordinatrice"
    r"|responsable|presidente?|presidenta|ambassadeur|ambassadrice|administratrice|administrateur"
    r"|charge|chargee|maitre|fondateur|fondatrice|membre|economiste|juriste|expert|experte|redactrice"
    r"|redacteur|doyen|doyenne|maire|vice-presidente?"
    r"|secretari[oa]|ministr[oa]|profesor|profesora|investigador|investigadora|coordinador"
    r"|coordinadora|jef[ea]|asesor|asesora|embajador|embajadora|oficial|especialista|economista"
    r"|fundador|fundadora|gerente|rectora"
    r"|consejer[oa]|docente|catedratic[oa]|abogad[oa]|miembro|subdirector|subdirectora"
    r"|subsecretari[oa]|viceministr[oa]|alcalde|alcaldesa|periodista"
    r"|\w+(?:ologist|ician|grapher|onomer|ologue|olog[oa]|ografo|ografa)|journaliste|artiste"
    r"|scientifique|cientific[oa]|prosecutor|reporter|correspondent|trainer|farmer|writer|translator"
    r"|physicist|chemist|biologist|statistician|mathematician|programmer|developer|designer"
    r"|photographer|entrepreneur|investor|volunteer|ombudsman|negociador|negociadora"
    r"|leiter|leiterin|direktor|direktorin|geschaftsfuhrer|geschaftsfuhrerin|professorin|referent"
    r"|referentin|vorsitzende[r]?|prasident|prasidentin|mitarbeiter|mitarbeiterin"
    r")(?![\w])"
)
_BODY_WORDS = re.compile(
    r"(?<![\w-])(?:university|universities|institutes?|institution|ministry|organi[sz]ations?|council"
    r"|association|foundation|network|nations|union|agency|office|department|division|bureau"
    r"|centre|center|society|college|school|academy|company|forum|initiative|programme|program|fund"
    r"|commission|committee|secretariat|government|embassy|federation|alliance|coalition|trust"
    r"|laborator(?:y|ies)|labs?|consulting|partners|group|bank|mission|inc|ltd|llc|gmbh|ag|plc|corp"
    r"|corporation|international|authority|court|parliament|assembly|congress|senate|board|chamber"
    r"|library|museum|hospital|observatory|platform|internet society|studio"
    r"|universite|institut|ministere|organisation|conseil|fondation|reseau|agence|departement|ecole"
    r"|societe|comite|secretariat|gouvernement|ambassade|banque|cour|direction|bureau|centre|commune"
    r"|ville"
    r"|universidad|instituto|ministerio|organizacion|consejo|asociacion|fundacion|red|agencia|oficina"
    r"|departamento|escuela|sociedad|comision|comite|secretaria de|secretaria general|comunidad"
    r"|communaute|gobierno|embajada|banco|corte"
    r"|camara|centro|colegio|mision"
    r"|universitat|hochschule|ministerium|verband|verein|stiftung|bundesministerium|amt)(?![\w])"
)
_ACRONYM = re.compile(r"(?:the )?[A-Z][A-Za-z]{0,6}[A-Z]{1,8}s?(?:[-/ &][A-Z][A-Za-z]*[A-Z]+)*")
_AT = re.compile(r"\s+(?:at|@|with|chez|à l['’]|auprès de l['’]|bei|an der)\s*(?:the\s+)?(?=[A-Z«\"“])")
_ENDS_IN_BRACKET = re.compile(r"(?P<role>[^()]+?)\s*\((?P<body>[^()]+)\)")
_OPEN_LIST = re.compile(r"\b(?:of|for|on|de|des|du|para|for the|of the)\s+[^,]*$", re.IGNORECASE)
_LIST_TAIL = re.compile(r"\b(?:and|&|et|y|und)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Position:
    """The role and organisation of a person; `doubt` is the reason why the split is uncertain."""

    role: str | None = None
    organization: str | None = None
    doubt: str = ""


def is_role(text: str) -> bool:
    """Check whether a text is a role: a role word comes before any body word, or ends it ("Programme Officer")."""
    folded = fold(text).strip()
    role, body = _ROLE_WORDS.search(folded), _BODY_WORDS.search(folded)
    if role and (not body or role.start() < body.start()):
        return True
    last = folded.rpartition(" ")[2]
    return bool(role and _ROLE_WORDS.fullmatch(last)) and not re.search(r"\b(?:of|de|des|du|for)\b", folded)


def is_body(text: str) -> bool:
    """Check whether a text names a body: an acronym, or a word such as "University"."""
    bare = text.strip()
    return bool(
        _ACRONYM.fullmatch(bare) or re.search(r"\([A-Z][A-Za-z&/ -]{1,12}\)$", bare) or _BODY_WORDS.search(fold(bare))
    )


def is_acronym(text: str) -> bool:
    """Check whether a text is only an acronym: "ITU", "the CoNGO"."""
    return bool(_ACRONYM.fullmatch(text.strip()))


def read_position(parts: Sequence[str]) -> Position:
    """Read the parts after a name, split at its commas, as role and organisation."""
    if not parts:
        return Position()
    if len(parts) == 1:
        return _single(parts[0])
    joined = _join_role_list(parts)
    first, rest = joined[0], joined[1:]
    if is_body(first) and not is_role(first):
        if is_role(rest[-1]):
            return Position(role=rest[-1], organization=", ".join(joined[:-1]))
        if not any(is_role(part) for part in rest):
            return Position(organization=", ".join(joined))
    doubt = ""
    if len(rest) > 1 and any(is_role(part) for part in rest[1:]):
        doubt = f"several roles may be written here; {first!r} is taken as the role"
    return Position(role=first, organization=", ".join(rest), doubt=doubt)


def _single(part: str) -> Position:
    at = _AT.split(part, maxsplit=1)
    if len(at) == 2 and fold(at[1]) not in city_zones() and not _ACRONYM.fullmatch(part):
        return Position(role=at[0].strip(), organization=at[1].strip())
    bracket = _ENDS_IN_BRACKET.fullmatch(part)
    if is_role(part) or part[0].islower():
        if bracket and not is_body(bracket["role"]):
            return Position(role=bracket["role"], organization=bracket["body"])
        return Position(role=part)
    if is_body(part):
        return Position(organization=part)
    return Position(organization=part, doubt=f"{part!r} may be a role or an organisation; taken as the organisation")


def _join_role_list(parts: Sequence[str]) -> list[str]:
    """Join "Minister of Health, Labour and Welfare" again if an organisation follows."""
    first, *rest = parts
    size = next(
        (place + 1 for place, part in enumerate(rest[:4]) if _LIST_TAIL.search(part) and len(part.split()) <= 6), 0
    )
    tail = rest[:size]
    joins = size and len(rest) > size and is_role(first) and _OPEN_LIST.search(first)
    if joins and not any(is_body(part) or is_role(part) for part in tail):
        return [", ".join([first, *tail]), *rest[size:]]
    return list(parts)
