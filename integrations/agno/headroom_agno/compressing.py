"""The class of a wrapped model: the user's own class, with the compression in it."""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Any, cast

from headroom_agno.intercept import intercepted
from headroom_agno.passage import pictures_digest
from headroom_agno.runs import Runs
from headroom_core.image import Account, Door

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agno.models.base import Model
    from agno.models.message import Message


__all__ = ["Compressing", "blank"]


class Compressing(Account):
    """What the class of a wrapped model has beyond the user's own class."""

    @functools.cached_property
    def headroom_door(self) -> Door:  # type: ignore[override]  # assigned by the wrapper, or made at first use
        """The way to the engine: given by the wrapper, else (after `dataclasses.replace`) one of the object's own."""
        return Door()

    @functools.cached_property
    def headroom_runs(self) -> Runs:
        """The savings of each run, for the hooks."""
        return Runs()

    def _get_model_cache_key(self, messages: Sequence[Message], *args: Any, **options: Any) -> str:
        """Return the cache key: another picture, or the same one compressed otherwise, is another question."""
        key: str = super()._get_model_cache_key(messages, *args, **options)  # type: ignore[misc]
        digest = pictures_digest(messages, self.headroom_door.signature())
        return key if digest is None else hashlib.sha256(f"{key}/{digest}".encode()).hexdigest()

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Pickle by the user's own class, for the class made here has no name of its own to be found by."""
        return blank, (type(self).__bases__[-1],), self.__dict__


def blank(base: type[Model]) -> Model:
    """Return an object of the class of wrapped `base` models, still without attributes."""
    cls = _subclass(base)
    return cls.__new__(cls)


@functools.cache
def _subclass(base: type[Model]) -> type[Model]:
    """Return the class of wrapped `base` models, under the same name: Agno compares names (`agno.reasoning`)."""
    namespace = {"__module__": base.__module__, "__qualname__": base.__qualname__, "__doc__": base.__doc__}
    metaclass: Any = type(base)
    return cast("type[Model]", metaclass(base.__name__, (Compressing, base), {**namespace, **intercepted(base)}))
