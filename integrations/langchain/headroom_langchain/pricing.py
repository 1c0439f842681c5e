"""The provider and the model name behind a LangChain chat model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain_core.language_models import BaseChatModel

__all__ = ["billed_as"]

_PROVIDERS: Final = {
    "azure": "openai",
    "azure_openai": "openai",
    "anthropicvertex": "anthropic",
    "google_anthropic_vertex": "anthropic",
    "google_genai": "google",
    "google_vertexai": "google",
    "vertexai": "google",
    "amazon_bedrock": "bedrock",
    "bedrock_converse": "bedrock",
}
_HOSTS: Final = {
    "azure": "azure",
    "azure_openai": "azure",
    "anthropicvertex": "vertex_ai",
    "google_anthropic_vertex": "vertex_ai",
    "google_vertexai": "vertex_ai",
    "vertexai": "vertex_ai",
    "amazon_bedrock": "bedrock",
    "bedrock_converse": "bedrock",
}
"""Hosts whose limits differ from the maker's; the engine knows them by these beginnings of a model's name."""
_BEDROCK_MAKERS: Final = ("anthropic", "amazon", "meta", "mistral", "openai", "google", "qwen")


def billed_as(model: BaseChatModel, options: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the provider and the model name that a call with `options` is billed as.

    Both come from what the model reports to tracing, which honours a `model=` of the call and knows the model behind an
    Azure deployment where it was given.
    """
    reported = model._get_ls_params(**options)  # noqa: SLF001 - the framework's own word for both
    name = reported.get("ls_model_name") or _attribute(model, "model_name", "model", "model_id", "deployment_name")
    provider = reported.get("ls_provider") or ""
    return _provider(provider, name), _hosted(name, _HOSTS.get(provider))


def _hosted(name: str | None, host: str | None) -> str | None:
    return name if name is None or host is None or name.startswith(f"{host}/") else f"{host}/{name}"


def _provider(reported: str, name: str | None) -> str:
    provider = _PROVIDERS.get(reported, reported)
    if provider == "bedrock":
        return next((maker for maker in _BEDROCK_MAKERS if maker in (name or "")), provider)
    if provider == "google" and "claude" in (name or ""):
        return "anthropic"
    return provider


def _attribute(model: BaseChatModel, *names: str) -> str | None:
    values = (getattr(model, name, None) for name in names)
    return next((value for value in values if isinstance(value, str) and value), None)
