"""Who a call of LiteLLM really reaches: the provider and the model behind an alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import litellm

from headroom_core import tokens

__all__ = ["Deployment"]

_SPOKEN_BY: Final = {
    "agenerate_content": "google",
    "agenerate_content_stream": "google",
    "anthropic_messages": "anthropic",
    "aresponses": "openai",
    "responses": "openai",
}
"""The provider whose own dialect a call speaks. Chat completions are everybody's."""

_SIGNED: Final = ("bedrock", "oci", "sagemaker")
"""Providers whose requests are signed over their body before LiteLLM shows it."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The receiver of a request.

    Attributes:
        route: LiteLLM's name of the provider, e.g. `azure` or `bedrock`; empty when the call does not say.
        model: The model's name behind that of its route, e.g. `azure/gpt-4o`; None when unknown.
        provider: Whose rules count the images: `openai`, `anthropic`, `google`, ...
    """

    route: str
    model: str | None
    provider: str

    @classmethod
    def of(cls, call: Mapping[str, Any]) -> Deployment:
        """Read the deployment from the keywords of a call, or from LiteLLM's record of one.

        Nothing is asked of LiteLLM, which for some providers would log in. The base model that an operator noted for a
        deployment counts before its name, which on Azure is free text.
        """
        named = call.get("model")
        # The proxy's record of a pass-through route says `unknown` when the model stands in the URL.
        name = named if isinstance(named, str) and named != "unknown" else ""
        prefix = name.partition("/")[0]
        route = call.get("custom_llm_provider") or (prefix if prefix in litellm.provider_list else "")
        name = next((note["base_model"] for note in _notes(call) if isinstance(note.get("base_model"), str)), name)
        model = f"{route}/{name.removeprefix(f'{route}/')}" if name and route else name or None
        hint = route or ("google" if "contents" in call else None)
        return cls(route, model, tokens.resolve(model, provider=hint).provider)

    @property
    def signed(self) -> bool:
        """Whether the body is signed by the time that it is shown, so that a change would not be sent."""
        return self.route.startswith(_SIGNED)

    def bridged(self, call_type: str) -> bool:
        """Whether LiteLLM puts the call into another dialect, and calls itself with that."""
        return _SPOKEN_BY.get(call_type, self.provider) != self.provider


def _notes(call: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Iterate over the places where the base model of a deployment may be noted, the nearest first."""
    for level in (call, call.get("litellm_params")):
        if isinstance(level, Mapping):
            buckets = (level, level.get("litellm_metadata"), level.get("metadata"))
            yield level
            yield from (info for bucket in buckets if isinstance(info := _in(bucket, "model_info"), Mapping))


def _in(bucket: object, key: str) -> object:
    return bucket.get(key) if isinstance(bucket, Mapping) else None
