"""Model names as people write them, reduced to what rows are listed under."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["Name", "canonical", "known_provider", "read_name"]

# fmt: off
_PROVIDERS = {
    "openai": (
        "openai", "azure", "azure_ai", "azure-openai", "azure_openai", "azureopenai", "openai_responses", "chatgpt",
    ),
    "anthropic": (
        "anthropic", "claude", "anthropic_bedrock", "anthropic-bedrock", "anthropic_vertex", "anthropic-vertex",
        "google_anthropic_vertex",
    ),
    "google": (
        "google", "gemini", "google_genai", "google-genai", "google-gla", "google-vertex", "google_vertexai",
        "googleai", "vertex_ai", "vertex_ai_beta", "vertexai", "vertex", "google-ai-studio",
    ),
    "mistral": ("mistral", "mistralai", "mistral-ai"),
    "xai": ("xai", "x-ai", "grok"),
    "amazon": ("amazon", "nova"),
    "meta": ("meta", "meta-llama", "meta_llama", "llama"),
    "qwen": ("qwen", "alibaba", "dashscope", "alibaba-cloud"),
    "zai": ("zai", "z-ai", "zai-org", "zhipu", "zhipuai", "thudm"),
    "moonshot": ("moonshot", "moonshotai", "kimi"),
    "deepseek": ("deepseek", "deepseek-ai"),
    "cohere": ("cohere", "cohereforai", "coherelabs"),
}
_HOSTS = {
    "azure": ("azure", "azure_ai", "azure-openai", "azure_openai", "azureopenai"),
    "bedrock": (
        "bedrock", "bedrock_converse", "aws", "aws-bedrock", "amazon-bedrock", "sagemaker", "anthropic_bedrock",
        "anthropic-bedrock",
    ),
    "vertex": (
        "vertex_ai", "vertex_ai_beta", "vertexai", "vertex", "google-vertex", "google_vertexai", "publishers",
        "anthropic_vertex", "anthropic-vertex", "google_anthropic_vertex",
    ),
}
# fmt: on
_REGION = re.compile(r"^(?:global|apac|[a-z]{2}(?:-gov)?(?:-[a-z]+-\d)?)\.(?=[a-z0-9-]+\.)")
"""What Bedrock puts before the vendor: `us.`, `apac.`, `us-gov.`, and in some gateways a whole region, `us-east-1.`"""
_BEDROCK_VENDOR = re.compile(
    r"^(anthropic|amazon|meta|mistral|cohere|deepseek|qwen|moonshot|moonshotai|zai|google|openai|xai)\."
)
_DATE = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{6,8}|\d{3,4})$")
_STAGE = re.compile(r"-(?:latest|preview|exp|experimental|beta|stable|default|thinking|v\d+)$")
_BUILD = re.compile(
    r"-(?:\d+b|a\d+b|e\d+b|\d+e|instruct|it|chat|fp8|fp16|bf16|awq|gptq|int4|int8|turbo|hf|qat|thinking"
    r"|maas|gguf|mlx|bnb|nvfp4|\d+bit)(?=-|$)"
)
_CLOSED = re.compile(r"gpt|chatgpt|o\d|claude|gemini|grok|nova")
"""Names whose endings mean another model, and not another size or build of the same weights."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a model's name says.

    Attributes:
        model: The model's own name, lower case, without host, provider and fine-tune.
        provider: The provider that the name carries, or None.
        host: `azure`, `bedrock` or `vertex` where the name carries one, or None.
        spellings: What to look up, in order: the name, then without date, stage and size of the weights.
    """

    model: str
    provider: str | None
    host: str | None
    spellings: tuple[str, ...]


def canonical(name: str) -> str:
    """One spelling for all: lower case, dashes for dots and spaces.

    >>> canonical(" Claude-3.5 Sonnet "), canonical("qwen2p5-vl")
    ('claude-3-5-sonnet', 'qwen2-5-vl')
    >>> canonical("gpt4o"), canonical("llama3.2-vision"), canonical("qwen2.5vl"), canonical("Qwen-2.5-VL")
    ('gpt-4o', 'llama-3-2-vision', 'qwen2-5-vl', 'qwen2-5-vl')
    """
    name = re.sub(r"[.\s]+", "-", name.strip().lower())
    name = re.sub(r"(?<=\d)p(?=\d)", "-", name)
    # Ollama and Bedrock write `gemma3` and `llama3-2`, Azure deployments `gpt4o`; routers write `qwen-2.5-vl`.
    name = re.sub(r"^(gpt|llama|gemma|gemini|mistral-small)(?=\d)", r"\1-", name)
    name = re.sub(r"^qwen-(?=\d)", "qwen", name)
    name = re.sub(r"(?<=\d)vl(?=-|$)", "-vl", name)
    name = re.sub(r"^claude-(\d(?:-\d)?)-(opus|sonnet|haiku)\b", _claude_order, name)
    return re.sub(r"^claude-(opus|sonnet|haiku)-(3(?:-\d)?)(?!\d)", r"claude-\2-\1", name)


def _claude_order(found: re.Match[str]) -> str:
    version, tier = found.groups()
    return found.group() if version.startswith("3") else f"claude-{tier}-{version}"


@cache
def _known(table: str) -> dict[str, str]:
    entries = _PROVIDERS if table == "providers" else _HOSTS
    return {alias: key for key, aliases in entries.items() for alias in aliases}


def known_provider(word: str | None) -> tuple[str | None, str | None]:
    """Provider and host that a word such as `azure_ai` or `vertex_ai` stands for.

    >>> known_provider("azure_ai"), known_provider("gemini"), known_provider("bedrock"), known_provider("nobody")
    (('openai', 'azure'), ('google', None), (None, 'bedrock'), (None, None))
    """
    if not word:
        return None, None
    key = word.strip().lower()
    return _known("providers").get(key), _known("hosts").get(key)


def read_name(text: str) -> Name:
    """Take a model's name apart.

    >>> read_name("bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0").spellings[-1]
    'claude-sonnet-4-5'
    >>> read_name("ft:gpt-4o-2024-08-06:acme::abc123").model
    'gpt-4o-2024-08-06'
    >>> read_name("anthropic:claude-sonnet-4-5[1m]").spellings, read_name("gemma3:27b").model
    (('claude-sonnet-4-5',), 'gemma3')
    """
    segments = _segments(text)
    provider, host = _from_path(segments)
    if segments[0].startswith("arn:aws:bedrock"):
        host = "bedrock"
    last = segments[-1].strip()
    if segments[0].startswith("ft:") or last.startswith("ft:"):
        last = last.split("ft:")[-1].split(":")[0]
    last, vendor = _from_bedrock(last)
    if vendor:
        provider, host = known_provider(vendor)[0], host or "bedrock"
    model = re.split(r"[@:\[]", last)[0].removeprefix("databricks-")
    return Name(model, provider, host, _spellings(canonical(model)))


def _segments(text: str) -> list[str]:
    """The parts between slashes; `openai:gpt-4o`, as frameworks write it, is read as `openai/gpt-4o`."""
    segments = [segment for segment in text.strip().lower().split("/") if segment.strip()] or [""]
    head, colon, rest = segments[0].partition(":")
    # What follows a model of Ollama is a size or `latest`: there `mistral:7b` names the model, not the provider.
    if colon and known_provider(head) != (None, None) and rest[:1].isalpha() and rest != "latest":
        segments[:1] = [head, rest]
    return segments


def _from_path(segments: list[str]) -> tuple[str | None, str | None]:
    provider: str | None = None
    host: str | None = None
    for segment in segments[:-1]:
        found, at = known_provider(segment)
        # `vertex_ai` and `azure` name a host first; the model's maker may follow in the path.
        provider = found or provider
        host = host or at
    return provider, host


def _from_bedrock(name: str) -> tuple[str, str | None]:
    name = _REGION.sub("", name)
    vendor = _BEDROCK_VENDOR.match(name)
    return (name[vendor.end() :], vendor.group(1)) if vendor else (name, None)


def _spellings(name: str) -> tuple[str, ...]:
    """The name itself, then with one date or stage after the other taken off its end, then without sizes of weights."""
    found = [name]
    while (shorter := _DATE.sub("", found[-1])) != found[-1] or (shorter := _STAGE.sub("", found[-1])) != found[-1]:
        found.append(shorter)
    if not _CLOSED.match(name):
        found += [_BUILD.sub("", spelling) for spelling in found]
    return tuple(dict.fromkeys(found))
