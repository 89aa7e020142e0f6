"""Tables as organisations have them: each field that must not be wrong in silence, and what is held."""

from collections.abc import Callable
from datetime import date, time

import pytest
from openpyxl import Workbook

from .tables import events_of, saved, told, xlsx


def _french_secretary() -> bytes:
    return xlsx(
        [
            ["Programme des webinaires 2027"],
            [],
            ["Intitulé", "Date", "Heure de début", "Heure de fin", "Fuseau horaire", "Intervenants", "Lieu", "Statut"],
            [
                *("Les ondes et la mer", date(2027, 4, 3), time(14, 30), time(16, 0), "Europe/Paris"),
                "Mme Ada Lovelace, directrice de la recherche, Radio Club\nDr Alan Turing (Université d'Exemple)",
                *("En ligne", "Confirmé"),
            ],
            [
                *("Le phare", date(2027, 5, 8), time(9, 0), time(10, 30), "heure de Genève"),
                *("M. Charles Babbage", "Genève", "Annulé"),
            ],
        ]
    )


def _merged_day() -> bytes:
    book = Workbook()
    sheet = book["Sheet"]
    sheet.append(["Date", "Start", "End", "Zone", "Title", "Speaker"])
    sheet.append([date(2027, 1, 9), time(9), time(10), "CET", "Opening", "Ada Lovelace"])
    sheet.append([None, time(10), time(11), "CET", "Waves", "Alan Turing"])
    sheet.append([None, time(14), time(15), "CET", "Ships", "Grace Hopper"])
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[4].hidden = True
    return saved(book)


