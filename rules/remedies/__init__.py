"""The remedies, each a module that only declares. The order here is the order in which the law prefers them
(`law/1203-4-family.md` section 7: the better relief first)."""

from rules.remedy import Remedy

from . import hs_11361_8

REMEDIES: tuple[Remedy, ...] = (hs_11361_8.REMEDY,)
