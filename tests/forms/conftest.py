"""Blanks and values for the tests of `forms`.

The official PDFs are not in the tree. They are looked for in $LIMPIO_FORMS, then in ../shared/forms/official. Without
them the tests that need them are skipped, loudly; on the build machine (CI=true) they fail instead.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from readback import READ_FROM_FILE

import forms

REPOSITORY = Path(__file__).parents[2]
OFFICIAL = Path(os.environ.get("LIMPIO_FORMS") or REPOSITORY.parent / "shared" / "forms" / "official")


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder with the official PDFs."""
    if not any(OFFICIAL.glob("*.pdf")):
        told = f"NO OFFICIAL FORMS in {OFFICIAL}: set LIMPIO_FORMS to a folder that holds the Judicial Council's PDFs"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return OFFICIAL


@pytest.fixture(scope="session")
def blanks(official: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shipped form whose official file Limpio was made with, adopted."""
    dest = tmp_path_factory.mktemp("blanks")
    results = [result for result in forms.install([official], dest) if result.form in READ_FROM_FILE]
    assert {result.state for result in results} == {"adopted"}, [result.sentence() for result in results]
    return dest


@pytest.fixture
def answers() -> dict[str, str | bool]:
    """A person with accents, who asks for redesignation."""
    return {
        "filer_name": "María-José Nguyễn Żółkiewska",
        "filer_street": "1234½ Avenida de los Ángeles, Apto. 5",
        "filer_city": "Peñasco",
        "filer_state": "CA",
        "filer_zip": "90012",
        "filer_phone": "(213) 555-0123",
        "filer_email": "maria@example.org",
        "attorney_for": "Self-represented",
        "court_county": "LOS ANGELES",
        "court_street": "210 West Temple Street",
        "court_mailing": "P.O. Box 1",
        "court_city_zip": "Los Angeles 90012",
        "defendant": "ÑUÑO NGUYỄN (AKA ŁOŚ)",
        "case_number": "BA-123456",
        "title_application": True,
        "item_2b": True,
        "section_11357": True,
        "section_11359": True,
        "waive_appearance": True,
        "sign_name": "María José Nguyễn Șerban",
    }
