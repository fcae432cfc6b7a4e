"""The page on top of each form: what it is, what it asks for, and every step from the kitchen table to the judge's
order.

A clerk meets a hundred people who were never told whom to serve or that nothing is owed. So the page says, in the
person's language and in the order of doing: check, complete, sign, copy, serve, file, wait. Each fact about filing
comes from `law/11361-8.md` section 8, `law/courts.md` sections 2, 3 and 6 and `forms/filing-facts.md`; what those
leave open ("ask the clerk") stays open here. The forms themselves stay in English, as courts require; their words
are quoted as printed.

    cover_blocks(paper, lang="es", as_of=date(2026, 11, 22), blank_here=True)     # -> blocks for forms.cover

In this module `_` is bound to one language by each function: papers are made outside a request too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import forms
from forms import AnswerSheetWords, Block, Boxes, Heading, Note, Paragraph, Rows, Steps
from rules import CountFindings
from rules.explanation import flag_words, or_more, relief_words, said
from rules.facts import dictionary
from rules.offense import Offense, written
from webapp.language import SOURCE, format_date_long, translate
from webapp.packet.companions import ORDERS, PROOFS, Manner, Served
from webapp.packet.courts import court_of
from webapp.packet.filing import (
    ROUTE_OF_FORM,
    Route,
    copies_words,
    county_of,
    efile_words,
    envelope_words,
    fee_words,
    local_form_words,
    office_words,
    offices_to_serve,
    paper_words,
    questions,
    service_words,
    timing_words,
)
from webapp.packet.filing_dates import FilingDates
from webapp.packet.papers import Paper

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Beside:
    """What follows the cover page: the forms in their order, which of them are the official ones (the others are sheets
    to copy from), the offices that get a copy and how, and the days that follow from the day of filing."""

    forms: tuple[str, ...]
    here: frozenset[str]
    offices: tuple[Served, ...] = ()
    manner: Manner = "unknown"
    dates: FilingDates | None = None


FLAGS_ON_PAPER = frozenset(
    {"public_safety_exception", "smit_timing", "presumption_only", "lawyer", "auto_relief_likely"}
)
"""The flags that still matter when the paper is in hand; the others only ask for facts."""

SELF_HELP = "selfhelp.courts.ca.gov/jcc-form/"


def offense_label(count: CountFindings, lang: str) -> str:
    """'HS 11357(b), misdemeanor': the count as a court paper writes it, with its level where known."""
    _: Say = partial(translate, lang)
    c = count.count
    section = _("A conviction")
    if c.offense:
        section = written(Offense(c.offense, c.subdivision, bool(c.attempt), c.paragraph))
    if not c.level:
        return section
    level = _(dictionary()["level"].choices[c.level])
    return _("%(section)s, %(level)s", section=section, level=level[:1].lower() + level[1:])


def asked_words(count: CountFindings, lang: str) -> str:
    """What the law says about this count, and what the form asks for it, in the words of the results page."""
    _: Say = partial(translate, lang)
    found = count.best
    says = said(found, _)
    relief = relief_words(found)
    if not relief:
        return says
    if or_more(found):
        asks = _("You can ask the court to %(relief)s, or better.", relief=_(relief))
    else:
        asks = _("You can ask the court to %(relief)s.", relief=_(relief))
    return f"{says} {asks}"


def revision(form: str) -> str:
    """'CR-400 [Rev. January 1, 2024]', as printed in the footer of the form."""
    spec = forms.specs().get(form)
    return f"{form} [{spec.revision_printed}]" if spec else form


def disclaimer(lang: str) -> str:
    return translate(lang, "This is legal information, not legal advice. We are not your lawyers. The judge decides.")


def page_of(lang: str) -> str:
    return translate(lang, "Page %(page)s of %(pages)s")


def case_title(paper: Paper, lang: str) -> str:
    """The name of a case's papers: heading, bookmark, page."""
    _: Say = partial(translate, lang)
    where = {"county": paper.county, "number": paper.number, "total": paper.total}
    if paper.total > 1:
        if paper.county:
            return _("Your papers, part %(number)s of %(total)s: %(county)s County", **where)
        return _("Your papers, part %(number)s of %(total)s", **where)
    return _("Your papers for %(county)s County", **where) if paper.county else _("Your papers for the court")


