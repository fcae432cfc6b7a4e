"""What can be wrong with an official form, as data: a stable code, the facts, and one English sentence.

Neither the command line nor the site may build sentences about PDFs themselves, and `forms` must not know any
language. So everything that goes wrong here carries a `reason` (a code that never changes) and `details` (named
facts). `REASONS` maps the code to the English sentence, which is also the message id a translator works from:

    >>> problem = FormProblem("blank_missing", form="CR-400")
    >>> problem.sentence()
    'The blank form CR-400 is not installed here. Run "limpio forms install" and try again.'

The site does the same with its own language: `gettext(REASONS[problem.reason]) % problem.details`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def N_(message: str) -> str:  # noqa: N802 - the name message extractors look for
    """The message itself: marks a sentence for the translators' catalog."""
    return message


REASONS: Mapping[str, str] = MappingProxyType(
    {
        # Adoption: what became of one form.
        "adopted": N_("The blank form %(form)s is ready to use."),
        "adopted_again": N_(
            "The blank form %(form)s in %(folder)s had been changed or damaged. It was replaced by a fresh copy."
        ),
        "adopted_new": N_(
            "A new official file for %(form)s was adopted. Every box Limpio fills is where it was before. "
            "Read the form once before people use it. Boxes Limpio does not know: %(new_fields)s."
        ),
        "pin_it": N_(
            "To make this the revision that Limpio is tested with, write into form.toml of %(form)s: its revision, "
            'sha256 = "%(sha256)s", bytes = %(bytes)s, and under [blank] sha256 = "%(blank_sha256)s", '
            "bytes = %(blank_bytes)s."
        ),
        "ready": N_("The blank form %(form)s is in place and unchanged."),
        "ready_new": N_(
            "The blank form %(form)s is in place. It was made from a file newer than the one Limpio was tested with."
        ),
        "ready_compared": N_(
            "The blank form %(form)s is in place and unchanged. Every box was compared with the list Limpio had of it."
        ),
        "prepared": N_(
            "The official file of %(form)s (%(revision)s) is not in %(folders)s. Limpio is prepared for it. Until then "
            "people get an answer sheet to copy from. Download it from %(address)s and run the command again."
        ),
        "answers_only": N_(
            "Limpio knows the words of %(form)s, but not where its boxes are. People get an answer sheet to copy from."
        ),
        "recognised": N_(
            "The file %(file)s is the official %(form)s (%(revision)s). Its boxes are not mapped yet, so it is not "
            "filled in: people get an answer sheet to copy from until they are."
        ),
        "unmapped_file": N_(
            "The file %(file)s may be %(form)s, but Limpio cannot tell: it knows no fingerprint of it. Its boxes are "
            "not mapped, so people get an answer sheet to copy from."
        ),
        "missing": N_(
            "No official file for %(form)s was found in %(folders)s. "
            "Download it from %(address)s, put it in that folder, and run the command again."
        ),
        "not_installed": N_(
            'The blank form %(form)s is not in %(folder)s. Run "limpio forms install" to put it there.'
        ),
        "unknown_file": N_(
            "The file %(file)s is not the official %(form)s that Limpio knows (%(revision)s): its fingerprint differs. "
            "It may be a newer revision or a changed copy. Download the form again from %(address)s. If it is a newer "
            'revision, compare it box by box: "limpio forms adopt %(form)s %(file)s".'
        ),
        "boxes_moved": N_(
            "The file %(file)s differs from the %(form)s that Limpio knows, so it was not used: %(differences)s. "
            "Limpio needs an update for this revision. Until then people get an answer sheet to copy from."
        ),
        "no_map": N_(
            "The file %(file)s was not used: Limpio has no map of %(form)s. Its boxes are: %(differences)s. Write them "
            'into its fields.toml, each with what goes in, and set basis = "file" in its form.toml.'
        ),
        "file_absent": N_("There is no file %(file)s. Check the name, then run the command again."),
        "census_differs": N_(
            "The file %(file)s is the official %(form)s, but it is not as it was described to Limpio, so it was not "
            "used: %(differences)s. Correct fields.toml, then run the command again. Until then people get an answer "
            "sheet to copy from."
        ),
        "file_empty": N_("The file %(file)s is empty. Download %(form)s again from %(address)s."),
        "file_not_pdf": N_(
            "The file %(file)s is not a PDF. Sometimes a web page is saved in place of the form. "
            "Download %(form)s again from %(address)s."
        ),
        "file_damaged": N_(
            "The file %(file)s is damaged or cut off, so it cannot be read. Download %(form)s again from %(address)s."
        ),
        "file_locked": N_(
            "The file %(file)s asks for a password. The official %(form)s does not. Download it again from %(address)s."
        ),
        "file_is_folder": N_("%(file)s is a folder, not a file. Put the PDF of %(form)s itself in that place."),
        "file_unreadable": N_(
            "The file %(file)s could not be read (%(cause)s). Check that you may open it, then run the command again."
        ),
        "folder_unwritable": N_(
            "The blank form %(form)s could not be saved in %(folder)s (%(cause)s). "
            "Check the space on the disk and the rights on the folder, then run the command again."
        ),
        "blank_changed": N_(
            "The blank form %(form)s in %(folder)s is not the one Limpio saved: someone or something changed it. "
            'Run "limpio forms install" to replace it.'
        ),
        "blank_differs": N_(
            "The official file for %(form)s is right, but the blank made from it is not the tested one. "
            "This happens with another version of the program that reads it (pikepdf). "
            "Install the versions listed in requirements.lock and run the command again."
        ),
        "blank_not_clean": N_(
            "The blank made from %(file)s still holds something active (%(found)s), so it was not used. "
            "Download %(form)s again from %(address)s."
        ),
        "print_changed": N_(
            "The printed page of %(form)s would have changed while it was prepared, so it was not used. "
            "Please report this file: %(file)s."
        ),
        # What the court serves now.
        "served_same": N_("%(where)s is the %(form)s that Limpio knows (%(revision)s)."),
        "served_new": N_(
            "%(where)s is another %(form)s than the one Limpio knows: %(found)s is printed on it, and Limpio knows "
            '%(revision)s. It is not used until its map is confirmed with "limpio forms adopt %(form)s FILE".'
        ),
        "served_adopted": N_(
            "%(where)s is the newer %(form)s (%(found)s) that was adopted here by hand. Limpio was tested with "
            "%(revision)s: bring its form.toml in line."
        ),
        "served_unmapped": N_(
            "%(where)s may be another %(form)s than the one Limpio knows: %(found)s is printed on it, and Limpio knows "
            "%(revision)s. Compare the printed words; Limpio only has an answer sheet for this form."
        ),
        "nothing_moved": N_("Every box of %(form)s that Limpio fills is where it was."),
        "unreachable": N_(
            "The court's site could not be reached at %(address)s (%(cause)s), so nothing is known about %(form)s. "
            "Check the connection and run the command again."
        ),
        # Filling.
        "blank_missing": N_('The blank form %(form)s is not installed here. Run "limpio forms install" and try again.'),
        "unknown_form": N_("Limpio does not know a form called %(form)s."),
        "unknown_field": N_("The form %(form)s has no box called %(key)s."),
        "field_stays_empty": N_("The box %(label)s on %(form)s must stay empty: %(why)s"),
        "wrong_kind": N_("The box %(label)s on %(form)s takes %(expected)s, and got something else."),
        "check_one": N_("Only one of these boxes on %(form)s can be checked: %(labels)s. Choose one and try again."),
        "must_agree": N_("These boxes on %(form)s go together: %(labels)s. Check all of them or none, then try again."),
        "unprintable": N_(
            'The box %(label)s on %(form)s holds "%(character)s" (%(name)s), which cannot be printed on the form. '
            "Write it another way, for example with Latin letters, and try again."
        ),
        "unprintable_page": N_(
            'The text holds "%(character)s" (%(name)s), which cannot be printed. '
            "Write it another way, for example with Latin letters, and try again."
        ),
        "part_not_flat": N_("The part %(bookmark)s still has boxes to fill in, so it cannot go into one print file."),
        "part_not_letter": N_(
            "A page of the part %(bookmark)s is not of US letter size, so it cannot go into one print file."
        ),
        "part_unreadable": N_("The part %(bookmark)s is not a PDF that can be joined with the others."),
    }
)


