"""What every command shares: the option for the language, and how a command that cannot go on ends.

It ends with exit code 2 and, on the error output, one sentence for each mistake: what is wrong and what to do. `cli.py`
says which code means what.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import click

from webapp.language import public_locales

lang_option = click.option(
    "--lang",
    type=click.Choice([locale.code for locale in public_locales()]),
    default="en",
    help="The language of words and messages.",
)


def stop(sentences: Iterable[str]) -> NoReturn:
    """Ends the command: these sentences on the error output, exit code 2."""
    for sentence in sentences:
        click.echo(sentence, err=True)
    raise SystemExit(2)
