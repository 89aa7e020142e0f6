"""What an announcement says of its recording."""

import re

from .words import fold

NOT_RECORDED = "this may ask that nothing is recorded, so nothing will be; decide whether it is"
_NOT_RECORDED = re.compile(
    r"(?i)\b(?:will|shall|is|are)\s+(?:not|never)\s+(?:be\s+)?(?:being\s+)?recorded\b|\bno recording\b"
    r"|\b(?:won't|isn't) be recorded\b|\brecording (?:is )?(?:not permitted|prohibited|not allowed)\b"
    r"|ne (?:sera|seront) pas enregistrée?s?|no (?:será|se) (?:grabad[oa]|grabará)|wird nicht aufgezeichnet"
)
_RECORDING = (
    r"(?:record(?:ed|ing|ings|er)?|tap(?:ed|ing)|on tape|film(?:ed|ing|(?= (?:her|him|it|us|them|me|the|this|any)\b))"
    r"|video(?:taped|taping)?|cameras?|enregistr\w*|filmer|filmee?|grab(?:ar|e|en|ad[oa]s?|ara|acion|aciones)"
    r"|aufzeichn\w*|aufgezeichnet|aufnahmen?|aufnehmen|aufgenommen|mitschn\w*|mitgeschn\w*"
    r"|gravar|gravad[oa]|gravacao|registrare|registrat[oa]|registrazione|запис\w*)"
)
_REFUSAL = (
    r"(?:no|not|\w+n't|dont|never|without|nobody|none|nothing|rather|refrain\w*|avoid\w*|off|disabled?"
    r"|uncomfortable|objects?|objected|against|refuse[sd]?|declin\w+|forbid\w*|prohibit\w*|stop|pas|rien|sans"
    r"|refus\w*|aucune?|interdit\w*|sin|ningun\w*|prohibid\w*|nicht|kein\w*|ohne|sem|nao|non|senza|не|без|нельзя)"
)
_CONDITION = (
    r"(?:only if|only after|unless|permission|consents?|agrees|dislikes?|hates?|tbd|tbc|undecided"
    r"|to be (?:discussed|decided|confirmed|agreed))"
)
_NEAR = r"(?:[^.!?;\n]{0,60}?\W)??"
_MAY_REFUSE = re.compile(
    rf"(?<!\w){_REFUSAL}\W{_NEAR}{_RECORDING}(?!\w)|(?<!\w){_RECORDING}\W{_NEAR}{_REFUSAL}(?!\w)"
    rf"|(?<!\w){_CONDITION}\W{_NEAR}{_RECORDING}(?!\w)|(?<!\w){_RECORDING}\W{_NEAR}{_CONDITION}(?!\w)"
    r"|(?<!\w)(?:unrecorded|live[ -]only|off the record)(?!\w)"
    r"|(?<!\w)ask\W[^.!?;\n]{0,40}\bbefore\b[^.!?;\n]{0,20}record"
    r"|^\W*record(?:ing|ed)?\s*[:=]\s*n(?!\w)|不[^。]{0,8}(?:录|錄)|(?:勿|禁止|谢绝)(?:录|錄)|(?:عدم|بدون|لا)\s[^.]{0,20}(?:تسجيل|تسجل)"
)
_NO_REFUSAL = re.compile(  # "don't forget to record it", "Bob can't attend, so please record it"
    r"(?<!\w)(?:(?:not|\w+n't|pas|nicht) (?:forget|oubli\w*|vergess\w*|mind|object|a problem|only"
    r"|necessary|needed|required|besoin|necessaire|notig)|no (?:olvid\w*|objections?|problem|issue|need|hace falta"
    r"|es necesari\w)|(?:could not|couldn't|cannot|can't) (?:attend|join|be there))(?!\w)"
)


def may_refuse_recording(text: str) -> bool:
    """Check whether a sentence may ask that nothing is recorded: it speaks of a recording and of not having one."""
    return bool(_MAY_REFUSE.search(cut_other_denials(fold(text)[:4_000])))


def cut_other_denials(folded: str) -> str:
    """Cut what denies something else: "don't forget to", "we don't mind"."""
    return _NO_REFUSAL.sub(" ", folded)


def forbids_recording(text: str) -> bool:
    """Check whether a line says that the event is not recorded."""
    return bool(_NOT_RECORDED.search(text))
