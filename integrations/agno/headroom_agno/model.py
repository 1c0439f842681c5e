"""Agno models that compress the images of what they send."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast, overload

from agno.models.base import Model
from agno.models.utils import get_model

from headroom_agno.compressing import Compressing, blank
from headroom_agno.runs import Runs
from headroom_core.errors import WrongType
from headroom_core.image import Door

if TYPE_CHECKING:
    from headroom_core.image import ImageCompressor

__all__ = ["HeadroomAgnoModel"]

M = TypeVar("M", bound=Model)


class _Recognising(type):
    """Makes `isinstance(x, HeadroomAgnoModel)` true for every wrapped model, whatever its class."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Compressing)


class HeadroomAgnoModel(Compressing, metaclass=_Recognising):
    """Any Agno model, with the images of its requests compressed.

    The result is of the class of `wrapped_model`, under the same name: Agno tells what a model can do by both. Only
    what goes to the provider changes; the messages of the caller, the run output and the stored history keep the
    originals. One run is left alone with `agent.run(..., metadata={"headroom": {"policy": "off"}})`.
    """

    # The object is of the user's class: that is the point.
    @overload
    def __new__(  # type: ignore[misc]
        cls,
        wrapped_model: M,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> M: ...
    @overload
    def __new__(  # type: ignore[misc]
        cls,
        wrapped_model: str,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> Model: ...
    def __new__(  # type: ignore[misc]
        cls,
        wrapped_model: Model | str,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> Model:
        """Wrap a model.

        Args:
            wrapped_model: A model, or what Agno makes one of, such as `"openai:gpt-4o"`. It is not changed. What is
                wrapped already is returned as it is.
            compressor: The engine to share; a new one when not given.
            model: The name to price by, in place of the model's own.
            policy: `safe`, `balanced`, `aggressive`, `observe` or `off`; None for the engine's own.
            holdout: Share of conversations, in [0, 1], that pass untouched and are reported apart.

        Raises:
            WrongType: `wrapped_model` is not a model.
            InvalidOption: There is no such policy, or `holdout` is not a share.
        """
        inner = get_model(wrapped_model) if isinstance(wrapped_model, str) else wrapped_model
        if isinstance(inner, HeadroomAgnoModel):
            return cast("Model", inner)
        if not isinstance(inner, Model):
            raise WrongType(f"HeadroomAgnoModel needs an Agno model or 'provider:id', not {type(inner).__name__!r}")
        door = Door(compressor, model=model, policy=policy, holdout=holdout)
        new = blank(type(inner))
        vars(new).update(vars(inner), headroom_door=door, headroom_runs=Runs())
        return new
