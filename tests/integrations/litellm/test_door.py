"""The import paths and the instance that configuration files name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def in_a_fresh_interpreter(code: str) -> str:
    """What `code` prints in an interpreter of its own."""
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120, env=environment
    )
    return result.stdout.strip()


def test_both_documented_paths_name_one_instance():
    code = """
import headroom_litellm, headroom.integrations.litellm as documented
from litellm.proxy.types_utils.utils import get_instance_fn
one, other = get_instance_fn("headroom_litellm.handler"), get_instance_fn("headroom.integrations.litellm.handler")
print(one is other, isinstance(one, headroom_litellm.HeadroomCallback), documented.install is headroom_litellm.install)
"""
    assert in_a_fresh_interpreter(code) == "True True True"


def test_importing_the_adapter_imports_no_other_framework():
    code = """
import sys, headroom_litellm
print(sorted({name.partition('.')[0] for name in sys.modules} & {'langchain_core', 'agno', 'mcp', 'headroom'}))
"""
    assert in_a_fresh_interpreter(code) == "[]"


def test_a_missing_litellm_is_named_with_the_line_that_installs_it():
    code = """
import sys; sys.modules['litellm'] = None
try:
    import headroom_litellm
except ImportError as error:
    print(error)
"""
    said = in_a_fresh_interpreter(code)
    assert "HeadroomCallback" in said
    assert "pip install '.[litellm]'" in said


def test_an_unknown_name_is_an_attribute_error():
    import headroom_litellm

    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = headroom_litellm.nothing_like_it


def test_the_example_of_the_readme_runs_and_saves():
    readme = Path(__file__).parents[3] / "integrations" / "litellm" / "README.md"
    example = re.findall(r"```python\n(.*?)```", readme.read_text(), re.DOTALL)[0]
    said, saved = in_a_fresh_interpreter(example).split()
    assert said == "Calm."
    assert int(saved) > 0