def cover_blocks(paper: Paper, beside: Beside, *, lang: str, as_of: date) -> list[Block]:
    """The cover page of one petition: what it asks for, every step, what it costs, what happens next."""
    return [
        Heading(case_title(paper, lang)),
        *_what(paper, beside, lang, as_of),
        *_unknown_sentence(paper, lang),
        *_open_boxes(paper, lang),
        Note(immigration(lang)),
        *_call(paper, lang),
        Heading(translate(lang, "What to do"), 2),
        Steps(tuple(_steps_of(paper)(paper, beside, lang))),
        *_days(beside, lang),
        *_money(paper, beside, lang),
        Heading(translate(lang, "What happens next"), 2),
        *(Paragraph(text) for text in next_words(paper, lang)),
        Heading(translate(lang, "What this does and does not do"), 2),
        Paragraph(effect_of(paper, lang)),
    ]


def title_of(form: str) -> str:
    """The title as the court prints it: quoted everywhere, so never translated."""
    return forms.specs()[form].title


def form_words(form: str, lang: str) -> str:
    """What one form of the packet is, in a line."""
    _: Say = partial(translate, lang)
    return {
        "CR-106": _("says that the copies were delivered. The person who did it fills it in and signs."),
        "CR-180": _("the petition, filled in with your answers."),
        "CR-181": _("the order. Only its top is filled in. The judge fills in the rest."),
        "CR-400": _("the petition, filled in with your answers."),
        "CR-401": _("says that the copies were delivered. The person who did it fills it in and signs."),
        "CR-403": _("the order. Only its top is filled in. The judge fills in the rest."),
        "CR-409": _("the petition, filled in with your answers."),
        "CR-410": _("the order. Only its top is filled in. The judge fills in the rest."),
        "FW-001": _("only if a clerk asks for money: it asks the judge to let you file without paying."),
        "FW-003": _("goes with FW-001. The court fills it in."),
        "JV-744": _("the petition, filled in with your answers."),
        "JV-744A": _("goes with JV-744: the other offenses of the case."),
        "MC-031": _("your own words for the judge. You sign it under penalty of perjury."),
    }[form]


def _call(paper: Paper, lang: str) -> list[Block]:
    """What only the clerk can say, as one call: in the reader's language, and in English, which the clerk speaks."""
    county = county_of(paper.county)
    if county is None:
        return []
    told = questions(county, lang, _route(paper))
    spoken = questions(county, SOURCE, _route(paper))
    asked = tuple(text if text == english else f"{text}\n{english}" for text, english in zip(told, spoken, strict=True))
    court = court_of(county.name)
    known = translate(lang, "The phone number we know for this court is %(phone)s.", phone=court.phone) if court else ""
    first = translate(lang, "Courts do this in different ways. One call saves you a trip. Ask:")
    return [
        Heading(translate(lang, "Call the clerk first"), 2),
        Paragraph(f"{known} {first}".strip()),
        Boxes(tuple((False, text) for text in asked)),
    ]


def _days(beside: Beside, lang: str) -> list[Block]:
    """The days that follow from the day on which the person says they will file."""
    if beside.dates is None:
        return []
    _: Say = partial(translate, lang)
    shown = partial(format_date_long, lang=lang)
    return [
        Heading(_("Your days"), 2),
        Boxes(
            (
                (False, _("You take the papers to the clerk on %(day)s.", day=shown(beside.dates.filed))),
                (
                    False,
                    _(
                        "If the copy is handed over that day, the 15 days of the prosecutor end on %(day)s.",
                        day=shown(beside.dates.by_hand),
                    ),
                ),
                (False, _("If the copy is mailed that day, they end on %(day)s.", day=shown(beside.dates.by_mail))),
                (False, _("If you have heard nothing by %(day)s, call the clerk.", day=shown(beside.dates.ask))),
            )
        ),
    ]


