"""Vision models of everybody else, as rows."""

from __future__ import annotations

from headroom_core.tokens.counts import Exactness, Limits
from headroom_core.tokens.profiles import VisionProfile
from headroom_core.tokens.rules_anthropic import AnthropicPatches
from headroom_core.tokens.rules_canvas import CohereTiles, GrokTiles, Llama4Chunks, Llama32Tiles, NovaSizes
from headroom_core.tokens.rules_open import Flat
from headroom_core.tokens.rules_patches import (
    DeepSeekCells,
    GLM5Patches,
    GLMPatches,
    KimiPatches,
    MistralPatches,
    QwenPatches,
)

__all__ = ["GENERIC", "ROWS"]

_AS_OF = "2026-11-20"
_MISTRAL = Limits(image_bytes=10_000_000, images=8)
_NOVA = Limits(image_bytes=25_000_000, side=8000, images=5)
_PIXELS_2560 = 2560 * 32 * 32
_PIXELS_16384 = 16384 * 32 * 32
_APPROX = Exactness.APPROX

# fmt: off
ROWS = (
    VisionProfile(
        "mistral-medium-3", "mistral", MistralPatches(1540, 28), "transformers 5.23, pixtral; published configurations",
        _AS_OF, limits=_MISTRAL, kin=("mistral", "ministral", "magistral"),
        models=(
            "mistral-small-3.1", "mistral-small-3.2", "mistral-small", "mistral-medium-3.1", "mistral-medium",
            "mistral-large-3", "mistral-large", "ministral-3", "ministral", "magistral-small", "magistral-medium",
            "magistral-small-1.2", "magistral-medium-1.2",
        ),
    ),
    VisionProfile(
        "pixtral-12b", "mistral", MistralPatches(1024, 16), "transformers 5.23, pixtral", _AS_OF,
        models=("pixtral", "pixtral-large"), kin=("pixtral",), limits=_MISTRAL,
    ),
    VisionProfile(
        "grok-4", "xai", GrokTiles(), "docs.x.ai (2025)", _AS_OF, Exactness.CAP, resize_pays=False,
        models=("grok-2-vision", "grok-4-fast", "grok-4.1-fast", "grok-4.1"), kin=("grok",),
        limits=Limits(image_bytes=10_000_000, formats=("PNG", "JPEG")),
    ),
    VisionProfile(
        "nova-2-lite", "amazon", Flat(230),
        "docs.aws.amazon.com/nova/latest/nova2-userguide/using-multimodal-models.html",
        _AS_OF, models=("nova-2-pro", "nova-2-omni"), kin=("nova",), limits=_NOVA, resize_pays=False,
    ),
    VisionProfile(
        "nova-pro", "amazon", NovaSizes(), "docs.aws.amazon.com/nova/latest/userguide/modalities-image.html", _AS_OF,
        _APPROX, models=("nova-lite", "nova-premier"), kin=("nova-pro", "nova-lite", "nova-premier"), limits=_NOVA,
        resize_pays=False,
    ),
    VisionProfile(
        "llama-4-maverick", "meta", Llama4Chunks(), "transformers 5.23, llama4", _AS_OF,
        models=("llama-4-scout", "llama-4"), kin=("llama",),
    ),
    VisionProfile(
        "llama-3.2-vision", "meta", Llama32Tiles(), "docs.together.ai, vision pricing", _AS_OF, _APPROX,
        models=("llama-3.2", "llama-3.2-vision-turbo"), kin=("llama-3.2",),
    ),
    VisionProfile(
        "qwen3-vl-plus", "qwen", QwenPatches(32, 65536, _PIXELS_2560, high_pixels=_PIXELS_16384),
        "transformers 5.23, qwen2_vl with factor 32; published configurations; Alibaba Model Studio defaults", _AS_OF,
        models=("qwen3-vl", "qwen3-vl-flash", "qwen3.5", "qwen3.5-plus", "qwen3.5-flash", "qwen3.5-vl"),
        kin=("qwen", "qwen3-vl", "qwen3.5", "qvq"),
    ),
    VisionProfile(
        "qwen2.5-vl", "qwen", QwenPatches(28, 3136, 12_845_056), "transformers 5.23, qwen2_vl", _AS_OF,
        models=("qwen2-vl",), kin=("qwen2.5-vl", "qwen2-vl"),
    ),
    VisionProfile(
        "glm-4.6v", "zai", GLMPatches(), "transformers 5.23, glm46v", _AS_OF,
        models=("glm-4.5v", "glm-4.6v-flash"), kin=("glm-4.5v", "glm-4.6v", "glm-4"),
    ),
    VisionProfile(
        "glm-5v", "zai", GLM5Patches(), "reference processor of GLM-5", _AS_OF, _APPROX,
        models=("glm-5", "glm-5v-turbo"),
        kin=("glm",), resize_pays=False,
    ),
    VisionProfile(
        "kimi-k2.5", "moonshot", KimiPatches(), "transformers 5.23, kimi_k25", _AS_OF, kin=("kimi", "moonshot"),
    ),
    VisionProfile(
        "deepseek-flash", "deepseek", DeepSeekCells(), "vLLM, deepseek_v41; api-docs.deepseek.com", _AS_OF,
        Exactness.FITTED, models=("deepseek-v4.1-flash",), kin=("deepseek",),
        limits=Limits(image_bytes=32_000_000, request_bytes=48_000_000),
    ),
    VisionProfile(
        "command-a-vision", "cohere", CohereTiles(), "transformers 5.23, cohere2_vision", _AS_OF,
        models=("c4ai-command-a-vision", "aya-vision", "c4ai-aya-vision"), kin=("command", "aya", "c4ai"),
    ),
)

GENERIC = VisionProfile(
    "unlisted", "unknown", AnthropicPatches(edge=2576, ceiling=4784),
    "28-px patches, the commonest rule among listed families, under the widest ceiling of the big providers", _AS_OF,
    limits=Limits(5_000_000, 20_000_000, side=2000, images=8, formats=("PNG", "JPEG")),
    resize_pays=False, current=False, assumed=True,
)
"""Neither model nor provider is known: a middling count, the strictest limits, and nothing is changed for it."""
