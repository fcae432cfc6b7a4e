"""Proposition 64 relief: Health and Safety Code 11361.8 (petition, application, juvenile) and 11361.9 (automatic
review).

Conduct before 9 November 2016 is measured by today's law: what is legal now is dismissed and sealed, what is a lesser
crime now is redesignated. The court *shall presume* that the person qualifies unless the other side proves by clear and
convincing evidence that they do not (11361.8(b)), so an unknown bar leaves the door open, and the answer says on what
it rests.

The table follows `law/11361-8.md` sections 3 to 5, whose order matters: 11360(a)(3) aggravates 11360(a) alone, so a
strike never overrides conduct that 11362.1 or 11360(b) makes legal or an infraction. Three judgment calls stay visible
as flags or as `needs_lawyer` (section 4a): the timing of a super-strike (*Smit*), what counts as two priors, and how
facts are proved (*Hall*).

Worked example: 11357(b), a misdemeanor of 1998 at the age of 30. Before the Act, listed, adult; subdivision (b) means
28.5 grams or less of flower; 21 or older: dismiss and seal, application (title box (f), items 1a and 2b).
"""

from rules.cite import decision, hs, pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Flag, Note, Paper, Presumption, Remedy, Requirement, Row

_SOURCE = "law/11361-8.md"
_MAIN = hs("11361.8", "(e), (f)", confirmed="M", source=f"{_SOURCE} section 1")
_LESSER = hs("11361.8", "(f)", confirmed="M", source=f"{_SOURCE} sections 1 and 4")
_11357 = hs("11357", confirmed="V", source=f"{_SOURCE} section 4")
_11362_1 = hs("11362.1", "(a)", confirmed="V", source=f"{_SOURCE} section 3")
_STRIKES = pc("667", "(e)(2)(C)(iv); 290(c)", confirmed="M", source="law/offense-table.md")