def _what(paper: Paper, beside: Beside, lang: str, as_of: date) -> list[Block]:
    _: Say = partial(translate, lang)
    number = paper.case_number or _("Not given. Write it on the form by hand.")
    # Each with the revision it was made for, so that a clerk with another one in hand can tell.
    revisions = "\n".join(revision(form) for form in dict.fromkeys((paper.form, *beside.forms)))
    blocks: list[Block] = [
        Rows(
            (
                (_("Name on the case"), paper.name or _("Not given. Write it on the form by hand.")),
                (_("Case number"), number),
                (_("Form"), revisions),
                (_("Made on"), format_date_long(as_of, lang)),
            )
        ),
        Paragraph(_purpose(paper, lang)),
    ]
    if paper.form not in beside.here:
        blocks.append(Note(get_form(paper.form, lang)))
    blocks.append(Heading(_("What the form asks for"), 2))
    blocks.append(Rows(tuple((offense_label(c, lang), asked_words(c, lang)) for c in paper.asked)))
    if paper.left_out:
        blocks.append(Paragraph(_("In the same case, but not asked for on this form:")))
        blocks.append(Rows(tuple((offense_label(c, lang), _left_out_words(c, lang)) for c in paper.left_out)))
    told: dict[str, str] = {}
    for count in paper.asked:
        told |= {name: words for name, words in flag_words(count.best) if name in FLAGS_ON_PAPER}
    blocks += [Paragraph(_(words)) for words in told.values()]
    return blocks


def _purpose(paper: Paper, lang: str) -> str:
    if paper.form == "CR-180":
        return translate(lang, "With this form you ask the court to dismiss your conviction.")
    if paper.form == "CR-409":
        return translate(lang, "With this form you ask the court to seal the record of your arrest.")
    return translate(
        lang,
        "With this form you ask the court to use Proposition 64 (Health and Safety Code 11361.8) on your conviction.",
    )


def _left_out_words(count: CountFindings, lang: str) -> str:
    return said(count.best, partial(translate, lang))


def get_form(form: str, lang: str) -> str:
    """Where to get an official form that is not printed here."""
    _: Say = partial(translate, lang)
    return _(
        "The official form %(form)s is not in these papers. Get it free at the court, or at %(address)s. After this "
        "page there is "
        "a sheet with your answers. Copy them onto the form by hand.",
        form=revision(form),
        address=SELF_HELP + form,
    )


def _open_boxes(paper: Paper, lang: str) -> list[Block]:
    """What to check by hand where the answers do not say which of several boxes is true. Item 2 says "check all that
    apply", items 3 and 5 and CR-409 ask for one."""
    _: Say = partial(translate, lang)
    ticked = frozenset(name for name, value in paper.values.items() if value is True)
    told = []
    unsure = any("probation_outcome" in count.best.would_settle for count in paper.asked)
    if "item_2c" in ticked and unsure:
        told.append(
            _(
                "We do not know how your probation went. So item 2c is checked: it leaves the decision to the judge. "
                "If you finished probation without a violation, check item 2a too. If the judge ended it early, check "
                "item 2b too. With one of these the judge has to say yes."
            )
        )
    if "item_3" in ticked and not ticked & {"item_3a", "item_3b"}:
        told.append(
            _(
                "Item 3 still needs a check mark, by hand. Check 3a if you have obeyed the law since then and owe no "
                "fine. If not, check 3b."
            )
        )
    if "item_5" in ticked and not ticked & {"item_5a", "item_5b", "item_5c"}:
        told.append(
            _(
                "Item 5 still needs one check mark, by hand: 5a for county jail with supervision after it, 5b for "
                "county jail alone, 5c for state prison. Your court papers say which it was. Or ask the clerk or the "
                "public defender."
            )
        )
    if paper.form == "CR-409" and not ticked & {"matter_of_right", "interests_of_justice"}:
        told.append(
            _(
                "The form asks if the court must seal the arrest (as a matter of right), or if the judge decides "
                "(interests of justice). We do not know which it is for you. The public defender or the self-help "
                "center can tell you. Check one by hand."
            )
        )
    return [Note("\n".join(told))] if told else []


