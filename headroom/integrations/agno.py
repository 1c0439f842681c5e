"""The documented import path of the Agno adapter; everything here lives in `headroom_agno`."""

from headroom_agno import *  # noqa: F403
from headroom_agno import __all__  # noqa: F401
