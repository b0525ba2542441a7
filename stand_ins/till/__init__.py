"""A till at which somebody works: takes what a scanner types, asks the card check what it may know, and shows that alone."""

from __future__ import annotations

from stand_ins.till.asking import Answer, CardCheck, NotVerified, Told
from stand_ins.till.pages import till_app
from stand_ins.till.shops import Shop, shops_in

__all__ = ["Answer", "CardCheck", "NotVerified", "Shop", "Told", "shops_in", "till_app"]
