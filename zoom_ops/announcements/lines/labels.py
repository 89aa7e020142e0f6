"""Labels, the words that name what follows them: "Speakers:", "Lieu :", "Links & attachments"."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from ..cities import fold

Field = Literal[
    "title",
    "series",
    "date",
    "time",
    "end",
    "zone",
    "duration",
    "venue",
    "organizers",
    "partners",
    "language",
    "people",
    "attachments",
    "body",
]

_FIELDS: dict[Field, str] = {
    "title": "title, event title, webinar title, name of the event, event name, titre, titulo, "
    "titre de l'evenement, topic, titel, название, 标题",
    "series": "series, webinar series, event series, serie, part of, in the series, cycle, ciclo",
    "date": "date, dates, date and time, date & time, date/time, dates and times, when, day, schedule, "
    "quand, date et heure, date et horaire, dates et horaires, jour, fecha, fechas, fecha y hora, cuando, dia, data, "
    "data e hora, datum, datum und uhrzeit, wann, дата, дата и время, когда, 日期, 时间, 日期和时间, التاريخ, "
    "التاريخ والوقت, event date",
    "time": "time, times, hour, hours, heure, heures, horaire, horaires, hora, horas, horario, uhrzeit, "
    "zeit, время, الوقت, start time, event time, start, starts, begins, debut, inicio, beginn",
    "end": "end, ends, end time, fin, ende, termina",
    "zone": "time zone, timezone, fuseau horaire, zona horaria, zeitzone, time zones",
    "duration": "duration, duree, duracion, dauer, duracao, продолжительность",
    "venue": "virtual platform, platform, online platform, venue, location, where, place, room, meeting room, "
    "venue and platform, format, modality, lieu, ou, plateforme, plateforme virtuelle, modalite, lugar, donde, "
    "plataforma, plataforma virtual, modalidad, sala, sede, ort, veranstaltungsort, local, luogo, место, "
    "место проведения, платформа, 地点, 平台, المكان, المنصة, event venue, event location",
    "organizers": "organizer, organizers, organiser, organisers, organized by, organised by, co-organized by, "
    "co-organised by, co-organizers, co-organisers, organizing entities, organizing partners, jointly organized by, "
    "hosted by, co-hosted by, hosts, co-hosts, host organization, convened by, conveners, convenors, presented by, "
    "sponsored by, co-sponsored by, sponsors, co-sponsors, organisateur, organisateurs, organisatrice, organise par, "
    "organisee par, co-organise par, co-organisateurs, organizador, organizadores, organizadora, organizado por, "
    "organiza, organizan, organizacion, coorganizado por, convocado por, veranstalter, organisiert von, организатор, "
    "организаторы, 主办单位, 主办, الجهة المنظمة, lead organizers, main organizers",
    "partners": "partners, partner, in partnership with, in collaboration with, in cooperation with, "
    "with the support of, partenaires, en partenariat avec, "
    "en collaboration avec, socios, en colaboracion con, en asociacion con, partner organizations",
    "language": "language, languages, langue, langues, idioma, idiomas, sprache, язык, 语言, working languages, "
    "interpretation languages, interpretation, simultaneous interpretation, interpretacion, "
    "interpretacion simultanea, interpretation simultanee, languages of interpretation",
    "attachments": "links & attachments, links and attachments, links, attachments, attachment, documents, "
    "document, related documents, background documents, materials, related materials, session materials, resources, "
    "useful links, related links, downloads, files, meeting documents, outcomes and documents, documentation, "
    "event materials, event documents, additional resources, useful resources, further resources, links/attachments, "
    "recordings and documents, liens et pieces jointes, pieces jointes, liens, liens utiles, ressources, "
    "documents et liens, documents joints, liens et documents, liens et ressources, documents et ressources, "
    "enlaces y documentos, enlaces y recursos, enlaces y archivos adjuntos, enlaces y adjuntos, "
    "archivos adjuntos, adjuntos, enlaces, documentos, documentos y enlaces, recursos, materiales, links und anhange, "
    "anhange, unterlagen, anexos, ссылки и приложения, ссылки и материалы, материалы и ссылки, полезные ссылки, "
    "ссылки, материалы, документы, 链接和附件, 附件, 链接, 资料, الروابط والمرفقات, المرفقات, الروابط, الوثائق",
    "body": "description, about, about the event, about this event, about the webinar, about the session, "
    "background, context, introduction, overview, summary, objective, objectives, concept, concept note summary, "
    "agenda, draft agenda, provisional agenda, programme, program, provisional programme, tentative programme, "
    "structure, format of the event, guiding questions, key questions, questions, expected outcomes, outcomes, "
    "target audience, audience, registration, how to register, register, rsvp, contact, contacts, "
    "for more information, more information, further information, notes, note, contexte, a propos, resume, objectifs, "
    "ordre du jour, programme provisoire, inscription, inscriptions, questions directrices, resultats attendus, "
    "public cible, plus d'informations, descripcion, antecedentes, contexto, objetivos, objetivo, programa, "
    "orden del dia, inscripcion, registro, inscripciones, preguntas orientadoras, mas informacion, contacto, "
    "resultados esperados, beschreibung, hintergrund, programm, anmeldung, kontakt, описание, повестка дня, программа, "
    "регистрация, 背景, 议程, 说明, الخلفية, البرنامج, biographies, speaker biographies, bios, side event themes, "
    "themes",
}
_PEOPLE = {
    "speaker": "hear from, with contributions from, featuring, avec la participation de, "
    "con la participacion de, speakers, speaker, panelists, panelist, panellists, panellist, panel, panel members, "
    "panel speakers, presenters, presenter, discussants, discussant, lead discussants, respondents, respondent, "
    "resource persons, resource person, keynote, keynotes, keynote speaker, keynote speakers, keynote address, "
    "keynote remarks, keynote speech, guest speakers, guest, guests, participants, lecturer, lecturers, "
    "high-level speakers, speakers and panelists, speakers and moderators, intervenants, intervenant, intervenante, "
    "intervenantes, panelistes, paneliste, orateurs, oratrices, orateur, oratrice, conferenciers, conferencier, "
    "conferenciere, orateurs et oratrices, intervenants et intervenantes, discutants, discutant, ponentes, ponente, "
    "panelistas, panelista, oradores, oradoras, orador, oradora, expositores, expositoras, expositor, expositora, "
    "conferencistas, conferencista, participan, comentaristas, comentarista, invitados, referenten, referent, "
    "referentin, referierende, redner, podium, podiumsgaste, sprecher, vortragende, palestrantes, palestrante, "
    "relatori, relatore, спикеры, докладчики, докладчик, участники, выступающие, 发言人, 演讲嘉宾, 嘉宾, 主讲人, "
    "演讲人, المتحدثون, المتحدثين, المشاركون, presentation by, remarks by, interventions by, presentations by, "
    "speech by, lecture by, talk by, keynote by, keynote address by, keynote speech by, keynote remarks by",
    "moderator": "moderator, moderators, moderated by, anime par, animee par, modere par, moderee par, "
    "moderado por, moderada por, moderiert von, master of ceremony, mistress of ceremonies, moderation, facilitator, "
    "facilitators, facilitated by, host, mc, master of ceremonies, moderator and host, panel moderator, "
    "session moderator, moderateur, moderatrice, moderateurs, animateur, animatrice, animation, facilitateur, "
    "facilitatrice, moderateur/moderatrice, moderador, moderadora, moderadores, modera, moderacion, facilitador, "
    "facilitadora, moderatorin, moderatore, модератор, ведущий, 主持人, 主持, مدير الجلسة, المنسق, ميسر الجلسة",
    "chair": "chair, chairs, co-chair, co-chairs, chaired by, co-chaired by, chairperson, chairpersons, "
    "session chair, chairman, chairwoman, presided by, president de seance, presidente de seance, presidence, preside, "
    "presidencia, copresidencia, vorsitz, председатель, 主席, الرئيس",
    "opening": "opening remarks, opening, opening remark, opening address, opening statement, "
    "opening statements, opening speech, opening session, opening and welcome, welcome, welcome remarks, "
    "welcoming remarks, welcome address, welcome and opening, welcome and opening remarks, introductory remarks, "
    "welcome and introduction, opening remarks by, welcome remarks by, welcome by, opening by, introduction by, "
    "ouverture, mot d'ouverture, mots d'ouverture, allocution d'ouverture, allocutions d'ouverture, mot de bienvenue, "
    "mots de bienvenue, remarques liminaires, remarques d'ouverture, discours d'ouverture, propos liminaires, "
    "apertura, palabras de apertura, palabras de bienvenida, bienvenida, inauguracion, palabras inaugurales, "
    "discurso de apertura, observaciones iniciales, eroffnung, begrussung, abertura, boas-vindas, открытие, "
    "приветственное слово, вступительное слово, 开幕致辞, 致辞, 开幕, كلمة افتتاحية, الافتتاح, كلمة الافتتاح, "
    "كلمات افتتاحية",
    "closing": "closing remarks, closing, closing remark, closing address, closing statement, "
    "closing statements, closing session, concluding remarks, wrap-up, wrap up, wrap-up and closing, "
    "conclusion and closing, closing remarks by, final remarks, summary and closing, cloture, mot de cloture, "
    "mots de cloture, remarques de cloture, allocution de cloture, remarques finales, conclusions, "
    "discours de cloture, clausura, palabras de clausura, cierre, palabras de cierre, observaciones finales, "
    "schlusswort, encerramento, закрытие, заключительное слово, 闭幕致辞, 闭幕, كلمة ختامية, الختام",
    "interpreter": "interpreter, interpreters, sign language interpreter, sign language interpreters, interprete, "
    "interpretes, dolmetscher, dolmetscherin, dolmetscherinnen, устный переводчик, переводчики, "
    "переводчик, 口译, 口译员, المترجمون الفوريون, المترجمون",
}
_QUALIFIERS = re.compile(
    r"^(?:(?:confirmed|invited|featured|distinguished|our|the|list of|guest|main|high-level|expert|proposed|tentative"
    r"|panel of|session|meet the|event|les|los|las|nos|nuestros|notre|liste des|lista de|unsere)\s+)+|\s+(?:include"
    r"|includes|will include|are|confirmed so far|so far|confirmes|confirmados)$"
)
_LABEL = re.compile(r"(?P<label>[^:：\n]{1,60}?)\s?[:：]\s*(?P<rest>.*)")
_DASHED = re.compile(r"(?P<label>[^\W\d][\w '’/&-]{2,30}?)\s+[–—-]\s+(?P<rest>\S.*)")


@dataclass(frozen=True, kw_only=True)
class Label:
    """A label that a line begins with: its field, the kind of its people, and the rest of the line after it."""

    field: Field
    kind: str = ""
    rest: str = ""
    note: str = ""  # the text in brackets after the label


def read_label(text: str) -> Label | None:
    """Read the label that a line begins with ("Venue: …") or consists of ("Speakers"); None if it has no label."""
    alone = _known(text.rstrip(" :：")) if len(text) <= 80 else None
    if alone and (alone.field not in ("title", "series") or text.endswith((":", "："))):
        return alone
    for shape in (_LABEL, _DASHED):
        match = shape.fullmatch(text)
        label = _known(match["label"]) if match else None
        if (
            match
            and label
            and not match["rest"].startswith("//")
            and (shape is _LABEL or label.field in ("people", "date", "venue"))
        ):
            return Label(field=label.field, kind=label.kind, rest=match["rest"].strip(), note=label.note)
    return None


def _known(label: str) -> Label | None:
    bracket = re.search(r"\s*\(([^()]*)\)?\s*$", label) if "(" in label else None
    bare = label[: bracket.start()] if bracket else label
    words = " ".join(fold(bare).strip(" .*•:").split())
    if "/" in words and words not in _table():  # "Venue / Lieu"
        both = [_table().get(part.strip()) for part in words.split("/")]
        return both[0] if all(both) and len({label.field for label in both if label}) == 1 else None
    known = _table().get(words) or _table().get(" ".join(_QUALIFIERS.sub("", words).split()))
    return replace(known, note=bracket[1].strip()) if known and bracket else known


@cache
def _table() -> dict[str, Label]:
    labels = {Label(field=field): words for field, words in _FIELDS.items()}
    labels |= {Label(field="people", kind=kind): words for kind, words in _PEOPLE.items()}
    return {fold(word.strip()): label for label, words in labels.items() for word in words.split(",")}
