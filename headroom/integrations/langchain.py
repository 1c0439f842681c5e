"""The documented import path of the LangChain adapter; everything here lives in `headroom_langchain`."""

from headroom_langchain import *  # noqa: F403
from headroom_langchain import __all__  # noqa: F401