def _unknown_sentence(paper: Paper, lang: str) -> list[Block]:
    if paper.sentence != "unknown" or paper.form in ("CR-180", "CR-409"):
        return []
    _: Say = partial(translate, lang)
    how = _(
        "How to know: look at the end date of your probation or parole on your court papers. Or ask the clerk or the "
        "public "
        "defender. Money that you still owe does not count."
    )
    if paper.form == "JV-744":
        over = _(
            "If you finished probation for this, check item 4. If you are still on probation for it, check item 3."
        )
        return [
            Note(
                "\n".join(
                    (_("We do not know if your sentence in this case is over. Check one item by hand."), over, how)
                )
            )
        ]
    return [
        Note(
            "\n".join(
                (
                    _(
                        "We do not know if your sentence in this case is over. So four boxes are still empty. Check "
                        "one pair by hand."
                    ),
                    _(
                        "If it is over: check the box REDESIGNATION OR DISMISSAL/SEALING in the title, and item 2b. "
                        "If it is not over: check the box RESENTENCING OR DISMISSAL in the title, and item 2a."
                    ),
                    how,
                )
            )
        )
    ]


def _steps_of(paper: Paper) -> Callable[[Paper, Beside, str], list[str]]:
    return juvenile_steps if paper.form == "JV-744" else petition_steps


def petition_steps(paper: Paper, beside: Beside, lang: str) -> list[str]:
    """Step by step, from reading to filing: CR-180 (15 days' notice, Penal Code 1203.4(d), 1203.41(e)), CR-400, CR-409
    (prosecutor and arresting agency, 15 days before the hearing, Penal Code 851.91(b)(3))."""
    _: Say = partial(translate, lang)
    steps = [
        _(
            "Read every page. If something is wrong, change your answers and make the papers again, or correct it by "
            "hand."
        )
    ]
    if paper.form not in beside.here:
        steps.append(_("Get the form and copy your answers onto it, in ink."))
    steps += by_hand(paper, lang)
    steps += [*_signing(paper, beside, lang), *_order_words(paper, beside, lang)]
    steps += [copies(paper, lang), *notice_words(paper, beside, lang), proof_words(paper, beside, lang)]
    steps += [where_words(paper, lang), filing_words(paper, beside, lang), *own_form_words(paper, lang)]
    return steps


def _signing(paper: Paper, beside: Beside, lang: str) -> list[str]:
    _: Say = partial(translate, lang)
    steps = []
    if paper.form == "CR-409":
        steps.append(
            _(
                "Sign and date the form by hand, in ink, at the end. You sign under penalty of perjury: everything "
                "in it must be true. Leave item 2 (the hearing) empty."
            )
        )
    else:
        steps.append(
            _(
                "Sign and date the form by hand, in ink, at the end. Leave the boxes FOR COURT USE ONLY and DATE, "
                "TIME, DEPARTMENT empty."
            )
        )
    if paper.form == "CR-400":
        steps.append(_waiver_words(paper, lang))
    if "MC-031" in beside.forms:
        steps.append(
            _(
                "Form MC-031 holds your own words. Sign and date each page of it. You sign under penalty of perjury: "
                "everything in it must be true."
            )
        )
    return steps


def _order_words(paper: Paper, beside: Beside, lang: str) -> list[str]:
    _: Say = partial(translate, lang)
    order = ORDERS.get(paper.form)
    if order is None:
        return []
    named = {"form": order, "title": title_of(order)}
    if order in beside.here:
        return [
            _(
                "Form %(form)s (%(title)s) is for the judge. Only its top is filled in. Do not write or sign "
                "anything on it.",
                **named,
            )
        ]
    return [
        _(
            "The judge decides with form %(form)s (%(title)s). It is not in these papers. Ask the clerk if you should "
            "bring it. Get it free at the court, or at %(address)s. Fill in only its top.",
            **named,
            address=SELF_HELP + order,
        )
    ]


