"""LiteLLM with our callback: one question about one photo, to three providers.

python examples/litellm_example.py                            # against the stand-in provider, no key
OPENAI_API_KEY=... python examples/litellm_example.py         # against OpenAI alone
"""

from __future__ import annotations

import asyncio
import base64
import os
from contextlib import ExitStack
from pathlib import Path

# LiteLLM otherwise asks the network for its price table while it is imported.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

import litellm

from headroom.integrations.litellm import HeadroomCallback

PHOTO = Path(__file__).parent / "images" / "photo.jpg"
MODELS = ("openai/gpt-4o", "anthropic/claude-opus-5-5", "gemini/gemini-3.8-flash")


async def main() -> None:
    """Ask, then say what each provider would have billed and bills."""
    callback = HeadroomCallback()
    litellm.callbacks = [callback]
    url = "data:image/jpeg;base64," + base64.b64encode(PHOTO.read_bytes()).decode()
    question = {"type": "text", "text": "What is the mood of this picture?"}
    messages = [{"role": "user", "content": [question, {"type": "image_url", "image_url": {"url": url}}]}]

    with ExitStack() as stack:
        options: dict[str, dict[str, str]] = {model: {} for model in MODELS[:1]}
        if "OPENAI_API_KEY" not in os.environ:
            from tests.providers import ProviderServer

            server = stack.enter_context(ProviderServer())
            ends = (f"{server.url}/v1", server.url, f"{server.url}/v1beta/models/gemini-3.8-flash")
            options = {model: {"api_base": end, "api_key": "none"} for model, end in zip(MODELS, ends, strict=True)}
        for model, extra in options.items():
            await litellm.acompletion(model=model, messages=messages, **extra)
            result = callback.last_result
            assert result is not None
            print(f"{model}: {result.original_tokens} -> {result.compressed_tokens} image tokens. {result.reason}")
    print(f"Tokens saved: {callback.total_tokens_saved}")


if __name__ == "__main__":
    asyncio.run(main())
