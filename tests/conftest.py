"""What every test has: the stand-in providers, and no way off this machine."""

import os

# LiteLLM reads these, and would download its lists of prices and of headers otherwise.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
# A developer's own tracing settings must not follow the tests.
for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ.pop(name, None)

pytest_plugins = ["tests.providers.fixtures"]