def copies(paper: Paper, lang: str) -> str:
    """How many copies, as far as somebody said for this county."""
    _: Say = partial(translate, lang)
    county = county_of(paper.county)
    yours = _("One copy is for you. The original, with your signature in ink, is for the court.")
    if county is None:
        two = _("Make 2 copies, and one more for each other office that gets one.")
        return f"{two} {yours}"
    said = (
        copies_words(county, lang, _route(paper), ask=False),
        yours,
        paper_words(county, lang, _route(paper), ask=False),
    )
    return " ".join(part for part in said if part)


def _route(paper: Paper) -> Route:
    return ROUTE_OF_FORM[paper.form]


def notice_words(paper: Paper, beside: Beside, lang: str) -> list[str]:
    """Whom to serve, by whom, and when."""
    _: Say = partial(translate, lang)
    who = _(
        "Find a person who is 18 or older, and is not you. This person takes or mails one copy of all your papers to "
        "each office."
    )
    when = {
        "CR-180": _(
            "The prosecutor must have it 15 days before the judge decides. If it goes by mail, make it 20 days."
        ),
        "CR-400": _(
            "The law sets no number of days for this form. To be polite, do it 15 days before the judge looks at it, "
            "or 20 days if by mail."
        ),
        "CR-409": _(
            "First file the petition: the clerk gives you the day of the hearing. They must have it 15 days before "
            "that day. If it goes by mail, make it 20 days."
        ),
    }[paper.form]
    return [f"{who} {when}", *_offices(paper, beside, lang)]


def _offices(paper: Paper, beside: Beside, lang: str) -> list[str]:
    _: Say = partial(translate, lang)
    told = []
    for office in beside.offices:
        if office.address:
            told.append(_("A copy goes to: %(office)s, %(address)s.", office=office.name, address=office.address))
        else:
            told.append(_("A copy goes to: %(office)s. Call and ask where it takes court papers.", office=office.name))
    county = county_of(paper.county)
    known = {office.who for office in beside.offices}
    if paper.form == "CR-409" and "agency" not in known and "office" in known:
        told.append(_("A copy also goes to the police or sheriff that arrested you. Write in the name."))
    if "office" not in known:
        if county is None:
            told.append(
                _(
                    "Most of the time that office is the District Attorney of the county. In some cities, a city "
                    "attorney or city prosecutor handled the misdemeanors. The complaint in your case names the office."
                )
            )
        else:
            agency = next((office.name for office in beside.offices if office.who == "agency"), "")
            form = "CR-180" if agency else paper.form  # the agency has its own line above
            maybe = offices_to_serve(county, None, paper.levels, form=form)
            told.append(" ".join(office_words(county, maybe, lang)))
    if county is not None:
        told.append(service_words(county, lang, _route(paper), ask=False))
    return told


def proof_words(paper: Paper, beside: Beside, lang: str) -> str:
    """The proof of service, which the server completes."""
    _: Say = partial(translate, lang)
    form = PROOFS[paper.form]
    named = {"form": form, "title": title_of(form)}
    if form in beside.here:
        return _(
            "Form %(form)s (%(title)s) is in these papers. The person who gave or mailed the copy fills in the rest "
            "and signs it, under penalty of perjury. Do not sign it yourself.",
            **named,
        )
    return _(
        "The person who gave or mailed the copy fills in and signs form %(form)s (%(title)s). Get it free at the "
        "court, or at %(address)s.",
        **named,
        address=SELF_HELP + form,
    )