TABLES: dict[str, tuple[str, str | Callable[[], bytes] | bytes, list[str]]] = {
    "a French secretary's sheet, with a merged title": (
        "programme.xlsx",
        _french_secretary,
        [
            "Les ondes et la mer | 2027-04-03T14:30 16:00 Europe/Paris | Mme Ada Lovelace, directrice de la recherche, "
            "Radio Club; Dr Alan Turing, Université d'Exemple",
            "Le phare | 2027-05-08T09:00 10:30 Europe/Zurich | cancelled | M. Charles Babbage",
        ],
    ),
    "a German CSV of Excel, in Windows-1252": (
        "programm.csv",
        (
            "Titel;Datum;Beginn;Ende;Zeitzone;Referent/in;Organisation;E-Mail-Adresse\r\n"
            "Über Wellen;03.04.2027;14:30;15:45;Europe/Berlin;Dr. Käthe Müller;Universität Beispiel;"
            "kaethe@example.org\r\n"
            "Grüße aus dem Äther;08.05.2027;9:00;10:00;MESZ;Jörg Groß;;\r\n"
        ).encode("cp1252"),
        [
            "Über Wellen | 2027-04-03T14:30 15:45 Europe/Berlin | "
            "Dr. Käthe Müller, Universität Beispiel, kaethe@example.org",
            "Grüße aus dem Äther | 2027-05-08T09:00 10:00 Europe/Berlin | Jörg Groß",
        ],
    ),
    "a German programme with a weekday that does not fit": (
        "programm.csv",
        "Wochentag;Datum;Uhrzeit;Thema;Vortragende\n"
        "Samstag;3.4.2027;14:30 - 15:45 Uhr;Wellen;Ada Lovelace\n"
        "Montag;8.5.2027;14:30 - 15:45 Uhr;Schiffe;\n",
        [
            "Wellen | 2027-04-03T14:30 15:45 UTC | Ada Lovelace | held: timezone",
            "Schiffe | 2027-05-08T14:30 15:45 UTC |  | held: start, timezone",
        ],
    ),
    "a Russian table": (
        "plan.csv",
        "Название;Дата;Время начала;Время окончания;Часовой пояс;Докладчик;Организация\n"
        "Как летят волны;3 апреля 2027 г.;14:30;15:45;Москва;Иванов Иван Петрович;МГУ\n"
        "Маяки;08.05.2027;10:00;11:00;UTC+3;Анна Смирнова;РАН\n",
        [
            "Как летят волны | 2027-04-03T14:30 15:45 Europe/Moscow | Иванов Иван Петрович, МГУ",
            "Маяки | 2027-05-08T10:00 11:00 Etc/GMT-3 | Анна Смирнова, РАН",
        ],
    ),
    "a Chinese table": (
        "plan.csv",
        "主题,日期,开始时间,结束时间,时区,主讲人,单位\n"
        "无线电波,2027年4月3日,14:30,15:45,北京,王小明,清华大学\n"
        "灯塔,2027/5/8,下午2:30,下午3:45,Asia/Shanghai,李华；张伟,\n",
        [
            "无线电波 | 2027-04-03T14:30 15:45 Asia/Shanghai | 王小明, 清华大学",
            "灯塔 | 2027-05-08T14:30 15:45 Asia/Shanghai | 李华; 张伟",
        ],
    ),
    "a Spanish table, where one day settles the order": (
        "programa.csv",
        "Título;Fecha;Hora de inicio;Duración;Zona horaria;Ponente;Cargo;Institución;Correo electrónico\n"
        "Cómo viajan las ondas;13/04/2027;16:00;90 min;America/Bogota;Dra. Ada Lovelace;Directora;Radio Club;"
        "ada@example.org\n"
        "El faro;03/05/2027;16:00;1h30;Bogotá;Alan Turing;;;\n",
        [
            "Cómo viajan las ondas | 2027-04-13T16:00 17:30 America/Bogota | "
            "Dra. Ada Lovelace, Directora, Radio Club, ada@example.org",
            "El faro | 2027-05-03T16:00 17:30 America/Bogota | Alan Turing",
        ],
    ),
    "an Italian table with dots in its times": (
        "programma.csv",
        "Titolo;Data;Ora di inizio;Ora di fine;Fuso orario;Relatori\n"
        "Come viaggiano le onde;3 aprile 2027;14.30;15.45;Roma;Ada Lovelace (CERN)\n",
        ["Come viaggiano le onde | 2027-04-03T14:30 15:45 Europe/Rome | Ada Lovelace, CERN"],
    ),
    "a Portuguese table": (
        "programa.csv",
        "Título,Data,Horário,Fuso horário,Palestrante,E-mail\n"
        "Como viajam as ondas,3 de abril de 2027,18h00 às 19h30,America/Sao_Paulo,Profa. Ada Lovelace,"
        "ada@example.org\n",
        ["Como viajam as ondas | 2027-04-03T18:00 19:30 America/Sao_Paulo | Profa. Ada Lovelace, ada@example.org"],
    ),
    "an export like Eventbrite's": (
        "events.csv",
        "Event ID,Event Name,Event Status,Start Date,Start Time,End Date,End Time,Timezone,Organizer Name,URL,Sold\n"
        "812345678901,How waves travel,live,2027-04-03,2:30 PM,2027-04-03,3:45 PM,America/New_York,Radio Club,"
        "https://example.org/e/1,12\n"
        "812345678902,How ships talk,canceled,2027-05-08,10:00 AM,2027-05-08,11:00 AM,America/New_York,Radio Club,"
        "https://example.org/e/2,0\n",
        [
            "How waves travel | 2027-04-03T14:30 15:45 America/New_York | ",
            "How ships talk | 2027-05-08T10:00 11:00 America/New_York | cancelled | ",
        ],
    ),
    "an export like Zoom's": (
        "webinars.csv",
        "Topic,Webinar ID,Start Time,Duration (minutes),Time Zone,Host,Registrants\n"
        'How waves travel,812 3456 7890,"Apr 3, 2027 02:30 PM",75,(GMT+02:00) Europe/Zurich,host@example.org,10\n'
        'How ships talk,812 3456 7891,"May 8, 2027 10:00 AM",60,(GMT-05:00) Eastern Time (US and Canada),'
        "h@example.org,3\n",
        [
            "How waves travel | 2027-04-03T14:30 15:45 Europe/Zurich | ",
            "How ships talk | 2027-05-08T10:00 11:00 America/New_York | ",
        ],
    ),
    "a calendar that Outlook exported": (
        "calendar.csv",
        '"Subject","Start Date","Start Time","End Date","End Time","All day event","Description","Location"\n'
        '"How waves travel","4/13/2027","2:30:00 PM","4/13/2027","3:45:00 PM","False","Text","Online"\n'
        '"How ships talk","5/8/2027","10:00:00 AM","5/8/2027","11:00:00 AM","False","","Room 1"\n',
        [
            "How waves travel | 2027-04-13T14:30 15:45 UTC |  | held: timezone",
            "How ships talk | 2027-05-08T10:00 11:00 UTC |  | held: timezone",
        ],
    ),
    "a conference by room, with a line for each day": (
        "conference.csv",
        "Programme of the Radio Days,,,,\n,,,,\nTime (CEST),Room,Title,Speaker,Affiliation\n"
        '"Saturday, 3 April 2027",,,,\n'
        "09:00-09:45,Hall A,Opening,Ms. Ada Lovelace,Radio Club\n"
        "10:00-10:45,Hall B,How waves travel,Alan Turing,University of Example\n"
        '"Sunday, 4 April 2027",,,,\n'
        "09:00-09:45,Hall A,How ships talk,Grace Hopper,Navy\n",
        [
            "Opening | 2027-04-03T09:00 09:45 Europe/Paris | Ms. Ada Lovelace, Radio Club",
            "How waves travel | 2027-04-03T10:00 10:45 Europe/Paris | Alan Turing, University of Example",
            "How ships talk | 2027-04-04T09:00 09:45 Europe/Paris | Grace Hopper, Navy",
        ],
    ),
    "a sheet with a merged day and a hidden row": (
        "programme.xlsx",
        _merged_day,
        [
            "Opening | 2027-01-09T09:00 10:00 Europe/Paris | Ada Lovelace",
            "Waves | 2027-01-09T10:00 11:00 Europe/Paris | Alan Turing",
            "Ships | 2027-01-09T14:00 15:00 Europe/Paris | Grace Hopper | held: name",
        ],
    ),
    "a row for each speaker, the cells of the event empty below": (
        "speakers.csv",
        "Title,Date,Start,End,Timezone,Speaker,Role,Organization,Email\n"
        "How waves travel,2027-04-03,14:30,15:45,Europe/Zurich,Ada Lovelace,Head of Research,Radio Club,"
        "ada@example.org\n"
        ",,,,,Alan Turing,Professor,University,alan@example.org\n"
        ",,,,,Grace Hopper,Moderator,Navy,grace@example.org\n"
        "How ships talk,2027-05-08,14:30,15:45,Europe/Zurich,Mary Somerville,,,\n",
        [
            "How waves travel | 2027-04-03T14:30 15:45 Europe/Zurich | Ada Lovelace, Head of Research, Radio Club, "
            "ada@example.org; Alan Turing, Professor, University, alan@example.org; "
            "moderator, Grace Hopper, Navy, grace@example.org",
            "How ships talk | 2027-05-08T14:30 15:45 Europe/Zurich | Mary Somerville",
        ],
    ),
    "a row for each speaker, the event repeated, not one below the other": (
        "speakers.csv",
        "Session Title,Date,Start,End,Timezone,First Name,Last Name,Company,Email Address\n"
        "How waves travel,2027-04-03,14:30,15:45,Europe/Zurich,Ada,Lovelace,Radio Club,ada@example.org\n"
        "How ships talk,2027-05-08,14:30,15:45,Europe/Zurich,Mary,Somerville,,\n"
        "How waves travel,2027-04-03,14:30,15:45,Europe/Zurich,Alan,Turing,University,alan@example.org\n",
        [
            "How waves travel | 2027-04-03T14:30 15:45 Europe/Zurich | "
            "Ada Lovelace, Radio Club, ada@example.org; Alan Turing, University, alan@example.org",
            "How ships talk | 2027-05-08T14:30 15:45 Europe/Zurich | Mary Somerville",
        ],
    ),
    "the answers of a form, with numbered speakers": (
        "answers.csv",
        "Timestamp,Talk title,Date,Start time,End time,Time zone,Speaker 1,Speaker 1 Email,Speaker 2,Speaker 2 Email\n"
        "11/27/2026 10:00:00,How waves travel,2027-04-03,14:30:00,15:45:00,CET,Ada Lovelace,ada@example.org,"
        "Alan Turing,alan@example.org\n",
        [
            "How waves travel | 2027-04-03T14:30 15:45 Europe/Paris | "
            "Ada Lovelace, ada@example.org; Alan Turing, alan@example.org | held: timezone"
        ],
    ),
    "an export of a program, with offsets": (
        "export.csv",
        "id,title,start,end,timezone,status\n"
        "waves-2027,How waves travel,2027-04-03T12:30:00Z,2027-04-03T13:45:00Z,Europe/Zurich,scheduled\n"
        "ships-2027,How ships talk,2027-05-08T14:30:00+02:00,2027-05-08T15:45:00+02:00,,postponed\n"
        "keys,Keys,2027-05-09T14:30:00+02:00,2027-05-09T15:45:00+02:00,America/New_York,\n",
        [
            "How waves travel | 2027-04-03T14:30 15:45 Europe/Zurich | ",
            "How ships talk | 2027-05-08T14:30 15:45 Etc/GMT-2 | postponed | ",
            "Keys | 2027-05-09T08:30 09:45 America/New_York |  | held: start",
        ],
    ),
    "an American table that leaves everything open": (
        "events.csv",
        "Event,Date,Time,Speaker\n"
        "How waves travel,3/4/2027,2:30,Ada Lovelace\n"
        'How ships talk,5/8/2027,10:00 AM EST,"Lovelace, Ada"\n',
        [
            "How waves travel | 2027-04-03T02:30 03:30 UTC | Ada Lovelace | held: end, start, timezone",
            "How ships talk | 2027-08-05T10:00 11:00 America/New_York | Ada Lovelace | held: end, start, timezone",
        ],
    ),
    "an American table that leaves nothing open": (
        "events.csv",
        "Event,Date,Time,Time Zone,Speaker\n"
        "How waves travel,3/4/2027,2:30 PM - 3:30 PM,ET,Ada Lovelace\n"
        "How ships talk,5/18/2027,10:00 AM - 11:00 AM,ET,TBC\n",
        [
            "How waves travel | 2027-03-04T14:30 15:30 America/New_York | Ada Lovelace",
            "How ships talk | 2027-05-18T10:00 11:00 America/New_York | ",
        ],
    ),
    "cells that were copied from a spreadsheet and pasted": (
        "paste",
        "Title\tDate\tStart\tEnd\tTime zone\tSpeakers\n"
        "How waves travel\t3 April 2027\t14:30\t15:45\tGeneva\tAda Lovelace; Dr. Alan Turing (CERN)\n",
        ["How waves travel | 2027-04-03T14:30 15:45 Europe/Zurich | Ada Lovelace; Dr. Alan Turing, CERN"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_table_of_a_stranger_is_read_or_held(name: str) -> None:
    file, content, expected = TABLES[name]

    assert [told(event) for event in events_of(content() if callable(content) else content, file)] == expected
