"""The split of a speaker's line into role and organisation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..cities import CITY_ZONES, fold

_ROLE_WORDS = re.compile(
    r"(?<![\w-])(?:(?:vice|deputy|assistant|associate|under|co|ex|sub|acting|senior|junior|former|interim|sous"
    r"|vice)[\s-]+)*(?:directors?|director-general|officers?|secretary|secretaries|secretary-general|presidents?|chair"
    r"|chairs|chairman|chairwoman|chairperson|co-?chairs?|head|heads|minister|ambassadors?|representatives?|professors?"
    r"|lecturer|researchers?|fellow|coordinators?|co-?ordinator|managers?|lead|leader|advis[eo]rs?|specialists?"
    r"|experts?|analysts?|founders?|co-?founders?|ceo|cto|cio|coo|cfo|executive|partner|commissioner|rapporteur|envoy"
    r"|counsell?ors?|attache|consul|delegate|member|engineers?|economists?|scientists?|journalists?|editors?"
    r"|editor-in-chief|students?|teachers?|consultants?|chief|deputy|assistant|chancellor|vice-chancellor|dean|rector"
    r"|provost|governor|mayor|senator|mp|mep|judge|counsel|lawyer|attorney|administrators?|focal point|spokespersons?"
    r"|spokesman|spokeswoman|author|artist|activist|advocate|physician|nurse|trustee|treasurer|principal|convener"
    r"|convenor|facilitator|moderator|host|owner|producer|publisher|curator|librarian|archivist|strategist|evangelist"
    r"|architect|planner|technologist|negotiator|commander|inspector|controller|auditor|directeur|directrice|directora"
    r"|chef|cheffe|conseill(?:er|ere)|ministre|secretaire|representante?|professeure?|chercheure?|chercheuse"
    r"|coordonnateur|coordonnatrice|coordinateur|coordinatrice|responsable|presidente?|presidenta|ambassadeur"
    r"|ambassadrice|administratrice|administrateur|charge|chargee|maitre|fondateur|fondatrice|membre|economiste|juriste"
    r"|experte|redactrice|redacteur|doyen|doyenne|maire|vice-presidente?|secretari[oa]|ministr[oa]|profesor"
    r"|profesora|investigador|investigadora|coordinador|coordinadora|jef[ea]|asesor|asesora|embajador|embajadora"
    r"|oficial|especialista|economista|fundador|fundadora|gerente|rectora|consejer[oa]|docente|catedratic[oa]"
    r"|abogad[oa]|miembro|subdirector|subdirectora|subsecretari[oa]|viceministr[oa]|alcalde|alcaldesa|periodista"
    r"|\w+(?:ologist|ician|grapher|onomer|ologue|olog[oa]|ografo|ografa)|journaliste|artiste|scientifique|cientific[oa]"
    r"|prosecutor|reporter|correspondent|trainer|farmer|writer|translator|physicist|chemist|biologist|statistician"
    r"|mathematician|programmer|developer|designer|photographer|entrepreneur|investor|volunteer|ombudsman|negociador"
    r"|negociadora|leiter|leiterin|direktor|direktorin|geschaftsfuhrer|geschaftsfuhrerin|professorin|referent"
    r"|referentin|vorsitzende[r]?|prasident|prasidentin|mitarbeiter|mitarbeiterin)(?![\w])"
)
_BODY_WORDS = re.compile(
    r"(?<![\w-])(?:university|universities|institutes?|institution|ministry|organi[sz]ations?|council|association"
    r"|foundation|network|nations|union|agency|office|department|division|bureau|centre|center|society|college|school"
    r"|academy|company|forum|initiative|programme|program|fund|commission|committee|secretariat|government|embassy"
    r"|federation|alliance|coalition|trust|laborator(?:y|ies)|labs?|consulting|partners|group|bank|mission|inc|ltd|llc"
    r"|gmbh|ag|plc|corp|corporation|international|authority|court|parliament|assembly|congress|senate|board|chamber"
    r"|library|museum|hospital|observatory|platform|internet society|studio|universite|institut|ministere|organisation"
    r"|conseil|fondation|reseau|agence|departement|ecole|societe|comite|gouvernement|ambassade|banque|cour"
    r"|direction|commune|ville|universidad|instituto|ministerio|organizacion|consejo|asociacion|fundacion"
    r"|red|agencia|oficina|departamento|escuela|sociedad|comision|secretaria de|secretaria general|comunidad"
    r"|communaute|gobierno|embajada|banco|corte|camara|centro|colegio|mision|universitat|hochschule|ministerium|verband"
    r"|verein|stiftung|bundesministerium|amt)(?![\w])"
)
_ACRONYM = re.compile(r"(?:the )?[A-Z][A-Za-z]{0,6}[A-Z]{1,8}s?(?:[-/ &][A-Z][A-Za-z]*[A-Z]+)*")
_AT = re.compile(r"\s+(?:at|@|with|chez|à l['’]|auprès de l['’]|bei|an der)\s*(?:the\s+)?(?=[A-Z«\"“])")
_ENDS_IN_BRACKET = re.compile(r"(?P<role>[^()]+?)\s*\((?P<body>[^()]+)\)")
_OPEN_LIST = re.compile(r"(?i)\b(?:of|for|on|de|des|du|para|for the|of the)\s+[^,]*$")
_LIST_TAIL = re.compile(r"(?i)\b(?:and|&|et|y|und)\b")


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
    first, *rest = parts
    ends = (place for place, part in enumerate(rest[:4], 1) if _LIST_TAIL.search(part) and len(part.split()) <= 6)
    size = next(ends, 0)
    joins = 0 < size < len(rest) and is_role(first) and _OPEN_LIST.search(first)
    if joins and not any(is_body(part) or is_role(part) for part in rest[:size]):
        # "Minister of Health, Labour and Welfare", as an organisation follows
        first, rest = ", ".join([first, *rest[:size]]), rest[size:]
    if is_body(first) and not is_role(first):
        if is_role(rest[-1]):
            return Position(role=rest[-1], organization=", ".join([first, *rest[:-1]]))
        if not any(is_role(part) for part in rest):
            return Position(organization=", ".join([first, *rest]))
    doubt = ""
    if len(rest) > 1 and any(is_role(part) for part in rest[1:]):
        doubt = f"several roles may be written here; {first!r} is taken as the role"
    return Position(role=first, organization=", ".join(rest), doubt=doubt)


def _single(part: str) -> Position:
    at = _AT.split(part, maxsplit=1)
    if len(at) == 2 and fold(at[1]) not in CITY_ZONES and not _ACRONYM.fullmatch(part):
        return Position(role=at[0].strip(), organization=at[1].strip())
    bracket = _ENDS_IN_BRACKET.fullmatch(part)
    if is_role(part) or part[0].islower():
        if bracket and not is_body(bracket["role"]):
            return Position(role=bracket["role"], organization=bracket["body"])
        return Position(role=part)
    if is_body(part):
        return Position(organization=part)
    return Position(organization=part, doubt=f"{part!r} may be a role or an organisation; taken as the organisation")
