"""What the adapters add: per call over the framework and the engine bare, at the first wrap, at import, and by turns.

    python benchmarks/adapters.py [--repeat 40]

The frameworks call models that answer at once, so that only the way to the model is measured. CPU time of this process,
medians of interleaved calls; imports in fresh interpreters.
"""

from __future__ import annotations

import argparse
import base64
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

IMAGES = Path(__file__).parent.parent / "examples" / "images"
PHOTO = base64.b64encode((IMAGES / "cat.jpg").read_bytes()).decode()
URL = f"data:image/jpeg;base64,{PHOTO}"
GIST = "What is the mood of this picture?"
MESSAGES = [
    {"role": "user", "content": [{"type": "text", "text": GIST}, {"type": "image_url", "image_url": {"url": URL}}]}
]


def medians(repeat: int, *works: Callable[[], object]) -> list[float]:
    """Median CPU milliseconds of each piece of work, the works taking turns."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(repeat + 3):
        for times, work in zip(taken, works, strict=True):
            start = time.process_time()
            work()
            times.append(1000 * (time.process_time() - start))
    return [statistics.median(times[3:]) for times in taken]


def langchain(repeat: int) -> tuple[float, float, list[float]]:
    """Per call, at the first wrap, and by turns of an agent's history."""
    from langchain_core.language_models.fake_chat_models import FakeListChatModel
    from langchain_core.messages import AIMessage, HumanMessage

    from headroom_core.image import ImageCompressor
    from headroom_langchain import HeadroomChatModel

    bare = FakeListChatModel(responses=["Calm."])
    start = time.process_time()
    HeadroomChatModel(bare)
    first = 1000 * (time.process_time() - start)
    wrapped = HeadroomChatModel(bare, model="gpt-4o")
    engine = ImageCompressor(model="gpt-4o")
    messages = [HumanMessage(MESSAGES[0]["content"])]
    ours, theirs, alone = medians(
        repeat, lambda: wrapped.invoke(messages), lambda: bare.invoke(messages), lambda: engine.run(MESSAGES, "openai")
    )
    history: list[Any] = []
    turns = []
    for number in range(25):
        content = MESSAGES[0]["content"] if number < 10 else f"And then, number {number}?"
        history.append(HumanMessage(content))
        turns.append(medians(max(3, repeat // 8), lambda: wrapped.invoke(history))[0])
        history.append(AIMessage("Calm."))
    return ours - theirs - alone, first, turns


def litellm(repeat: int) -> float:
    """Per call."""
    import asyncio

    import litellm as framework

    from headroom_core.image import ImageCompressor
    from headroom_litellm import HeadroomCallback

    engine, callback = ImageCompressor(model="gpt-4o"), HeadroomCallback()
    loop = asyncio.new_event_loop()

    def call(*callbacks: object) -> None:
        framework.callbacks = list(callbacks)
        loop.run_until_complete(framework.acompletion(model="openai/gpt-4o", messages=MESSAGES, mock_response="Calm."))

    ours, theirs, alone = medians(repeat, lambda: call(callback), call, lambda: engine.run(MESSAGES, "openai"))
    loop.close()
    return ours - theirs - alone


def agno(repeat: int) -> tuple[float, float]:
    """Per call, and at the first wrap."""
    from agno.media import Image
    from agno.models.message import Message
    from agno.models.openai import OpenAIChat
    from agno.models.response import ModelResponse

    from headroom_agno import HeadroomAgnoModel
    from headroom_core.image import ImageCompressor

    class Instant(OpenAIChat):
        """Answers at once."""

        def invoke(self, *_: Any, **__: Any) -> ModelResponse:
            return ModelResponse(content="Calm.", role="assistant")

    bare = Instant(id="gpt-4o", api_key="none")
    start = time.process_time()
    wrapped = HeadroomAgnoModel(bare)
    first = 1000 * (time.process_time() - start)
    engine = ImageCompressor(model="gpt-4o")
    photo = Image(content=base64.b64decode(PHOTO), mime_type="image/jpeg")

    def asked() -> list[Message]:
        return [Message(role="user", content=GIST, images=[photo])]

    ours, theirs, alone = medians(
        repeat,
        lambda: wrapped.response(asked()),
        lambda: bare.response(asked()),
        lambda: engine.run(MESSAGES, "openai"),
    )
    return ours - theirs - alone, first


def imports() -> None:
    """Each adapter's documented names over its framework, in fresh interpreters."""
    for statement, framework in (
        (
            "from headroom_langchain import HeadroomCallbackHandler, HeadroomChatModel, HeadroomRunnable",
            "langchain_core.language_models.chat_models, langchain_core.tools",
        ),
        ("from headroom_litellm import HeadroomCallback, install", "litellm, litellm.integrations.custom_logger"),
        (
            "from headroom_agno import HeadroomAgnoModel, create_headroom_hooks",
            "agno.models.base, agno.models.message, agno.media, agno.agent, agno.models.utils",
        ),
        ("from headroom_mcp import Gateway, ImageTools, build_server", "mcp, mcp.server, mcp.client"),
    ):
        code = (
            f"import time, {framework}\nstart = time.process_time()\n{statement}\n"
            "print(1000 * (time.process_time() - start))"
        )
        times = [
            float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
            for _ in range(5)
        ]
        print(f"  {statement.split()[1]:19} {statistics.median(times):6.1f} ms")


def first_request() -> None:
    """What the first request pays beyond the later ones: the engine is loaded by it."""
    code = f"""
import sys, time
from headroom_core.image import Door
door, took = Door(model="gpt-4o"), []
for _ in range(2):
    start = time.process_time()
    door.compress({MESSAGES!r}, provider="openai")
    took.append(time.process_time() - start)
print(1000 * (took[0] - took[1]))
"""
    times = [
        float(subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    print(f"  {statistics.median(times):6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=40)
    repeat = parser.parse_args().repeat
    call, first, turns = langchain(repeat)
    agno_call, agno_first = agno(repeat)
    print("per call over the framework and the engine bare (target <= 1 ms)")
    for name, cost in (("langchain", call), ("litellm", litellm(repeat)), ("agno", agno_call)):
        print(f"  {name:10} {cost:6.2f} ms")
    print("first wrap of a class (target <= 20 ms)")
    for name, cost in (("langchain", first), ("agno", agno_first)):
        print(f"  {name:10} {cost:6.2f} ms")
    print("a history of up to 50 messages with 10 pictures, one call (flat after the tenth)")
    for turn in (1, 10, 15, 25):
        print(f"  turn {turn:2}: {turns[turn - 1]:6.2f} ms")
    print("import over the framework (target <= 50 ms)")
    imports()
    print("the first request of a process over the second, which finds the engine loaded and the picture remembered")
    first_request()


if __name__ == "__main__":
    main()
