"""Packages that are left out together, and the fold of each."""

from __future__ import annotations

import hashlib

KIN = {
    "python-skimage-doc": "scikit-image",
    "python3-skimage-lib": "scikit-image",
    "debian-reference-ja": "debian-docs",
    "debian-reference-zh-cn": "debian-docs",
    "debian-history": "debian-docs",
    "installation-guide-amd64": "debian-docs",
    "tuxpaint-data": "tuxpaint",
    "tuxpaint-stamps-default": "tuxpaint",
    "mate-backgrounds": "drawn",
    "ukui-wallpapers": "drawn",
    "pillow": "drawn",
}
"""Packages that share images, a template, or (drawn) the photos that signs and receipts are put into."""


def kin_of(package: str) -> str:
    return KIN.get(package, package)


def fold_of(package: str, folds: int) -> int:
    """The fold of a package, by the digest of its kin: it does not move when packages are added."""
    return int(hashlib.sha256(f"2 {kin_of(package)}".encode()).hexdigest(), 16) % folds
