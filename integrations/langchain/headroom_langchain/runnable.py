"""Image compression as a step of an LCEL chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import convert_to_messages
from langchain_core.prompt_values import ChatPromptValue, PromptValue
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.base import RunnableBindingBase

from headroom_core.errors import WrongType
from headroom_core.image import Account, Door, policy_of
from headroom_langchain.passage import compress_for

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForChainRun

    from headroom_core.image import ImageCompressor

__all__ = ["HeadroomRunnable"]


class HeadroomRunnable(Account, Runnable[LanguageModelInput, LanguageModelInput]):
    """A step that hands on messages with their images compressed: `prompt | HeadroomRunnable(llm) | llm`.

    What is bound to the model that it is given counts: with tools that deal in coordinates images stay whole. What
    needs no change is handed on as the same object. One run is left alone with
    `chain.invoke(value, {"configurable": {"headroom": {"policy": "off"}}})`.

    Args:
        chat_model: The chat model that comes after this step, with all that is bound to it.
        compressor: The engine to share; a new one when not given.
        model: The name to price by, in place of the model's own.
        policy: `safe`, `balanced`, `aggressive`, `observe` or `off`; None for the engine's own.
        holdout: Share of conversations, in [0, 1], that pass untouched and are reported apart.

    Raises:
        WrongType: `chat_model` is not a chat model.
        InvalidOption: There is no such policy, or `holdout` is not a share.
    """

    def __init__(
        self,
        chat_model: Runnable[LanguageModelInput, Any],
        /,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> None:
        self._chat_model, self._bound = _unbound(chat_model)
        self.headroom_door = Door(compressor, model=model, policy=policy, holdout=holdout)

    def invoke(
        self,
        input: LanguageModelInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> LanguageModelInput:
        """Return what the next step should get; `ainvoke` does the same off the event loop."""
        return self._call_with_config(self._compressed, input, config, **kwargs)

    def _compressed(
        self, value: LanguageModelInput, run_manager: CallbackManagerForChainRun, config: RunnableConfig
    ) -> LanguageModelInput:
        if isinstance(value, str):
            return value
        policy = policy_of(config.get("configurable", {}).get("headroom"))
        before = value.to_messages() if isinstance(value, PromptValue) else convert_to_messages(value)
        door, callbacks = self.headroom_door, run_manager
        after = compress_for(
            self._chat_model, before, door=door, options=self._bound, policy=policy, callbacks=callbacks
        )
        if after is before:
            return value
        return ChatPromptValue(messages=after) if isinstance(value, PromptValue) else after


def _unbound(model: Runnable[LanguageModelInput, Any]) -> tuple[BaseChatModel, dict[str, Any]]:
    """Return the chat model inside its bindings, and the options that they hand to it."""
    inner: Any = model
    bound: dict[str, Any] = {}
    while isinstance(inner, RunnableBindingBase):
        inner, bound = inner.bound, {**inner.kwargs, **bound}
    if not isinstance(inner, BaseChatModel):
        raise WrongType(f"HeadroomRunnable needs the chat model that comes after it, not {type(inner).__name__!r}")
    return inner, bound
