"""An Agno agent that is asked about a photo, a page of text and what its own tool shows.

python examples/agno_example.py                          # against the stand-in provider, no key
OPENAI_API_KEY=... python examples/agno_example.py       # against OpenAI
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from agno.agent import Agent
from agno.media import Image
from agno.models.openai import OpenAIChat
from agno.tools.function import ToolResult

from headroom.integrations.agno import HeadroomAgnoModel, create_headroom_hooks

IMAGES = Path(__file__).parent / "images"


def look() -> ToolResult:
    """Take a photo through the window."""
    return ToolResult(content="Here is the view.", images=[Image(filepath=IMAGES / "photo.jpg")])


def main() -> None:
    """Ask, then say what each run cost and why."""
    with ExitStack() as stack:
        if "OPENAI_API_KEY" not in os.environ:
            from tests.providers import ProviderServer

            server = stack.enter_context(ProviderServer())
            os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"{server.url}/v1"}

        model = HeadroomAgnoModel(OpenAIChat(id="gpt-4o"))
        before, after = create_headroom_hooks()
        hooks = {"pre_hooks": [before], "post_hooks": [after], "telemetry": False}
        agent = Agent(model=model, **hooks)
        agent.run("What is the mood of this picture?", images=[Image(filepath=IMAGES / "photo.jpg")])
        agent.run("What is the total of this receipt?", images=[Image(filepath=IMAGES / "receipt.jpg")])
        Agent(model=model, tools=[look], **hooks).run("Is it day or night outside?")

        for run in after.runs:
            print(f"{run.images} images given, {run.requests} requests with images, {run.tokens_saved} tokens saved")
        for outcome in model.outcomes:
            print(f"  {outcome.technique}: {outcome.tokens_before} -> {outcome.tokens_after} tokens. {outcome.reason}")
        print(f"Tokens saved: {model.total_tokens_saved}")


if __name__ == "__main__":
    main()