def filing_words(paper: Paper, beside: Beside, lang: str) -> str:
    """What is handed in, and what should come back."""
    _: Say = partial(translate, lang)
    county = county_of(paper.county)
    told = [
        _("File the original and the order there. File form %(form)s when it is signed.", form=PROOFS[paper.form])
        if ORDERS.get(paper.form) in beside.here
        else _("File the original there. File form %(form)s when it is signed.", form=PROOFS[paper.form]),
        _("The letter to the clerk, which is after this page, goes on top. It says in English what you hand in."),
    ]
    if county is not None:
        told += [
            efile_words(county, lang, _route(paper), ask=False),
            envelope_words(county, lang, _route(paper), ask=False),
        ]
    else:
        told.append(_("Add an envelope with a stamp and your own address."))
    told.append(_("Ask the clerk to stamp your copy and give it back. Keep it."))
    return " ".join(part for part in told if part)


def own_form_words(paper: Paper, lang: str) -> list[str]:
    """Papers that this county's court has of its own."""
    county = county_of(paper.county)
    told = " ".join(local_form_words(county, lang, _route(paper), ask=False)) if county else ""
    return [told] if told else []


def juvenile_steps(paper: Paper, _beside: Beside, lang: str) -> list[str]:
    """JV-744, step by step: the court itself tells the prosecutor and the probation office."""
    _: Say = partial(translate, lang)
    return [
        _("Get the form and copy your answers onto it, in ink."),
        _("Read the rights in items 5 and 7 of the form. They are yours. Check a box there only if you choose to."),
        *by_hand(paper, lang),
        _("Sign and date the form by hand, in ink, at the end. Leave the boxes for the court empty."),
        _("Make 2 copies. The original, with your signature in ink, is for the court. Keep one copy."),
        where_words(paper, lang),
        _(
            "File it there, in person or by mail. Add a copy and an envelope with a stamp and your own address. If you "
            "have no lawyer, the court sends the copies to the prosecutor and the probation office."
        ),
    ]


def by_hand(paper: Paper, lang: str) -> list[str]:
    """A step for everything that is still empty on this form."""
    _: Say = partial(translate, lang)
    v = {**paper.caption, **paper.values}
    steps = []
    if not (v.get("filer_name") and v.get("filer_street") and v.get("filer_phone")):
        steps.append(
            _(
                "Write what is missing of your name, address and phone number at the top of the form. The court writes "
                "to that address."
            )
        )
    if not v.get("court_county"):
        steps.append(_("Write the county of the court. It is at the top of your court papers."))
    if not paper.court_given:
        steps.append(_("Write the street address, city and ZIP code of the court. The clerk can tell you."))
    if not paper.case_number:
        steps.append(
            _(
                "Write the case number. It is on your court papers. The clerk can look it up with your name and birth "
                "date."
            )
        )
    if paper.form == "CR-180":
        if not v.get("conviction_date"):
            steps.append(_("Write the date of the conviction in item 1. It is on your court papers."))
        if "item_7" in v:
            steps.append(_("Write the date of the dismissal in item 7. It is on your court papers."))
        if any(not v.get(f"count_{n}_level") for n in range(1, 1 + min(5, len(paper.asked)))):
            steps.append(
                _(
                    "Item 1 asks for the level of each conviction. Write if it is a felony, a misdemeanor or an "
                    "infraction."
                )
            )
    elif paper.form == "CR-409":
        steps += _arrest_by_hand(paper, lang)
    elif not any(key.startswith("section_") for key in v):
        steps.append(_("Check the section of each conviction in item 1. It is on your court papers."))
    return steps


def _arrest_by_hand(paper: Paper, lang: str) -> list[str]:
    _: Say = partial(translate, lang)
    v = paper.values
    steps = []
    if not v.get("birth_date"):
        steps.append(_("Write your date of birth in item 1."))
    asked = {"3a": "arrest_date", "3b": "arrest_place", "3c": "arrest_agency"}
    if missing := [item for item, key in asked.items() if not v.get(key)]:
        steps.append(_("Write what is missing about the arrest: item %(items)s of the form.", items=", ".join(missing)))
    if not v.get("arrest_offenses"):
        steps.append(_("Write in item 3e what you were arrested for."))
    if v.get("case_filed") and not v.get("charges_filed"):
        steps.append(_("Write in item 3f what the prosecutor charged."))
    if v.get("interests_of_justice") and not paper.words:
        steps.append(_("In item 3h, write why sealing the arrest is fair. The judge decides."))
    return steps


