"""`make bench`: every figure the project promises, in one run, with what was aimed at and references beside them.

$ .venv/bin/python -m tests.bench
figure                                        | value | aim
"""

from __future__ import annotations

import re

from tests.bench import bulk, decide, packet, pages, reminders, web

# The start of a figure's name -> what was aimed at.
AIMS = {
    "counts decided a second, all remedies": "5,000 or more",
    "marijuana counts decided a second, Proposition 64 alone": "20,000 or more",
    "pages to complete findings, many": "40 or fewer",
    "pages, unsure of everything, many": "30 or fewer",
    "CR-400 packet, cover page included": "under 40 ms",
    "CR-180 alone": "under 45 ms",
    "full packet, three cases": "under 300 ms",
    "memory over 1,000 packets": "flat",
    "finding 200 texts that are due among 100,000": "under 50 ms",
    "texts planned and sent a second": "50 or more",
    "bytes of the first page": "14,000 or fewer",
    "bytes of a question page": "10,000 or fewer",
    "server time a page, 20 clients a second a page, p95": "under 25 ms",
    "server time a page, 20 clients without a pause, p95": "under 25 ms",
    "bulk: review of": "5 s or less for a million",
    "bulk: review against plain, ": "1.3 times or less",
    "bulk: records a second": "200,000 or more",
    "bulk: peak memory, ": "under 1.5 GB for a million",
    "bulk: CR-400s a second": "1,000 or more",
}
_SAID_AIM = re.compile(r"\s*\(aim: [^)]*\)")


def aim_of(figure: str) -> str:
    return next((aim for start, aim in AIMS.items() if figure.startswith(start)), "")


def table(rows: list[tuple[str, str, str]]) -> str:
    """Rows as text, columns aligned."""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{figure:<{widths[0]}} | {value:>{widths[1]}} | {aim:<{widths[2]}}".rstrip(" |") for figure, value, aim in rows
    )


def main() -> None:
    measured = [row for module in (decide, packet, pages, web, reminders, bulk) for row in module.run()]
    rows = [(figure, _SAID_AIM.sub("", value), aim_of(figure)) for figure, value in measured]
    missing = [start for start in AIMS if not any(figure.startswith(start) for figure, _ in measured)]
    print(table([("figure", "value", "aim"), *rows]))
    if missing:
        raise SystemExit(f"Not measured here: {', '.join(missing)}")


if __name__ == "__main__":
    main()
