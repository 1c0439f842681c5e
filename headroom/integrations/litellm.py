"""The documented import path of the LiteLLM adapter; everything here lives in `headroom_litellm`."""

from headroom_litellm import *  # noqa: F403
from headroom_litellm import __all__  # noqa: F401