def _waiver_words(paper: Paper, lang: str) -> str:
    _: Say = partial(translate, lang)
    chosen = (bool(paper.values.get("waive_judge")), bool(paper.values.get("waive_appearance")))
    return {
        (False, False): _(
            "Items 3 and 4 are empty: you keep both rights. Check one only if you choose to give that right up."
        ),
        (True, False): _("Item 3 is checked because you chose that. Item 4 is empty: you keep that right."),
        (False, True): _("Item 4 is checked because you chose that. Item 3 is empty: you keep that right."),
        (True, True): _("Items 3 and 4 are checked because you chose that."),
    }[chosen]


def where_words(paper: Paper, lang: str) -> str:
    """Where to file: the court that convicted; the address we know only as something to ask about."""
    _: Say = partial(translate, lang)
    court = court_of(paper.county)
    if court is None:
        return _(
            "Find out where to file: it is the court that convicted you. Ask its clerk which office takes criminal "
            "papers."
        )
    call = _("The phone number we know for this court is %(phone)s.", phone=court.phone)
    if paper.form == "JV-744":
        where = _(
            "File at the juvenile court of %(county)s County. Ask the clerk for the address.", county=court.county
        )
        return f"{where} {call}"
    where = _(
        "Find out where to file: it is the court that convicted you, the %(court)s. Ask the clerk which building takes "
        "old criminal "
        "cases, and if you may mail or e-file.",
        court=court.name,
    )
    if paper.court_given:
        return f"{where} {call}"
    known = _(
        "One address we know is %(street)s, %(city)s, phone %(phone)s, but it is for small claims. Ask if it is right "
        "for you.",
        street=court.street,
        city=court.city_zip,
        phone=court.phone,
    )
    return f"{where} {known}" if not court.note else f"{where} {known} {_(court.note)}"


def _money(paper: Paper, beside: Beside, lang: str) -> list[Block]:
    _: Say = partial(translate, lang)
    county = county_of(paper.county)
    told = [Paragraph(sentence) for sentence in fee_words(county, lang, _route(paper))] if county else []
    if "FW-001" in beside.forms:
        told.append(
            Paragraph(
                _(
                    "Form FW-001 (%(title)s) and form FW-003 are at the end. Hand them in only if a clerk asks for "
                    "money. Fill in what is missing, and sign FW-001 under penalty of perjury. Form FW-003 is for the "
                    "court.",
                    title=title_of("FW-001"),
                )
            )
        )
    else:
        told.append(
            Paragraph(_("If a clerk asks for money, ask for form FW-001 (%(title)s).", title=title_of("FW-001")))
        )
    return [
        Heading(_("What it costs"), 2),
        Paragraph(_("Nothing. There is no fee to file this. Some old pages still name a fee.")),
        *told,
    ]


def next_words(paper: Paper, lang: str) -> list[str]:
    """What happens after filing."""
    _: Say = partial(translate, lang)
    if paper.form == "JV-744":
        return [
            _(
                "There is no hearing unless you ask for one in item 5. The judge decides on paper. The court "
                "mails you the order."
            )
        ]
    county = county_of(paper.county)
    timing = list(timing_words(county, lang, _route(paper), ask=False)) if county else []
    if paper.form == "CR-409":
        return [
            _(
                "There is a hearing. Go, or ask a lawyer to go for you. If the judge agrees, the court seals the "
                "record and tells the police and the state."
            ),
            *timing,
        ]
    if paper.form == "CR-180":
        return [
            *timing,
            _(
                "The judge decides with the order, form CR-181. Some courts hold a hearing, others decide on paper. If "
                "you get a date, go."
            ),
            _("It often takes one to four months."),
            _(
                "If you hear nothing for two months, call the clerk and ask for the status. Keep the order when it "
                "comes."
            ),
        ]
    told = [
        *timing,
        _(
            "The prosecutor may answer on form CR-402: no objection, or a request for a hearing. The judge decides "
            "with an order, form CR-403."
        ),
    ]
    if paper.sentence != "serving":
        told.append(
            _(
                "Is your sentence over? Then there is no hearing unless you ask for one in the application or the "
                "prosecutor wants one."
            )
        )
    if paper.sentence != "over":
        told.append(
            _(
                "If your sentence is not over, the judge may hold a hearing. If you get a date, go, or ask a lawyer to "
                "go for you."
            )
        )
    told.append(
        _("If you hear nothing for two months, call the clerk and ask for the status. Keep the order when it comes.")
    )
    return told