REMEDY = Remedy(
    name="hs_11361_8",
    title=N_("Marijuana convictions: Proposition 64"),
    short=N_("Proposition 64"),
    summary=N_(
        "A 2016 law, Proposition 64, made many marijuana acts legal and made others less serious. It also works for "
        "the past. "
        "If what you did is legal now, the court must dismiss the conviction and seal it. If it is a lesser crime "
        "now, the court "
        "must change it to the lesser crime. There is no deadline and no waiting time."
    ),
    statute=hs("11361.8", confirmed="V", source=f"{_SOURCE} section 1"),
    coverage=coverage("hs_11361_8"),
    tier="better",
    reliefs=(
        ("redesignate_or_dismiss", N_("change it to a lesser crime, or dismiss and seal it")),
        ("redesignate_misdemeanor", N_("change it to a misdemeanor")),
        ("redesignate_infraction", N_("change it to an infraction")),
        ("dismiss_and_seal", N_("dismiss it and seal the record")),
    ),
    requirements=(
        gates.CONVICTION,
        Requirement(
            "already_done",
            "already_relieved",
            hs("11361.8; 11361.9", confirmed="V", source=f"{_SOURCE} section 6"),
            met=N_("The record shows that this was already dismissed, sealed or changed under Proposition 64."),
            unmet=N_("The record does not show that this conviction was already cleared."),
            unknown=N_(
                "We do not know if the state or a court already cleared this conviction. It is worth checking first."
            ),
            kind="gate",
        ),
        Requirement(
            "only_lowered",
            "not dismissed_before",
            hs("11361.8", "(b), (f)", confirmed="V", source=f"{_SOURCE} section 8"),
            met=N_("It was changed to a lower level, and not dismissed."),
            unmet=N_("It was dismissed."),
            unknown=N_("We do not know if it was dismissed, or only changed to a lower level."),
        ),
        Requirement(
            "before_the_act",
            "offense_day < law.prop64_in_force",
            hs("11361.8", "(a), (e)", confirmed="V", source=f"{_SOURCE} section 2"),
            met=N_("It happened before November 9, 2016, the day Proposition 64 took effect."),
            unmet=N_(
                "It happened on or after November 9, 2016. This law only works for what happened before that day."
            ),
            unknown=N_("We do not know if it happened before November 9, 2016."),
            kind="gate",
        ),
        Requirement(
            "other_place",
            'offense in ["federal", "military", "other state"]',
            hs("11361.8", confirmed="V", source=f"{_SOURCE} section 5"),
            met=N_(
                "It was decided by a federal or military court, or in another state. California law cannot change it."
            ),
            unmet=N_("It was decided by a California court."),
            unknown=N_("We do not know which court decided it."),
            kind="section",
        ),
        Requirement(
            "about_marijuana",
            """offense in ["HS 11357", "HS 11358", "HS 11359", "HS 11360", "HS 11357.5", "HS 11361", "HS 11364",
                "HS 11366", "HS 11366.5", "HS 11379.6", "HS 11530", "HS 11530.1", "HS 11530.5", "HS 11531", "PC 32",
                "PC 182", "PC 4573", "PC 4573.5", "PC 4573.6", "PC 4573.8", "VC 23222", "federal", "military",
                "other state"]""",
            hs("11361.8", "(a), (e)", confirmed="V", source=f"{_SOURCE} sections 4 and 5"),
            met=N_("The conviction may have to do with marijuana."),
            unmet=N_("The conviction is not about marijuana."),
            unknown=N_("We do not know which section of the law it was."),
            kind="gate",
        ),
        Requirement(
            "listed",
            'offense in ["HS 11357", "HS 11358", "HS 11359", "HS 11360"]',
            hs("11361.8", "(a), (e)", confirmed="V", source=f"{_SOURCE} sections 4 and 5"),
            met=N_("It is one of the four marijuana sections that this law names: 11357, 11358, 11359 or 11360."),
            unmet=N_(
                "It is not one of the four marijuana sections that this law names: 11357, 11358, 11359 and 11360."
            ),
            unknown=N_("We do not know which section of the law it was."),
            kind="gate",
        ),
        Requirement(
            "an_attempt",
            "attempt",
            pc("664", confirmed="M", source=f"{_SOURCE} section 5"),
            met=N_("The conviction is for an attempt. The law does not say if an attempt counts."),
            unmet=N_("The conviction is not for an attempt."),
            unknown=N_("We do not know if the conviction is for an attempt."),
            kind="gate",
        ),
        Requirement(
            "conspiracy",
            'offense == "PC 182"',
            decision("People v. Medina (2018) 24 Cal.App.5th 61", confirmed="V", source=f"{_SOURCE} section 5"),
            met=N_("It is a conspiracy conviction. A court of appeal held that this law does not reach it."),
            unmet=N_("It is not a conspiracy conviction."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "accessory",
            'offense == "PC 32"',
            decision("People v. Boatwright (2019) 36 Cal.App.5th 848", confirmed="V", source=f"{_SOURCE} section 5"),
            met=N_("It is for helping somebody after a crime. A court of appeal held that this law may reach it."),
            unmet=N_("It is not for helping somebody after a crime."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "in_jail",
            'offense in ["PC 4573", "PC 4573.5", "PC 4573.6", "PC 4573.8"]',
            decision("People v. Raybon (2021) 11 Cal.5th 1056", confirmed="M", source=f"{_SOURCE} section 5"),
            met=N_(
                "It is for having drugs in jail or prison. The state's highest court held that this law does not "
                "reach it."
            ),
            unmet=N_("It is not for having drugs in jail or prison."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "pipe_or_car",
            'offense == "HS 11364" or (offense == "VC 23222" and subdivision == "b")',
            hs("11362.1", "(a)(5)", confirmed="V", source=f"{_SOURCE} section 5"),
            met=N_(
                "It is for a pipe or for marijuana in a car. Pipes are legal now, but the form has no box for these "
                "sections."
            ),
            unmet=N_("It is not for a pipe or for marijuana in a car."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "older_number",
            'offense in ["HS 11530", "HS 11530.1", "HS 11530.5", "HS 11531"]',
            hs("11361.8", confirmed="M", source="issue 3, offense catalogue"),
            met=N_(
                "It has a number from before 1973, the older number of a section of today. No source says if this "
                "law reaches it."
            ),
            unmet=N_("It does not have a number from before 1973."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "in_juvenile_court",
            "in_juvenile_case",
            hs("11361.8", "(m)", confirmed="V", source=f"{_SOURCE} section 4, G4"),
            met=N_("It was decided in juvenile court. The same law works there, and at most an infraction is left."),
            unmet=N_("It was decided in adult court."),
            unknown=N_("We do not know if it was decided in juvenile court."),
            kind="gate",
        ),
        Requirement(
            "under_18",
            "age < law.adult_age",
            hs("11357", "(a)(1)", confirmed="V", source=f"{_SOURCE} section 3"),
            met=N_("You were under 18 when it happened. Today that is at most an infraction."),
            unmet=N_("You were 18 or older when it happened."),
            unknown=N_("We do not know how old you were when it happened."),
        ),
        Requirement(
            "at_least_21",
            "age >= law.legal_age",
            _11362_1,
            met=N_("You were 21 or older when it happened. Small amounts for your own use are legal from that age."),
            unmet=N_("You were under 21 when it happened."),
            unknown=N_("We do not know if you were 21 or older when it happened."),
        ),
        Requirement(
            "is_11357",
            'offense == "HS 11357"',
            _11357,
            met=N_("The conviction is for possession (11357)."),
            unmet=N_("The conviction is not for possession (11357)."),
            unknown=N_("We do not know if the conviction is for possession (11357)."),
            kind="section",
        ),
        Requirement(
            "is_11358",
            'offense == "HS 11358"',
            hs("11358", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("The conviction is for growing (11358)."),
            unmet=N_("The conviction is not for growing (11358)."),
            unknown=N_("We do not know if the conviction is for growing (11358)."),
            kind="section",
        ),
        Requirement(
            "is_11359",
            'offense == "HS 11359"',
            hs("11359", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("The conviction is for possession for sale (11359)."),
            unmet=N_("The conviction is not for possession for sale (11359)."),
            unknown=N_("We do not know if the conviction is for possession for sale (11359)."),
            kind="section",
        ),
        Requirement(
            "felony",
            'level == "felony"',
            hs("11361.8", "(b), (f)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("The conviction is a felony now."),
            unmet=N_("The conviction is not a felony now."),
            unknown=N_("We do not know its level. It may be a felony, a misdemeanor or an infraction."),
        ),
        Requirement(
            "infraction",
            'level == "infraction"',
            hs("11361.8", "(b), (f)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("The conviction is already an infraction."),
            unmet=N_("The conviction is more than an infraction."),
            unknown=N_("We do not know its level. It may be a felony, a misdemeanor or an infraction."),
        ),
        Requirement(
            "at_a_school",
            "at_school",
            hs("11357", "(c)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("It was on school grounds in school hours. For an adult that is a misdemeanor today."),
            unmet=N_("It was not on school grounds in school hours."),
            unknown=N_("We do not know if it was on school grounds in school hours."),
            kind="bar",
        ),
        Requirement(
            "personal_amount",
            """(kind == "concentrate" or flower_amount <= law.personal_flower_g)
               and (kind == "flower" or concentrate_g <= law.personal_concentrate_g)""",
            _11362_1,
            met=N_(
                "It was a small amount: 28.5 grams (one ounce) or less, or 8 grams or less of concentrate. That is "
                "today's limit."
            ),
            unmet=N_("It was more than today's limit: 28.5 grams (one ounce), or 8 grams of concentrate."),
            unknown=N_(
                "We do not know if it was more than today's limit: 28.5 grams (one ounce), or 8 grams of concentrate."
            ),
        ),
        Requirement(
            "only_flower",
            'kind == "flower"',
            hs("11360", "(b)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("It was marijuana, not concentrate."),
            unmet=N_("Part or all of it was concentrate."),
            unknown=N_("We do not know if any of it was concentrate."),
        ),
        Requirement(
            "six_plants",
            "plants <= law.personal_plants",
            hs("11362.1", "(a)(3)", confirmed="V", source=f"{_SOURCE} section 3"),
            met=N_("There were 6 plants or fewer. That is today's limit."),
            unmet=N_("There were more than 6 plants. Today's limit is 6."),
            unknown=N_("We do not know if there were more than 6 plants. Today's limit is 6."),
        ),
        Requirement(
            "carried",
            'conduct == "carried"',
            hs("11362.1", "(a)(1)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("It was carried for your own use, not to sell."),
            unmet=N_("It was not just carried for your own use."),
            unknown=N_("We do not know if it was carried for your own use or to sell."),
        ),
        Requirement(
            "gave",
            'conduct == "gave"',
            hs("11362.1", "(a)(1); 11360(b)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("It was given away for free."),
            unmet=N_("It was not given away for free."),
            unknown=N_("We do not know if it was given away for free."),
        ),
        Requirement(
            "subdivision_b",
            'subdivision == "b"',
            hs("11360", "(b)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("It is under letter (b). That means a small amount was given away or carried."),
            unmet=N_("The conviction is not under subdivision (b)."),
            unknown=N_("We do not know the subdivision, the letter after the section."),
        ),
        Requirement(
            "to_a_person_under_21",
            "recipient_under_21",
            hs("11362.1", "(a)(1)", confirmed="V", source=f"{_SOURCE} section 4"),
            met=N_("It was given to a person under 21."),
            unmet=N_("It was not given to a person under 21."),
            unknown=N_("We do not know if it was given to a person under 21."),
            kind="bar",
        ),
        Requirement(
            "stayed_in_california",
            'crossed_state_line == "not_crossed"',
            hs("11360", "(a)(3)(D)", confirmed="M", source=f"{_SOURCE} section 3"),
            met=N_("It was not brought into or out of California."),
            unmet=N_("It was brought into or out of California."),
            unknown=N_("We do not know if it was brought into or out of California."),
        ),
        Requirement(
            "imported_much",
            """(crossed_state_line == "into_state" or (crossed_state_line == "out_of_state" and conduct == "sold"))
               and ((kind != "concentrate" and flower_amount > law.import_flower_g)
                    or (kind != "flower" and concentrate_g > law.import_concentrate_g))""",
            hs("11360", "(a)(3)(D)", confirmed="M", source=f"{_SOURCE} section 3"),
            met=N_(
                "More than 28.5 grams, or more than 4 grams of concentrate, was brought into California, or out of "
                "it to sell. That "
                "is still a felony."
            ),
            unmet=N_("No large amount was brought into California, or out of it to sell."),
            unknown=N_("We do not know if a large amount was brought into California, or out of it to sell."),
            kind="bar",
        ),
        Requirement(
            "sold_to_minor",
            "knowingly_to_minor",
            hs("11359", "(c)(3); 11360(a)(3)(C)", confirmed="V", source=f"{_SOURCE} section 3"),
            met=N_("It was sold or supplied to a person known to be under 18. That is still a felony."),
            unmet=N_("It was not knowingly sold or supplied to a person under 18."),
            unknown=N_("We do not know if it was knowingly sold or supplied to a person under 18."),
            kind="bar",
        ),
        Requirement(
            "hired_young",
            "hired_under_21 and age >= law.legal_age",
            hs("11359", "(d)", confirmed="V", source=f"{_SOURCE} section 3"),
            met=N_(
                "A person of 20 or younger worked in the selling, and you were 21 or older. That is still a felony."
            ),
            unmet=N_("No person of 20 or younger worked in it for somebody of 21 or older."),
            unknown=N_("We do not know if a person of 20 or younger worked in the selling."),
            kind="bar",
        ),
        Requirement(
            "serious_prior",
            "serious_conviction and bar_came_before",
            _STRIKES,
            met=N_(
                'Before this happened, you were convicted of one of the most serious crimes (a "super strike"), '
                "or of one with a duty to register (290(c)). With that, this stays a felony."
            ),
            unmet=N_(
                "Before this happened, you were not convicted of one of the most serious crimes. You were not "
                "told to register."
            ),
            unknown=N_(
                "Before this, were you convicted of one of the most serious crimes, or told to register? We do "
                "not know."
            ),
            kind="bar",
        ),
        Requirement(
            "two_priors",
            "same_section_priors >= law.prior_limit",
            hs("11358", "(d)(2); 11359(c)(2); 11360(a)(3)(B)", confirmed="V", source=f"{_SOURCE} section 4a"),
            met=N_(
                "There were two or more earlier convictions of the same section. Courts do not agree if old ones count."
            ),
            unmet=N_("There were not two earlier convictions of the same section."),
            unknown=N_("We do not know if there were two or more earlier convictions of the same section."),
            kind="bar",
        ),
        Requirement(
            "harmed_nature",
            "environmental_crime",
            hs("11358", "(d)(3)", confirmed="M", source=f"{_SOURCE} section 3"),
            met=N_("The growing also led to charges for harm to water, wildlife or public land."),
            unmet=N_("The growing did not lead to charges for harm to water, wildlife or public land."),
            unknown=N_("We do not know if the growing led to charges for harm to water, wildlife or public land."),
            kind="bar",
        ),
        Requirement(
            "completed",
            "sentence_over",
            hs("11361.8", "(e)", confirmed="M", source=f"{_SOURCE} section 1"),
            met=N_("The sentence is over."),
            unmet=N_("The sentence is not over yet. Jail, prison, probation, parole or supervision goes on."),
            unknown=N_("We do not know if the sentence is over."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        Row(
            "not_about_marijuana",
            "not about_marijuana",
            "not_eligible",
            N_("This law is only about marijuana."),
            hs("11361.8", "(a), (e)", confirmed="V", source=f"{_SOURCE} section 5"),
            elsewhere=True,
        ),
        Row(
            "already_done",
            "already_done and not only_lowered",
            "already_relieved",
            N_("This conviction was already cleared under Proposition 64. You do not need to ask the court."),
            hs("11361.8; 11361.9", confirmed="V", source=f"{_SOURCE} section 4, G1"),
        ),
        Row(
            "already_lowered",
            "already_done",
            "already_relieved",
            N_("This was already lowered under Proposition 64. A dismissal of what remains may be open."),
            hs("11361.8; 11361.9", confirmed="V", source=f"{_SOURCE} sections 4 and 8"),
            yields=True,
        ),
        Row(
            "after_the_act",
            "not before_the_act",
            "not_eligible",
            N_("This law is only for things that happened before November 9, 2016."),
            hs("11361.8", "(a), (e)", confirmed="V", source=f"{_SOURCE} section 4, G2"),
        ),
        Row(
            "other_place",
            "other_place",
            "not_eligible",
            N_("This law is only for convictions of California courts."),
            hs("11361.8", confirmed="V", source=f"{_SOURCE} section 5"),
            doors=("that_place",),
        ),
        Row(
            "attempt",
            "listed and an_attempt",
            "needs_lawyer",
            N_(
                "The law does not name attempts, but there is a good argument that it covers them. A lawyer can make "
                "it."
            ),
            pc("664", confirmed="M", source=f"{_SOURCE} section 5"),
            confidence="medium",
        ),
        Row(
            "accessory",
            "accessory",
            "needs_lawyer",
            N_("A court has held that this kind of conviction can be included. A lawyer can ask for it."),
            decision("People v. Boatwright (2019) 36 Cal.App.5th 848", confirmed="V", source=f"{_SOURCE} section 5"),
            confidence="medium",
        ),
        Row(
            "pipe_or_car",
            "pipe_or_car",
            "needs_lawyer",
            N_(
                "This section is not on the list, though part of it is legal now. A lawyer can say if a court will "
                "include it."
            ),
            hs("11362.1", "(a)(5)", confirmed="V", source=f"{_SOURCE} section 5"),
            confidence="low",
        ),
        Row(
            "older_number",
            "older_number",
            "needs_lawyer",
            N_(
                "The number is from before 1973. It became one of the four sections later, and no source says if it "
                "counts."
            ),
            hs("11361.8", confirmed="M", source="issue 3, offense catalogue"),
            confidence="low",
            doors=("hs_11361_5_old",),
        ),
        Row(
            "conspiracy",
            "conspiracy",
            "not_eligible",
            N_("Conspiracy is not covered by this law. The court may still reduce it to a misdemeanor."),
            decision("People v. Medina (2018) 24 Cal.App.5th 61", confirmed="V", source=f"{_SOURCE} section 5"),
            flags=("offer_17b",),
        ),
        Row(
            "in_jail",
            "in_jail",
            "not_eligible",
            N_("Drugs in jail or prison are not covered by this law."),
            decision("People v. Raybon (2021) 11 Cal.5th 1056", confirmed="M", source=f"{_SOURCE} section 5"),
        ),
        Row(
            "not_listed",
            "not listed",
            "not_eligible",
            N_("This section is not one of the four that this law names."),
            hs("11361.8", "(a), (e)", confirmed="V", source=f"{_SOURCE} section 5"),
        ),
        Row(
            "juvenile",
            "in_juvenile_court",
            "eligible_mandatory",
            N_("The juvenile court must change it to an infraction, and you can ask to have it dismissed and sealed."),
            hs("11361.8", "(m); 11359(a)", confirmed="V", source=f"{_SOURCE} section 4, G4"),
            relief="redesignate_infraction",
        ),
        Row(
            "under_18_infraction",
            "under_18 and infraction",
            "not_eligible",
            N_("It is already an infraction, the lowest level. But the records are due to be destroyed."),
            hs("11357", "(a)(1)", confirmed="V", source=f"{_SOURCE} section 3"),
            confidence="medium",
        ),
        Row(
            "under_18",
            "under_18",
            "eligible_mandatory",
            N_(
                "You were under 18, so today it is at most an infraction. The court must change it. A lawyer can "
                "tell you if it belonged in juvenile court."
            ),
            hs("11361.8", "(f); 11357(a)(1)", confirmed="V", source=f"{_SOURCE} section 4, G5"),
            relief="redesignate_infraction",
            flags=("lawyer",),
            confidence="medium",
        ),
        # ---- 11357 possession: no strike or 290 bar
        Row(
            "possession_at_school_felony",
            "is_11357 and at_a_school and felony",
            "eligible_mandatory",
            N_(
                "Possession on school grounds in school hours is a misdemeanor for adults now. The court must change "
                "it."
            ),
            hs("11361.8", "(f); 11357(c)", confirmed="M", source=f"{_SOURCE} sections 3 and 4"),
            relief="redesignate_misdemeanor",
            confidence="medium",
        ),
        Row(
            "possession_at_school",
            "is_11357 and at_a_school",
            "not_eligible",
            N_("Possession on school grounds in school hours is still a misdemeanor for adults."),
            hs("11357", "(c)", confirmed="V", source=f"{_SOURCE} section 4"),
            confidence="medium",
        ),
        Row(
            "possession_legal_now",
            "is_11357 and personal_amount and at_least_21",
            "eligible_mandatory",
            N_("What you did is legal now. The court must dismiss the conviction and seal it."),
            _MAIN,
            relief="dismiss_and_seal",
        ),
        Row(
            "possession_still_infraction",
            "is_11357 and personal_amount and infraction",
            "not_eligible",
            N_(
                "For a person of 18 to 20 it is still an infraction, so there is nothing lower to ask for. But the "
                "records are due to be destroyed."
            ),
            hs("11357", "(a)(2)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "possession_infraction_now",
            "is_11357 and personal_amount",
            "eligible_mandatory",
            N_("For a person of 18 to 20 it is an infraction now. The court must change it."),
            _LESSER,
            relief="redesignate_infraction",
        ),
        Row(
            "possession_amount_disagrees",
            "is_11357 and infraction",
            "needs_lawyer",
            N_("The amount does not fit an infraction. A lawyer can look at the record."),
            _11357,
            confidence="low",
        ),
        Row(
            "possession_felony",
            "is_11357 and felony",
            "eligible_mandatory",
            N_("It is at most a misdemeanor now. The court must change it."),
            _LESSER,
            relief="redesignate_misdemeanor",
        ),
        Row(
            "possession_still_misdemeanor",
            "is_11357",
            "not_eligible",
            N_("Having more than the limit is still a misdemeanor. There is nothing lower to ask for under this law."),
            hs("11357", "(b)(2)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        # ---- 11358 growing
        Row(
            "growing_legal_now",
            "is_11358 and six_plants and at_least_21",
            "eligible_mandatory",
            N_("Growing six plants or fewer is legal now. The court must dismiss the conviction and seal it."),
            _MAIN,
            relief="dismiss_and_seal",
        ),
        Row(
            "growing_still_infraction",
            "is_11358 and six_plants and infraction",
            "not_eligible",
            N_("For a person of 18 to 20 it is an infraction, and yours already is one."),
            hs("11358", "(b)", confirmed="V", source=f"{_SOURCE} section 3"),
        ),
        Row(
            "growing_infraction_now",
            "is_11358 and six_plants",
            "eligible_mandatory",
            N_("For a person of 18 to 20, growing six plants or fewer is an infraction now. The court must change it."),
            _LESSER,
            relief="redesignate_infraction",
        ),
        Row(
            "growing_serious_prior",
            "is_11358 and serious_prior",
            "not_eligible",
            N_("There was a serious conviction before this. With it, growing more than six plants is still a felony."),
            hs("11358", "(d)(1)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "growing_two_priors",
            "is_11358 and two_priors",
            "needs_lawyer",
            N_(
                "Two or more earlier convictions of this section can keep it a felony. But courts do not agree if "
                "old ones count."
            ),
            hs("11358", "(d)(2)", confirmed="V", source=f"{_SOURCE} section 4a"),
            confidence="medium",
        ),
        Row(
            "growing_harmed_nature",
            "is_11358 and harmed_nature",
            "needs_lawyer",
            N_(
                "Charges for harm to water, wildlife or public land can keep this a felony. A lawyer needs to look "
                "at the file."
            ),
            hs("11358", "(d)(3)", confirmed="M", source=f"{_SOURCE} section 4"),
            confidence="medium",
        ),
        Row(
            "growing_still_misdemeanor",
            "is_11358 and not felony",
            "not_eligible",
            N_("It is not a felony any more. There is nothing lower to ask for under this law."),
            hs("11358", "(c)", confirmed="V", source=f"{_SOURCE} section 3"),
        ),
        Row(
            "growing_misdemeanor_now",
            "is_11358",
            "eligible_mandatory",
            N_("Growing more than six plants is a misdemeanor now. The court must change it."),
            _LESSER,
            relief="redesignate_misdemeanor",
        ),
        # ---- 11359 possession for sale
        Row(
            "for_sale_serious_prior",
            "is_11359 and serious_prior",
            "not_eligible",
            N_("There was a serious conviction before this. With it, possession for sale is still a felony."),
            hs("11359", "(c)(1)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "for_sale_to_minor",
            "is_11359 and sold_to_minor",
            "not_eligible",
            N_("Selling to a person under 18, knowing it, is still a felony."),
            hs("11359", "(c)(3)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "for_sale_hired_young",
            "is_11359 and hired_young",
            "not_eligible",
            N_("Using a person of 20 or younger to sell is still a felony."),
            hs("11359", "(d)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "for_sale_two_priors",
            "is_11359 and two_priors",
            "needs_lawyer",
            N_(
                "Two or more earlier convictions of this section can keep it a felony. But courts do not agree if "
                "old ones count."
            ),
            hs("11359", "(c)(2)", confirmed="V", source=f"{_SOURCE} section 4a"),
            confidence="medium",
        ),
        Row(
            "for_sale_still_misdemeanor",
            "is_11359 and not felony",
            "not_eligible",
            N_("It is not a felony any more. There is nothing lower to ask for under this law."),
            hs("11359", "(b)", confirmed="V", source=f"{_SOURCE} section 3"),
        ),
        Row(
            "for_sale_misdemeanor_now",
            "is_11359",
            "eligible_mandatory",
            N_("Possession for sale, of any amount, is a misdemeanor now. The court must change it."),
            _LESSER,
            relief="redesignate_misdemeanor",
        ),
        # ---- 11360 selling, carrying, giving: what 11362.1 and 11360(b) allow comes before what aggravates 11360(a)
        Row(
            "giving_legal_now",
            "gave and personal_amount and stayed_in_california and at_least_21 and not to_a_person_under_21",
            "eligible_mandatory",
            N_(
                "Giving away a small amount, free, to a person of 21 or older is legal now. The court must dismiss "
                "the conviction and seal it."
            ),
            _MAIN,
            relief="dismiss_and_seal",
            confidence="medium",
        ),
        Row(
            "carrying_legal_now",
            "carried and personal_amount and stayed_in_california and at_least_21",
            "eligible_mandatory",
            N_(
                "Carrying a small amount for your own use is legal now. The court must dismiss the conviction and "
                "seal it."
            ),
            _MAIN,
            relief="dismiss_and_seal",
            confidence="medium",
        ),
        Row(
            "subdivision_b_legal_now",
            "subdivision_b and personal_amount and stayed_in_california and at_least_21 and not to_a_person_under_21",
            "eligible_mandatory",
            N_(
                "Carrying or giving away a small amount is legal now. The court must dismiss the conviction and seal "
                "it."
            ),
            _MAIN,
            relief="dismiss_and_seal",
            confidence="medium",
        ),
        Row(
            "small_still_infraction",
            "(carried or subdivision_b or (gave and only_flower)) and personal_amount and stayed_in_california and "
            "infraction",
            "not_eligible",
            N_("It is an infraction now, and yours already is one."),
            hs("11360", "(b)", confirmed="V", source=f"{_SOURCE} section 3"),
        ),
        Row(
            "small_infraction_now",
            "(carried or subdivision_b or (gave and only_flower)) and personal_amount and stayed_in_california",
            "eligible_mandatory",
            N_("It is an infraction now. The court must change it."),
            _LESSER,
            relief="redesignate_infraction",
            confidence="medium",
        ),
        Row(
            "not_a_felony",
            "not felony",
            "not_eligible",
            N_("It is not a felony any more. There is nothing lower to ask for under this law."),
            hs("11360", "(a)(2)", confirmed="V", source=f"{_SOURCE} section 3"),
        ),
        Row(
            "carrying_much",
            "carried and stayed_in_california",
            "eligible_mandatory",
            N_("Carrying more than the limit, not to sell, is a misdemeanor now. The court must change it."),
            _LESSER,
            relief="redesignate_misdemeanor",
            confidence="medium",
        ),
        Row(
            "selling_serious_prior",
            "serious_prior",
            "not_eligible",
            N_("There was a serious conviction before this. With it, this is still a felony."),
            hs("11360", "(a)(3)(A)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "selling_to_minor",
            "sold_to_minor",
            "not_eligible",
            N_("If it was sold or supplied to a person known to be under 18, it is still a felony."),
            hs("11360", "(a)(3)(C)", confirmed="V", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "importing_much",
            "imported_much",
            "not_eligible",
            N_("Bringing a large amount into California, or out of it to sell, is still a felony."),
            hs("11360", "(a)(3)(D)", confirmed="M", source=f"{_SOURCE} section 4"),
        ),
        Row(
            "selling_two_priors",
            "two_priors",
            "needs_lawyer",
            N_(
                "Two or more earlier convictions of this section can keep it a felony. But courts do not agree if "
                "old ones count."
            ),
            hs("11360", "(a)(3)(B)", confirmed="V", source=f"{_SOURCE} section 4a"),
            confidence="medium",
        ),
        Row(
            "selling_misdemeanor_now",
            "True",
            "eligible_mandatory",
            N_("It is a misdemeanor now. The court must change it."),
            _LESSER,
            relief="redesignate_misdemeanor",
        ),
    ),
    presumptions=(
        Presumption(
            "superstrike_or_290c",
            False,
            N_("none of the most serious crimes before this, and no duty to register"),
        ),
        Presumption("same_section_priors", 0, N_("no two earlier convictions of the same section")),
        Presumption("knowingly_to_minor", False, N_("nothing was sold or supplied to a person known to be under 18")),
        Presumption("hired_under_21", False, N_("nobody of 20 or younger worked in it")),
        Presumption("environmental_crime", False, N_("no charges for harm to water, wildlife or public land")),
        Presumption("crossed_state_line", "not_crossed", N_("nothing was brought into or out of California")),
        Presumption("recipient_under_21", False, N_("nothing was given to a person under 21")),
        Presumption(
            "school_grounds",
            False,
            N_("it was not on school grounds"),
            when='subdivision not in ["d", "e"] or not known(subdivision)',
        ),
        Presumption("already_relieved", False, N_("it has not been cleared yet"), burden=False),
        Presumption("juvenile", False, N_("it was decided in adult court"), burden=False),
        Presumption("attempt", False, N_("it was not an attempt"), burden=False, when="known(offense)"),
        Presumption(
            "level",
            "felony",
            N_("it is still a felony"),
            burden=False,
            when='offense in ["HS 11358", "HS 11359"] or (offense == "HS 11360" and subdivision == "a")',
        ),
    ),
    fallbacks=(
        Row(
            "growing_harmed_nature_any",
            "before_the_act and is_11358 and harmed_nature",
            "needs_lawyer",
            N_(
                "Charges for harm to water, wildlife or public land can keep this a felony. A lawyer needs to look "
                "at the file."
            ),
            hs("11358", "(d)(3)", confirmed="M", source=f"{_SOURCE} section 4"),
            confidence="low",
        ),
        Row(
            "growing_two_priors_any",
            "before_the_act and is_11358 and two_priors and not serious_prior",
            "needs_lawyer",
            N_(
                "Two or more earlier convictions of this section can keep it a felony. But courts do not agree if "
                "old ones count."
            ),
            hs("11358", "(d)(2)", confirmed="V", source=f"{_SOURCE} section 4a"),
            confidence="low",
        ),
        Row(
            "possession_amount_unknown",
            'before_the_act and is_11357 and level == "misdemeanor" and not known(personal_amount)',
            "eligible_mandatory",
            N_(
                "We do not know how much it was. The law lets you ask anyway: the court must say yes unless the "
                "prosecutor proves that "
                "it was too much."
            ),
            _MAIN,
            relief="redesignate_or_dismiss",
            flags=("presumption_only",),
            confidence="low",
        ),
    ),
    flags=(
        Flag(
            "public_safety_exception",
            N_(
                "You are still serving the sentence. So the judge may say no if a lower sentence would put other "
                "people in serious danger."
            ),
            when="not completed",
            only_eligible=True,
        ),
        Flag(
            "smit_timing",
            N_(
                "The serious conviction came in the same case or later. A court of appeal held that only an earlier "
                "one closes the door (People v. Smit), but courts have not settled every case like this. The "
                "prosecutor may object."
            ),
            when="serious_conviction and not serious_prior and listed and not is_11357",
            only_eligible=True,
        ),
        Flag(
            "presumption_only",
            N_(
                "Some facts are not known. The law says the court must presume that you qualify unless the prosecutor "
                "proves otherwise, so you can ask. But police reports may show something else (People v. Hall)."
            ),
        ),
        Flag("lawyer", N_("Talk to a lawyer before you file. The public defender is free in most counties.")),
        Flag("offer_17b", N_("Ask if the court can make the felony a misdemeanor (Penal Code 17(b)).")),
        Flag("ask_plants", N_("If there were six plants or fewer, you could get more: a dismissal."), asks="plants"),
        Flag(
            "ask_sale", N_("If it was not for sale, you could get more: an infraction or a dismissal."), asks="conduct"
        ),
        Flag("ask_age", N_("If you were 21 or older, you could get more: a dismissal."), asks="age_at_offense"),
        Flag("ask_amount", N_("If it was a small amount, you could get more."), asks="flower_g"),
        Flag(
            "ask_concentrate", N_("If it was 8 grams of concentrate or less, you could get more."), asks="concentrate_g"
        ),
        Flag(
            "ask_serving",
            N_("You need to know if the sentence is over: the form has one box for yes and one for no."),
            when="not known(completed) and not in_juvenile_court",
            only_eligible=True,
        ),
        Flag(
            "auto_relief_likely",
            N_(
                "This may already be done. By law the state reviewed old marijuana convictions by itself, and courts "
                "had to finish by "
                "March 1, 2023. Check first, if you can. You may file either way."
            ),
            when="not already_relieved and before_the_act and listed and not an_attempt and not in_juvenile_court",
        ),
    ),
    papers=(
        Paper("JV-744", "in_juvenile_court"),
        Paper(
            "CR-400",
            "True",
            (
                Box("title (f)", "completed"),
                Box("title (b)", "not completed"),
                Box("1a", "is_11357"),
                Box("1b", "is_11358"),
                Box("1c", "is_11359"),
                Box("1d", "not is_11357 and not is_11358 and not is_11359"),
                Box("2b", "completed"),
                Box("2a", "not completed"),
            ),
        ),
    ),
    notes=(
        Note(
            "records_should_be_destroyed_on",
            """(offense == "HS 11357" or (offense == "HS 11360" and subdivision == "b"))
               and recorded_on >= law.moscone_act and not (at_a_school and (in_juvenile_court or under_18))""",
            "add_years(recorded_on, law.destruction_years)",
            N_(
                "By law, court and police records of this conviction should be destroyed from this day on. No "
                "form is needed."
            ),
            hs("11361.5", "(a)", confirmed="V", source=f"{_SOURCE} section 7"),
        ),
        Note(
            "records_should_be_destroyed_on",
            """listed and offense != "HS 11357" and not (offense == "HS 11360" and subdivision == "b")
               and (in_juvenile_court or under_18) and recorded_on >= law.moscone_act and not at_a_school""",
            "add_years(recorded_on, law.destruction_years)",
            N_(
                "By law, marijuana records from before the age of 18 should be destroyed from this day on. No "
                "form is needed."
            ),
            hs("11361.5", "(a)", confirmed="V", source=f"{_SOURCE} section 7"),
        ),
        Note(
            "records_should_be_destroyed_on",
            "listed and (in_juvenile_court or under_18) and at_a_school and recorded_on >= law.moscone_act and "
            "known(birth_date)",
            "add_years(birth_date, law.adult_age)",
            N_(
                "By law, records of a minor about school grounds should be destroyed at the 18th birthday. No "
                "form is needed."
            ),
            hs("11361.5", "(a)", confirmed="V", source=f"{_SOURCE} section 7"),
        ),
        Note(
            "destruction_needs_application",
            "listed and recorded_on < law.moscone_act",
            "recorded_on",
            N_(
                "The record is from before 1976. Then the Department of Justice destroys it only if you ask. A small "
                "fee may be due."
            ),
            hs("11361.5", "(b)", confirmed="M", source=f"{_SOURCE} section 7"),
        ),
    ),
    doubts=(
        N_("No source confirmed the exact words of 11361.8(d) to (i); they are from memory."),
        N_(
            "It is not settled if a later super strike bars relief. Smit says no for Proposition 64. Casillas "
            "says yes for Proposition 47."
        ),
        N_(
            'It is not settled if old felony priors count as "two or more prior convictions". Such cases go to a '
            "lawyer."
        ),
        N_("The limit of 4 grams of concentrate for import (11360(a)(3)(D)) is from memory."),
        N_("Does the law reach attempts, and sections with numbers from before 1973? That is not settled."),
    ),
)
