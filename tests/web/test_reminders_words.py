"""What people text: every way to stop, and what must not stop; steps and dates in the ways people write them."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.language import format_date_long
from webapp.reminders import written_date
from webapp.reminders.words import lang_of, opt_out_words, read

TODAY = date(2026, 12, 1)  # a Tuesday

# law/sms-privacy.md section 2, word for word.
SPECIFIED = (
    *(
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "OPT-OUT",
        "REMOVE",
        "ARRET",
        "TD",
    ),
    *("ALTO", "PARAR", "PARE", "DETENER", "BASTA", "CANCELAR", "BAJA", "SALIR", "TERMINAR"),
    *("STOP ALL", "OPT OUT", "STOP PLEASE", "REMOVE ME", "NO MORE", "NO MAS", "NO MÁS", "YA NO", "NO ENVIAR"),
)


def accented(word: str) -> str:
    return word.translate(str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ"))


@pytest.mark.parametrize("word", SPECIFIED)
@pytest.mark.parametrize(
    "written",
    [
        str, str.lower, str.title, str.swapcase, accented, "  {} ".format, "{}.".format, "¡{}!".format, "{}!!!".format,
        "\"{}\"".format, "*{}*".format, "{} 🛑".format, "{}\n".format, "{}, please".format, "por favor {}".format,
        "{} now".format, lambda word: unicodedata.normalize("NFD", accented(word)), lambda word: f"{word} {word}",
    ],
)  # fmt: skip
def test_every_word_of_the_specification_stops(word: str, written: object) -> None:
    assert callable(written)
    assert read(written(word), TODAY).kind == "stop", written(word)


@pytest.mark.parametrize("said", ["wrong number", "WRONG NUMBER!", "Número equivocado", "you have the wrong person"])
def test_a_wrong_number_stops_and_forgets(said: str) -> None:
    assert read(said, TODAY).kind == "wrong"


@pytest.mark.parametrize(
    "said",
    [
        "Please stop texting me", "stop sending me these", "I don't want these texts anymore", "do not text me again",
        "Don’t text this number", "leave me alone", "take me off your list", "Remove my number", "unsubscribe me now",
        "no more messages", "quit messaging me", "I revoke my consent", "not interested", "fuck off",
        "please opt me out",
        "Stop it", "STOP STOP STOP", "ok stop", "end it", "I want to cancel", "stpo", "Unsuscribe", "s.t.o.p",
        "S T O P",
        "Ya no me manden mensajes", "no me escriban más", "No quiero más mensajes", "dejen de mandar mensajes",
        "déjenme en paz", "quiten mi número", "ya no quiero recibir mensajes", "no me vuelvan a escribir", "ya basta",
        "no más, gracias", "Alto por favor", "para", "quiero darme de baja", "No gracias", "bórrenme",
    ],
)  # fmt: skip
def test_free_text_that_reads_as_refusal_stops(said: str) -> None:
    assert read(said, TODAY).kind in ("stop", "wrong")


@pytest.mark.parametrize(
    "said",
    [
        "when does it end?", "When does it END", "how do I cancel my hearing?", "can I stop paying the fine", "",
        "do I have to quit my job to go", "the bus stop is far", "I can't find the end of the form", "👍", "...",
        "¿Cuándo termina?", "la corte no me mandó nada", "quiero que borren mi caso", "I don't want to go to court",
        "they never send me the paper", "me quitaron la licencia", "¿puedo cancelar la audiencia?", "1", "hola",
        "where is the exit of the garage", "no quiero ir a la corte", "para qué es esto",
        "the judge said remove the fee",
    ],
)  # fmt: skip
def test_what_only_holds_such_a_word_does_not_stop(said: str) -> None:
    assert read(said, TODAY).kind == "unknown"


def test_no_word_that_does_something_else_is_a_word_that_stops() -> None:
    others = ["FILED", "PRESENTADO", "SERVED", "HEARING", "AUDIENCIA", "STATUS", "ESTADO", "GRANTED", "DENIED", "DONE"]
    others += ["HECHO", "UNDO", "DESHACER", "HELP", "AYUDA", "INFO", "INFORMACIÓN", "START", "YES", "SI", "SÍ", "ALTA"]
    assert not [word for word in others if read(word, TODAY).kind in ("stop", "wrong", "unknown")]
    assert not {word.lower() for word in others} & opt_out_words()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *((said, "help") for said in ("HELP", "help!", "Info", "AYUDA", "ayúdame", "información", "who is this?")),
        *((said, "yes") for said in ("YES", "yes please", "Y", "START", "unstop", "SI", "Sí", "sí, gracias", "INICIAR",
                                     "Empezar", "ALTA", "de acuerdo")),
        *((said, "no") for said in ("NO", "no.", "nope")),
        *((said, "filed") for said in ("FILED", "filed it", "I filed my papers", "I already filed them", "PRESENTADO",
                                       "ya lo presenté", "Presentada.", "ya presentado")),
        *((said, "served") for said in ("SERVED", "served the papers", "ENTREGADO", "ya fue entregado")),
        *((said, "status") for said in ("STATUS", "status?", "my status", "ESTADO", "estatus")),
        *((said, "granted") for said in ("GRANTED", "it was granted!", "APROBADO", "fue aprobado", "approved")),
        *((said, "denied") for said in ("DENIED", "they denied it", "NEGADO", "la negaron")),
        *((said, "done") for said in ("DONE", "done!", "HECHO", "ya está", "listo")),
        *((said, "undo") for said in ("UNDO", "undo it", "DESHACER")),
        # The opposite of a step is no step.
        *((said, "unknown") for said in ("not filed", "I have not filed yet", "no he presentado", "didn't file",
                                         "filed?? when", "todavía no está hecho", "was it granted or what",
                                         "cuando es mi audiencia", "did they serve it")),
    ],
)  # fmt: skip
def test_what_is_understood(said: str, kind: str) -> None:
    assert read(said, TODAY).kind == kind


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("HEARING 3/14", date(2027, 3, 14)),
        ("hearing 3/14/27", date(2027, 3, 14)),
        ("Hearing: 03-14-2027", date(2027, 3, 14)),
        ("hearing on March 14", date(2027, 3, 14)),
        ("Hearing Mar. 14th, 2027 at 8:30am", date(2027, 3, 14)),
        ("my hearing is dec 15 9am dept 5", date(2026, 12, 15)),
        ("court date is tuesday dec 15", date(2026, 12, 15)),
        ("hearing 2027-03-14", date(2027, 3, 14)),
        ("hearing 3.14.2027", date(2027, 3, 14)),
        ("hearing 12 15", date(2026, 12, 15)),
        ("hearing 14/3", date(2027, 3, 14)),
        ("hearing tomorrow", date(2026, 12, 2)),
        ("AUDIENCIA 3/14", date(2027, 3, 14)),
        ("Audiencia el 14 de marzo", date(2027, 3, 14)),
        ("mi audiencia es el 14 de marzo del 2027 a las 8:30", date(2027, 3, 14)),
        ("audiencia marzo 14", date(2027, 3, 14)),
        ("tengo audiencia", None),
        ("audiencia: lunes 14 de diciembre", date(2026, 12, 14)),
        ("audiencia mañana", date(2026, 12, 2)),
        ("Audiencia 1ro de febrero", date(2027, 2, 1)),
        ("audiencia feb 29", date(2028, 2, 29)),
        ("3/14/2027", date(2027, 3, 14)),
        ("14 de marzo", date(2027, 3, 14)),
        # Today is ahead; yesterday is a year away.
        ("hearing 12/1", date(2026, 12, 1)),
        ("hearing 11/30", date(2027, 11, 30)),
    ],
)  # fmt: skip
def test_dates_of_a_hearing(said: str, day: date | None) -> None:
    assert read(said, TODAY).day == day


@pytest.mark.parametrize(
    "said",
    ["hearing 13/40", "hearing 2/30", "hearing 3/14 or 3/15", "hearing monday 3/14/2027", "hearing soon",
     "hearing 2/29/2027",
     "hearing 99", "hearing 3/14/15/16", "hearing next week", "audiencia el lunes"],
)  # fmt: skip
def test_dates_that_are_none_are_asked_for_again(said: str) -> None:
    heard = read(said, TODAY)
    assert (heard.kind, heard.day, heard.dated) == ("hearing", None, True)


@pytest.mark.parametrize(
    ("said", "number", "day"),
    [
        ("HEARING 2 3/14", 2, date(2027, 3, 14)),
        ("hearing #2, March 14", 2, date(2027, 3, 14)),
        ("audiencia numero 2 14 de marzo", 2, date(2027, 3, 14)),
        ("FILED 2", 2, None),
        ("filed #3", 3, None),
        ("FILED 2 11/20", 2, date(2026, 11, 20)),
        ("filed 11/20", None, date(2026, 11, 20)),
        ("filed yesterday", None, date(2026, 11, 30)),
        ("presentado ayer", None, date(2026, 11, 30)),
        ("served nov 20", None, date(2026, 11, 20)),
        ("granted 11/2", None, date(2026, 11, 2)),
        # What is done lies behind: 3/14 was in March.
        ("FILED 3/14", None, date(2026, 3, 14)),
    ],
)
def test_which_petition_and_when(said: str, number: int | None, day: date | None) -> None:
    heard = read(said, TODAY)
    assert (heard.number, heard.day) == (number, day)


@given(st.dates(date(2026, 12, 1), date(2027, 11, 30)), st.sampled_from(["en", "es"]), st.booleans())
def test_every_day_is_read_as_we_write_it(day: date, lang: str, ahead: bool) -> None:
    assert written_date.read(format_date_long(day, lang), TODAY, ahead=ahead) == day
    assert written_date.read(f"{day.month}/{day.day}/{day.year}", TODAY, ahead=ahead) == day
    assert written_date.read(f"{day.month}/{day.day}", TODAY, ahead=True) == day
    assert written_date.read(day.isoformat(), TODAY, ahead=ahead) == day
    past = written_date.read(f"{day.month}/{day.day}", TODAY, ahead=False)
    assert past is not None
    assert TODAY - timedelta(days=1461) < past <= TODAY


@given(st.text(max_size=500))
def test_anything_can_be_texted(said: str) -> None:
    assert read(said, TODAY).kind
    assert lang_of(said) in ("en", "es")


def test_the_language_of_a_stranger() -> None:
    assert [lang_of(said) for said in ("Stop", "ALTO", "ayuda por favor", "who is this", "¿quién es?")] == [
        "en", "es", "es", "en", "es"
    ]  # fmt: skip