def effect_of(paper: Paper, lang: str) -> str:
    """What the relief of this petition gives and does not give."""
    if paper.form == "CR-409":
        return arrest_effect_words(lang)
    return dismissal_effect_words(lang) if paper.form == "CR-180" else effect_words(lang)


def arrest_effect_words(lang: str) -> str:
    """What sealing an arrest gives and does not give (Penal Code 851.91(e), 851.92; law/arrests.md)."""
    _: Say = partial(translate, lang)
    gives = _(
        "A sealed arrest counts as if it had not happened, and you may say so. You must still name it to become a "
        "police officer, for public office, for a state or local license, or for the Lottery. In a later case it can "
        "still be used."
    )
    leaves = _("It does not change federal law, and it does not change immigration law.")
    return f"{gives} {leaves}"


def effect_words(lang: str) -> str:
    """What the relief gives and does not give."""
    _: Say = partial(translate, lang)
    gives = _(
        "A conviction that is dismissed is also sealed by the court. A conviction that is changed to a lesser crime "
        "counts as the lesser crime from then on. It is not sealed, but other laws may clear it later."
    )
    leaves = _("It does not change federal law, and it does not change immigration law.")
    return f"{gives} {leaves}"


def dismissal_effect_words(lang: str) -> str:
    """What a dismissal under the 1203.4 family gives and does not give (law/1203-4-family.md section 1.4)."""
    _: Say = partial(translate, lang)
    gives = _(
        "After a dismissal, private employers may not ask about the conviction or use it. The court may not tell "
        "others about it."
    )
    leaves = _(
        "You must still tell a state or local licensing agency if it asks. It does not give back gun rights. In a "
        "later case it still counts."
    )
    neither = _("It does not change federal law, and it does not change immigration law.")
    return f"{gives} {leaves} {neither}"


def immigration(lang: str) -> str:
    return translate(lang, "If you are not a U.S. citizen, or not sure, talk to an immigration lawyer before you file.")


def answer_sheet_words(form: str, lang: str) -> AnswerSheetWords:
    """The wording around an answer sheet; the form's own words stay English."""
    _: Say = partial(translate, lang)
    return AnswerSheetWords(
        title=_("Answers to copy onto form %(form)s", form=form),
        intro=(
            _("This sheet is not a court form. Do not file it."),
            _("Copy each answer into the box with the same name on the official form, in ink."),
        ),
        get_form=_("Get the official form free at the court, or at %(address)s.", address=SELF_HELP + form),
        tick=_("check this box"),
        no_tick=_("leave this box empty"),
        empty=_("leave empty, or write it in if you know it"),
        clerk=_("leave empty, this is for the court"),
        server=_("leave empty, this is for the person who hands over or mails the copy"),
        by_hand=_("by hand, when you sign"),
        unanswered=unanswered_words(lang),
        older=_("The words here are those of an older print of this form. On yours they may differ a little."),
        footer=disclaimer(lang),
        page_of=page_of(lang),
        lang=lang,
    )


def unanswered_words(lang: str) -> dict[str, str]:
    """What a person is told about a box for which there is no answer; the codes are those of `forms.spec`."""
    _: Say = partial(translate, lang)
    return {
        "choice": _("your choice, read it first"),
        "court_papers": _("as it is on your court papers"),
        "decision_date": _("the day the court decided, as it is on your court papers"),
        "birth_date": _("your date of birth, by hand"),
    }
