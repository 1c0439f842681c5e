"""The engine of headroom: it decides which form of a picture a vision model needs, and writes it into the request.

Import from the parts: `headroom_core.image` (the compressor), `headroom_core.tokens` (what pictures cost),
`headroom_core.formats` (where pictures stand in a request), `headroom_core.errors`.
"""

from __future__ import annotations

import sys
from importlib import import_module

# Type checkers take this for typing.TYPE_CHECKING; importing typing would be most of the cost of some packages.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def at_first_use(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` of a package whose modules are loaded when one of their names is first used.

    Importing such a package costs next to nothing (PEP 562). For type checkers it imports the names as usual.

    Args:
        package: Its `__name__`.
        homes: The names that each of its modules gives.
    """
    home_of = {name: module for module, names in homes.items() for name in names}

    def load(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *home_of})

    return load, names
