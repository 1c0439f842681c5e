"""What the documentation shows runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integrations.agno.material import FOREIGN, photo

pytestmark = FOREIGN

ROOT = Path(__file__).parents[3]


@pytest.fixture
def openai_here(wire, monkeypatch):
    """OpenAI's environment, pointing at the stand-in provider."""
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", f"{wire.url}/v1")
    return wire


def test_the_example_of_the_readme_runs(openai_here, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("photo.jpg").write_bytes(photo())
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "integrations/agno/README.md").read_text(), re.DOTALL)
    names: dict = {}
    exec(program, names)
    names["model"].client.close()
    assert names["model"].total_tokens_saved > 0
    assert f"Tokens saved: {names['model'].total_tokens_saved}" in capsys.readouterr().out


def test_the_documented_import_path_and_wrapping_work(openai_here, capsys):
    program = """
from agno.agent import Agent
from agno.models.openai import OpenAIChat
from headroom.integrations.agno import HeadroomAgnoModel

# Wrap your model - that's it!
model = HeadroomAgnoModel(OpenAIChat(id="gpt-4o"))
agent = Agent(model=model)

# Use exactly like before
response = agent.run("Hello!")

# Check savings
print(f"Tokens saved: {model.total_tokens_saved}")
"""
    names: dict = {}
    exec(program, names)
    names["model"].client.close()
    assert capsys.readouterr().out == "Tokens saved: 0\n"
    assert names["response"].content


def test_the_example_script_runs_without_a_key():
    done = subprocess.run(
        [sys.executable, ROOT / "examples/agno_example.py"],
        cwd=ROOT,
        env={
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "integrations/agno")]),
            "AGNO_TELEMETRY": "false",
            "PATH": "",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *runs, total = [line for line in done.stdout.splitlines() if line.strip()]
    assert int(total.removeprefix("Tokens saved: ")) > 0
    assert sum("images given" in line for line in runs) == 3
