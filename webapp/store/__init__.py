"""Every read and write of what people tell us. SQL lives in this package only.

`Store` is the whole surface; `open_store(settings)` makes one. `vault` seals, `resume_code` reads and draws the five
words, `migrations` holds the tables.
"""

from __future__ import annotations

from webapp.store.vault import KeyRingError, SealBroken, Vault
from webapp.store.visits import (
    DOCUMENT_LIMIT,
    DocumentTooLarge,
    Health,
    Store,
    StoreError,
    Visit,
    VisitGone,
    open_store,
)

__all__ = [
    "DOCUMENT_LIMIT",
    "DocumentTooLarge",
    "Health",
    "KeyRingError",
    "SealBroken",
    "Store",
    "StoreError",
    "Vault",
    "Visit",
    "VisitGone",
    "open_store",
]
