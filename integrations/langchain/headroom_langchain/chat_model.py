"""Chat models that compress the images of what they send."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable
from langchain_core.runnables.base import RunnableBindingBase
from pydantic import Field

from headroom_core.errors import WrongType
from headroom_core.image import Account, Door
from headroom_langchain.intercept import intercepted

if TYPE_CHECKING:
    from collections.abc import Callable

    from headroom_core.image import ImageCompressor

__all__ = ["HeadroomChatModel"]

M = TypeVar("M", bound=Runnable[Any, Any])


class _Compressing(Account):
    """What the class of a wrapped model has beyond the user's own class."""

    def _get_llm_string(self, stop: list[str] | None = None, **kwargs: Any) -> str:
        """Return the cache key: answers to compressed images are not answers to the originals."""
        key: str = super()._get_llm_string(stop=stop, **kwargs)  # type: ignore[misc]
        return f"{key}---{self.headroom_door.signature()}"

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Pickle by the user's own class, for the class made here has no name of its own to be found by."""
        return _blank, (type(self).__bases__[-1],), self.__getstate__()


class _Recognising(type):
    """Makes `isinstance(x, HeadroomChatModel)` true for every wrapped model, whatever its class."""

    def __instancecheck__(cls, instance: object) -> bool:
        while isinstance(instance, RunnableBindingBase):
            instance = instance.bound
        return isinstance(instance, _Compressing)


class HeadroomChatModel(Account, metaclass=_Recognising):
    """Any LangChain chat model, with the images of its requests compressed.

    The result is of the class of `wrapped`: isinstance, profile, cache, rate limiter, callbacks, `bind_tools`,
    `with_structured_output`, copying and pickling are the model's own. Only what goes to the provider changes;
    callbacks, traces and the caller's messages keep the originals. One call is left alone with
    `model.invoke(messages, headroom={"policy": "off"})`.
    """

    def __new__(  # type: ignore[misc]  # the object is of the user's class: that is the point
        cls,
        wrapped: M,
        /,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> M:
        """Wrap a chat model.

        Args:
            wrapped: A chat model, or one with bound tools or arguments. What is wrapped already is returned as it is.
            compressor: The engine to share; a new one when not given.
            model: The name to price by, in place of the model's own.
            policy: `safe`, `balanced`, `aggressive`, `observe` or `off`; None for the engine's own.
            holdout: Share of conversations, in [0, 1], that pass untouched and are reported apart.

        Raises:
            WrongType: `wrapped` is not a chat model, such as what `init_chat_model` makes with configurable fields.
            InvalidOption: There is no such policy, or `holdout` is not a share.
        """
        return _wrap(wrapped, lambda: Door(compressor, model=model, policy=policy, holdout=holdout))


def _wrap(wrapped: M, open_door: Callable[[], Door]) -> M:
    if isinstance(wrapped, HeadroomChatModel):
        return wrapped
    if isinstance(wrapped, RunnableBindingBase):
        return cast("M", wrapped.model_copy(update={"bound": _wrap(wrapped.bound, open_door)}))
    if not isinstance(wrapped, BaseChatModel):
        raise WrongType(
            f"HeadroomChatModel needs a chat model, not {type(wrapped).__name__!r}. A model that is chosen at run time "
            "(init_chat_model with configurable fields) is reached by HeadroomMiddleware, or by wrapping the one chosen"
        )
    new = wrapped.model_copy()
    new.__dict__.pop("_serialized", None)  # was cached for the other class
    object.__setattr__(new, "__class__", _subclass(type(wrapped)))
    new.__dict__["headroom_door"] = open_door()
    return cast("M", new)


@functools.cache
def _subclass(base: type[BaseChatModel]) -> type[BaseChatModel]:
    """Return the class of wrapped `base` models, under the same name: LangChain derives ids and providers from it."""
    namespace: dict[str, Any] = {
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "__doc__": base.__doc__,
        # A field, because configurable models are rebuilt from their fields; excluded from everything serialised.
        "__annotations__": {"headroom_door": Any},
        "headroom_door": Field(default_factory=Door, exclude=True, repr=False),
        **intercepted(base),
    }
    metaclass: Any = type(base)
    return cast("type[BaseChatModel]", metaclass(base.__name__, (_Compressing, base), namespace))


def _blank(base: type[BaseChatModel]) -> BaseChatModel:
    """Return an object of the class of wrapped `base` models for unpickling to fill."""
    cls = _subclass(base)
    return cls.__new__(cls)
