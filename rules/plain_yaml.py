"""Data files as YAML: only plain values, and read with libyaml where PyYAML was built with it (ten times faster; the
command line waits for it, and every test run)."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """What the text says: mappings, lists, texts, numbers, dates and yes or no, never an object of another kind.
    Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  # both loaders are the safe one