DIFFERENCES: Mapping[str, str] = MappingProxyType(
    {
        # How a file differs from what Limpio knows of the form, one box at a time.
        "other_pages": N_("%(now)s pages in place of %(before)s"),
        "box_gone": N_("%(what)s is gone"),
        "box_added": N_("there is a new box %(name)s (%(kind)s, page %(page)s, at %(rect)s)"),
        "box_renamed": N_("%(what)s is now called %(now)s (before: %(before)s)"),
        "box_kind": N_("%(what)s is now of kind %(now)s (before: %(before)s)"),
        "box_on": N_("%(what)s is now checked with %(now)s (before: %(before)s)"),
        "box_page": N_("%(what)s left page %(before)s for page %(now)s"),
        "box_moved": N_("%(what)s moved on page %(page)s, from %(before)s to %(now)s"),
        "box_places": N_("%(what)s is now in %(now)s places in place of %(before)s"),
    }
)


EDITS: Mapping[str, str] = MappingProxyType(
    {
        # The line to edit for each difference, in the words of the two files.
        "other_pages": N_("In form.toml: pages = %(now)s"),
        "box_gone": N_("In fields.toml: remove the entry of %(name)s, and what the program puts into it"),
        "box_added": N_(
            'In fields.toml: add an entry with name = "%(name)s", kind = "%(kind)s", page = %(page)s, rect = [%(rect)s]'
            ", and say what goes in or why it stays empty"
        ),
        "box_renamed": N_('In fields.toml, at name = "%(before)s": name = "%(now)s"'),
        "box_kind": N_('In fields.toml, at name = "%(name)s": kind = "%(now)s"'),
        "box_on": N_('In fields.toml, at name = "%(name)s": on = "%(now)s"'),
        "box_page": N_('In fields.toml, at name = "%(name)s": page = %(now)s'),
        "box_moved": N_('In fields.toml, at name = "%(name)s": rect = [%(now)s]'),
        "box_places": N_('In fields.toml, at name = "%(name)s": list all %(now)s places (rect and also)'),
    }
)


class FormProblem(Exception):
    """Something about an official form that a person must hear about: `reason` is a code of `REASONS`."""

    def __init__(self, reason: str, **details: str) -> None:
        super().__init__(reason, details)
        self.reason = reason
        self.details: Mapping[str, str] = MappingProxyType(dict(details))

    def sentence(self) -> str:
        """The English sentence with its facts filled in."""
        return REASONS[self.reason] % self.details

    def __str__(self) -> str:
        return self.sentence()


class BlankMissing(FormProblem):
    """The adopted blank is not there, or is not the one that was adopted."""


class UnknownForm(FormProblem):
    """No folder in `forms/` describes this form."""


class UnknownField(FormProblem):
    """The form has no such logical key."""


class FieldStaysEmpty(FormProblem):
    """A value was given for a box that belongs to the clerk or to the person's own hand."""


class WrongKind(FormProblem):
    """Text for a check box, or a tick for a text box."""


class BoxesConflict(FormProblem):
    """More than one box of a check-one group, or half of a pair that must agree."""


class UnprintableText(FormProblem):
    """A character the embedded font does not have, or that would print wrongly."""


class PartUnfit(FormProblem):
    """A part of a packet that cannot be merged."""
