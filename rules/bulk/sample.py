"""A made-up extract, for trying everything out: nobody's real data, in the Department's 95 columns.

The people are drawn from a seed, so that the same seed gives the same file. They have what real files have: about
ninety records each, arrests, counts with several sentence parts, charges that stand in the comment, registrations,
deaths, convictions set aside or reduced later, attempts, old and odd code sections, names with commas and accents,
and a few dirty records (impossible dates, other words for a level, blanks). Rows of one person mostly stand together,
as in the real files, but not always.

The file's name has to say what it is: :func:`checked_name` refuses one that does not.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import PurePath
from typing import TypeVar

from rules.sources.doj_extract import COLUMNS

Drawn = TypeVar("Drawn")
_Draw = tuple[list[Drawn], list[float]]  # values, and their weights summed up

WORD = "sample"
COUNTIES = (
    ("LOS ANGELES", 25),
    ("SAN DIEGO", 9),
    ("ORANGE", 8),
    ("RIVERSIDE", 6),
    ("SAN BERNARDINO", 6),
    ("SANTA CLARA", 5),
    ("ALAMEDA", 4),
    ("SACRAMENTO", 4),
    ("CONTRA COSTA", 3),
    ("FRESNO", 3),
    ("KERN", 2),
    ("SAN FRANCISCO", 2),
    ("VENTURA", 2),
    ("SAN JOAQUIN", 2),
    *(
        (name, 1)
        for name in [
            "ALPINE",
            "AMADOR",
            "BUTTE",
            "CALAVERAS",
            "COLUSA",
            "DEL NORTE",
            "EL DORADO",
            "GLENN",
            "HUMBOLDT",
            "IMPERIAL",
            "INYO",
            "KINGS",
            "LAKE",
            "LASSEN",
            "MADERA",
            "MARIN",
            "MARIPOSA",
            "MENDOCINO",
            "MERCED",
            "MODOC",
            "MONO",
            "MONTEREY",
            "NAPA",
            "NEVADA",
            "PLACER",
            "PLUMAS",
            "SAN BENITO",
            "SAN LUIS OBISPO",
            "SAN MATEO",
            "SANTA BARBARA",
            "SANTA CRUZ",
            "SHASTA",
            "SIERRA",
            "SISKIYOU",
            "SOLANO",
            "SONOMA",
            "STANISLAUS",
            "SUTTER",
            "TEHAMA",
            "TRINITY",
            "TULARE",
            "TUOLUMNE",
            "YOLO",
            "YUBA",
        ]
    ),
)
"""The 58 counties, with how often each is drawn (roughly by population)."""
# offense as it is written, its type, how often
_OFFENSES = (
    ("11357(A) HS-POSSESS CONCENTRATED CANNABIS", "F", 3),
    ("11357(B) HS-POSSESS MARIJUANA 28.5-GRAMS", "M", 8),
    ("11357(C) HS-POSSESS MARIJUANA OVER 28.5 GRAMS", "M", 4),
    ("11357(D) HS-POSSESS MARIJUANA ON SCHOOL GROUNDS", "M", 1),
    ("11357 HS-POSSESS MARIJUANA", "M", 2),
    ("11358 HS-CULTIVATE MARIJUANA", "F", 5),
    ("11359 HS-POSSESS MARIJUANA FOR SALE", "F", 9),
    ("11360(A) HS-SELL/TRANSPORT MARIJUANA", "F", 6),
    ("11360(B) HS-GIVE/TRANSPORT/ETC MARIJUANA 28.5 GRAMS", "M", 1),
    ("664-11358 HS-ATTEMPTED CULTIVATE MARIJUANA", "F", 1),
    ("11357.5 HS-SELL SYNTHETIC CANNABINOID", "M", 1),
    ("11530 HS-POSSESS MARIJUANA", "F", 1),
    ("11350(A) HS-POSSESS NARCOTIC CONTROLLED SUBSTANCE", "F", 14),
    ("11377(A) HS-POSSESS CONTROLLED SUBSTANCE", "F", 14),
    ("11364 HS-POSSESS DRUG PARAPHERNALIA", "M", 10),
    ("484(A) PC-THEFT PERSONAL PROPERTY", "M", 14),
    ("459 PC-BURGLARY", "F", 10),
    ("460(A) PC-BURGLARY:FIRST DEGREE", "F", 3),
    ("496(A) PC-RECEIVE/ETC KNOWN STOLEN PROPERTY", "F", 6),
    ("242 PC-BATTERY", "M", 8),
    ("243(E)(1) PC-BATTERY:SPOUSE/EX SPOUSE/DATE/ETC", "M", 6),
    ("273.5(A) PC-INFLICT CORPORAL INJURY SPOUSE/COHAB", "F", 5),
    ("245(A)(1) PC-FORCE/ADW NOT FIREARM:GBI LIKELY", "F", 5),
    ("211 PC-ROBBERY", "F", 4),
    ("187(A) PC-MURDER", "F", 0.3),
    ("664-187(A) PC-ATTEMPTED MURDER", "F", 0.2),
    ("288(A) PC-LEWD OR LASCIVIOUS ACTS W/CHILD UNDER 14", "F", 0.5),
    ("314.1 PC-INDECENT EXPOSURE", "M", 0.4),
    ("186.22(B)(4)-246 PC-SHOOT AT INHABITED DWELLING", "F", 0.2),
    ("23152(A) VC-DUI ALCOHOL/DRUGS", "M", 18),
    ("23152(B) VC-DUI ALCOHOL/0.08 PERCENT", "M", 12),
    ("14601.1(A) VC-DRIVE WHILE LIC SUSPENDED/ETC", "M", 12),
    ("10851(A) VC-TAKE VEHICLE W/O OWNER'S CONSENT", "F", 5),
    ("647(F) PC-DISORDERLY CONDUCT:INTOX DRUG/ALCOHOL", "M", 9),
    ("148(A)(1) PC-OBSTRUCT/ETC PUBLIC OFFICER/ETC", "M", 7),
    ("537 PC-DEFRAUD INNKEEPER", "M", 1),
    ("470(A) PC-FORGERY", "F", 2),
    ("12031(A) PC-CARRY LOADED FIREARM IN PUBLIC PLACE", "M", 2),
    ("853.7 PC-FTA AFTER WRITTEN PROMISE", "M", 5),
    ("11357 HS/459 PC", "F", 0.1),
    ("LOCAL ORDINANCE VIOLATION", "I", 1),
)
_LAST = [
    "GARCIA",
    "HERNANDEZ",
    "LOPEZ",
    "MARTINEZ",
    "GONZALEZ",
    "RODRIGUEZ",
    "NGUYEN",
    "SMITH",
    "JOHNSON",
    "WILLIAMS",
    "BROWN",
    "LEE",
    "KIM",
    "TRAN",
    "PATEL",
    "O'NEIL",
    "PEÑA",
    "NUÑEZ",
    "JIMÉNEZ",
    "DE LA CRUZ",
    "WASHINGTON",
    "JACKSON",
    "GREEN",
    "HARRIS",
    "SINGH",
    "YANG",
    "CHEN",
    "ORTIZ",
    "RAMIREZ",
    "FLORES",
]
_FIRST = [
    "MARIA",
    "JOSE",
    "JUAN",
    "ANA",
    "LUIS",
    "CARLOS",
    "ROSA",
    "JAMES",
    "MICHAEL",
    "DAVID",
    "LINDA",
    "ANGELA",
    "TYRONE",
    "KEISHA",
    "THANH",
    "MINH",
    "JOSÉ",
    "ÁNGEL",
    "ROBERT",
    "DANIEL",
    "PATRICIA",
    "TIFFANY",
    "KEVIN",
    "BRIAN",
    "OSCAR",
    "HECTOR",
    "VERONICA",
    "ELENA",
    "MARCUS",
    "ANTHONY",
]
_RACES = (
    ("HISPANIC", 40),
    ("WHITE", 27),
    ("BLACK", 21),
    ("OTHER ASIAN", 4),
    ("VIETNAMESE", 2),
    ("UNKNOWN", 2),
    ("AMERICAN INDIAN", 1),
)
_REMARK = (
    "SUPERSEDED BY THE RECORD OF THE COURT NAMED ABOVE. SEE ITS REGISTER OF ACTIONS FOR THE ORDER AS IT WAS MADE "
    "AND FOR ANY LATER ONE. THIS RECORD IS MADE UP"
)
_TODAY = date(2026, 6, 30)


def checked_name(path: PurePath) -> bool:
    """Whether the name of the file says that nobody in it is real."""
    return WORD in path.name.lower()


def header() -> bytes:
    return ",".join(COLUMNS).encode() + b"\n"


def people(count: int, seed: int) -> Iterator[bytes]:
    """The records of so many people, a piece of the file at a time; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  # made-up people, not a secret
    maker = _Maker(rng)
    held: list[str] = []
    for number in range(count):
        lines = maker.person(number)
        if held and rng.random() < 0.5:
            lines += held
            held = []
        if rng.random() < 0.02 and len(lines) > 4:
            held += lines[-2:]  # these stand further on, among others' records
            del lines[-2:]
        yield ("\n".join(lines) + "\n").encode("latin-1")
    if held:
        yield ("\n".join(held) + "\n").encode("latin-1")


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng, self.record = rng, 0
        self.counties: _Draw[str] = _cumulative(COUNTIES)
        self.offenses: _Draw[tuple[str, str]] = _cumulative(
            [((text, kind), weight) for text, kind, weight in _OFFENSES]
        )
        self.races: _Draw[str] = _cumulative(_RACES)

    def _one(self, of: _Draw[Drawn]) -> Drawn:
        return self.rng.choices(of[0], cum_weights=of[1])[0]

    def person(self, number: int) -> list[str]:
        rng = self.rng
        born = date(1938, 1, 1) + timedelta(days=int(rng.triangular(0, 24_800, 15_000)))
        birth = born.strftime("%Y%m%d")
        subject = f"{40_000_000 + number * 7}"
        name = f"{rng.choice(_LAST)},{rng.choice(_FIRST)}"
        if rng.random() < 0.3:
            name += f" {chr(65 + rng.randrange(26))}"
        cii = f"A{10_000_000 + number:08d}"
        race = self._one(self.races)
        gender = "F" if rng.random() < 0.2 else "M"
        if rng.random() < 0.002:
            birth = rng.choice(("", "19650230", "00000000", "196X0101"))
        person = [
            "", "1", subject, "REQ*", cii, f'"{name}"', gender, birth, "", "", "PII*", cii, f'"{name}"', gender, birth,
            "", f"N{rng.randrange(10**7):07d}", "", "", f"{rng.randrange(10**8):08d}V{rng.randrange(10)}", "PDR*",
            race[:1], race, "BRO", "BROWN", "BLK", "BLACK", f"{rng.randrange(5, 7)}{rng.randrange(12):02d}",
            f"{rng.randrange(100, 260)}", "N", "Y", "CA", "CALIFORNIA", "STATE", "US",
        ]  # fmt: skip
        lines: list[str] = []
        home = self._one(self.counties)
        first = born.year + rng.choice((16, 18, 18, 19, 20, 21, 22, 25, 30))
        cycles = max(1, int(rng.gauss(13.5, 5)))
        days = sorted(
            date(min(first + int(rng.expovariate(0.07)), _TODAY.year - 1), 1, 1) + timedelta(days=rng.randrange(365))
            for _ in range(cycles)
        )
        for cycle, arrested in enumerate(days, 1):
            county = home if rng.random() < 0.8 else self._one(self.counties)
            self._cycle(lines, person, cycle, arrested, county)
        if rng.random() < 0.01:
            self._step(lines, person, cycles + 1, 1, days[-1], "REGISTRATION", home, "290(B) PC-SEX OFFENDER", "")
        if rng.random() < 0.03:
            self._step(lines, person, cycles + 2, 1, _TODAY, "DECEASED", home, "", "")
        return lines

    def _cycle(self, lines: list[str], person: list[str], cycle: int, arrested: date, county: str) -> None:
        rng = self.rng
        offenses = [self._one(self.offenses) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
        for count, (text, _) in enumerate(offenses, 1):
            for _ in range(rng.choice((1, 1, 2, 2, 3))):
                self._step(lines, person, cycle, 1, arrested, "ARREST/DETAINED/CITED", county, text, "", count=count)
        if rng.random() < 0.12:
            return
        decided = arrested + timedelta(days=rng.randrange(5, 400))
        if decided > _TODAY:
            return
        number = f"{county[:2]}{arrested.year % 100:02d}{rng.randrange(10**5):05d}"
        for count, (text, kind) in enumerate(offenses, 1):
            self._court(lines, person, cycle, decided, county, number, count, text, kind)
        if rng.random() < 0.2:
            self._step(lines, person, cycle, 3, decided + timedelta(days=90), "PROBATION", county, "", "")

    def _court(
        self,
        lines: list[str],
        person: list[str],
        cycle: int,
        decided: date,
        county: str,
        number: str,
        count: int,
        text: str,
        kind: str,
    ) -> None:
        rng = self.rng
        if rng.random() < 0.3:
            self._step(
                lines, person, cycle, 2, decided, "COURT ACTION", county, text, "DISMISSED/FURTHERANCE OF JUSTICE",
                count=count, number=number,
            )  # fmt: skip
            return
        level = {"F": "FELONY", "M": "MISDEMEANOR", "I": "INFRACTION"}[kind]
        if kind == "F" and rng.random() < 0.2:
            level = "MISDEMEANOR"
        status = level if rng.random() > 0.06 else ""
        if rng.random() < 0.004:
            status = rng.choice(("FELONY/MISD", "UNKNOWN", "WOBBLER"))
        on = decided.strftime("%Y%m%d")
        if rng.random() < 0.004:
            on = rng.choice(("", "20011399", "00000000", "19990230"))
        comment = ""
        if rng.random() < 0.05:
            text, comment = ("SEE COMMENT FOR CHARGE" if rng.random() < 0.7 else ""), text
        elif rng.random() < 0.02:
            comment = rng.choice(("ALSO CHARGED WITH 11359 HS", "COM: SCN-123456", "11357(C) HS COUNT DISMISSED"))
        parts: list[tuple[str, str, str]] = []
        if level == "FELONY" and rng.random() < 0.3:
            parts.append(("PRISON", str(rng.choice((16, 24, 36, 48))), "M"))
        else:
            parts.append(("PROBATION", str(rng.choice((1, 3, 3, 5))), "Y"))
            parts.append(("JAIL", str(rng.choice((10, 30, 90, 180, 365))), "D"))
        if rng.random() < 0.2:
            parts.append(("FINE", "", ""))
        if rng.random() < 0.003:
            parts.append(("PRISON", "LIFE", ""))
        for place, length, unit in parts:
            self._step(
                lines, person, cycle, 2, decided, "COURT ACTION", county, text, f"CONVICTED-{place[:4]}/{place}",
                count=count, number=number, on=on, kind=kind, status=status, comment=comment,
                sentence=(place, length, unit),
            )  # fmt: skip
        if rng.random() < 0.05:
            what = rng.choice(
                (
                    "CONV SET ASIDE & DISM PER 1203.4 PC",
                    "REDUCED TO MISDEMEANOR-17(B) PC",
                    "DISMISSED PER 11361.8 HS",
                    "REDUCED TO MISD PER 11361.8 HS",
                )
            )
            later = min(decided + timedelta(days=1500), _TODAY)
            self._step(
                lines, person, cycle, 2, later, "COURT ACTION", county, text, what, count=count, number=number,
                on=later.strftime("%Y%m%d"),
            )  # fmt: skip

    def _step(
        self,
        lines: list[str],
        person: list[str],
        cycle: int,
        step: int,
        event: date,
        kind_of_step: str,
        county: str,
        offense: str,
        disposition: str,
        *,
        count: int = 1,
        number: str = "",
        on: str = "",
        kind: str = "",
        status: str = "",
        comment: str = "",
        sentence: tuple[str, str, str] = ("", "", ""),
    ) -> None:
        self.record += 1
        order = f"{cycle:03d}{step:03d}{count:03d}000"
        day = event.strftime("%Y%m%d")
        code = f"{len(offense):05d}" if offense else ""
        quoted = f'"{offense}"' if "," in offense else offense
        charged = quoted if number else ""
        convicted = quoted if status or sentence[0] else ""
        agency = f"{county} COUNTY SUPERIOR COURT" if number else f"{county} COUNTY SHERIFFS DEPARTMENT"
        reference = f"{self.record * 7919 % 10**9:09d}"
        lines.append(
            ",".join(
                (
                    str(self.record), *person[1:], "CYC*", f"{cycle:03d}", day, "STP*", f"{cycle:03d}{step:03d}", day,
                    kind_of_step[:3], kind_of_step, "5", "SUPERIOR COURT" if number else "SHERIFFS DEPARTMENT",
                    f"CA0{len(county):02d}0000", agency, f"{len(county):02d}", county, "CNT*", order, on, number, code,
                    quoted, kind, "WITH PRIOR-FELONY" if self.record % 9 == 0 else "", code if number else "", charged,
                    kind if number else "", "", "1" if convicted else "", code if convicted else "", convicted,
                    kind if convicted else "", "", "1", f"AGENCY-{reference}", "", f"CITE-{reference}", "",
                    f"INC-{reference}", f"BKG-{reference}", f"NUM-{reference}", "", "", number, f"WARR-{reference}",
                    "1", f"{len(disposition):04d}" if disposition else "", disposition, status[:1], status, "SENT*",
                    "1" if sentence[0] else "", sentence[0][:1], *sentence,
                    {"D": "DAYS", "M": "MONTHS", "Y": "YEARS"}.get(sentence[2], ""), "30", "A", "ALPHA",
                    f'"{comment}"' if comment else f"SCN-{reference} {_REMARK}",
                    "EOR",
                )
            )
        )  # fmt: skip


def _cumulative(pairs: Iterable[tuple[Drawn, float]]) -> _Draw[Drawn]:
    values: list[Drawn] = []
    sums: list[float] = []
    total = 0.0
    for value, weight in pairs:
        total += weight
        values.append(value)
        sums.append(total)
    return values, sums
