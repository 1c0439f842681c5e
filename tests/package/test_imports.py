"""What an import loads, and that every documented import path leads somewhere.

Each import runs in an interpreter of its own, outside the source tree: what another test loaded would hide the answer.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ["headroom", "headroom_agno", "headroom_core", "headroom_langchain", "headroom_litellm", "headroom_mcp"]

SLOW_STDLIB = {
    "asyncio", "concurrent", "ctypes", "http", "importlib.metadata", "multiprocessing", "smtplib", "sqlite3", "ssl",
    "tkinter", "unittest", "urllib.request", "xml",
}  # fmt: skip

LOADED = """
import json, sys
before = set(sys.modules)
{statements}
print(json.dumps(sorted(set(sys.modules) - before)))
"""

FACES = """
import importlib, json, pkgutil, re, sys, warnings
warnings.simplefilter("ignore")  # importing is what is looked at; what frameworks deprecate among themselves is not
def rank(name):
    words = [int(word) if word.isdigit() else word for word in re.split("([0-9]+)", name)]
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, words)
faces, faults = 0, []
for root in map(importlib.import_module, {packages}):
    for found in pkgutil.walk_packages(root.__path__, root.__name__ + "."):
        importlib.import_module(found.name)
for name, module in sorted(sys.modules.items()):
    public = getattr(module, "__all__", None)
    if name.partition(".")[0] not in {packages} or public is None:
        continue
    faces += 1
    faults += [f"{{name}}.{{missing}} does not exist" for missing in public if not hasattr(module, missing)]
    if list(public) != sorted(set(public), key=rank):
        faults.append(f"{{name}}.__all__ is not sorted")
print(json.dumps([faces, faults]))
"""


def run(program: str, elsewhere: Path) -> str:
    """What `program` prints, run by a fresh interpreter with no path into the source tree."""
    offline = os.environ | {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True"
    }  # LiteLLM fetches its price list when it is imported
    command = [sys.executable, "-I", "-c", program]
    ran = subprocess.run(command, cwd=elsewhere, env=offline, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def loaded(statements: str, elsewhere: Path) -> set[str]:
    return set(json.loads(run(LOADED.format(statements=statements), elsewhere)))


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "statement",
    [
        "import headroom",
        "import headroom_core",
        "import headroom_core.tokens, headroom_core.formats",
        "import headroom.image",
        "import headroom.integrations",
        "import headroom.cli",
        "from headroom import ImageCompressor, compress_image, compress_images, image_tokens, largest_within",
        "from headroom import image_tokens; image_tokens('gpt-4o', 1024, 1024)",
        "from headroom.image import ImageCompressor; ImageCompressor()",
        "from headroom.image import ImageCompressor; ImageCompressor().has_images([{'role': 'user', 'content': 'hi'}])",
    ],
)
def test_nothing_heavy_is_loaded_before_a_picture_is_decoded(statement: str, tmp_path: Path) -> None:
    """Neither Pillow, nor any other package, nor a slow part of the standard library."""
    modules = loaded(statement, tmp_path)
    assert tops(modules) - sys.stdlib_module_names - set(PACKAGES) == set()
    assert modules & SLOW_STDLIB == set()


def test_importing_the_front_door_loads_no_part_of_the_engine(tmp_path: Path) -> None:
    assert {name for name in loaded("import headroom", tmp_path) if name.startswith("headroom")} == {"headroom"}


def test_pillow_is_loaded_by_the_first_picture_that_is_rewritten(tmp_path: Path) -> None:
    """The counterpart: the tests above would pass as well if nothing could ever be loaded."""
    decode = """
from base64 import b64encode
from struct import pack
from zlib import compress, crc32
def chunk(kind, body):
    return pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body))
rows = b"".join(b"\\0" + bytes((x * y) % 251 for x in range(1600 * 3)) for y in range(1600))
size = chunk(b"IHDR", pack(">IIBBBBB", 1600, 1600, 8, 2, 0, 0, 0))
png = b"\\x89PNG\\r\\n\\x1a\\n" + size + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")
from headroom import compress_image
compress_image(png, "What is the mood of this picture?", model="claude-sonnet-4-5")
"""
    assert "PIL" in tops(loaded(decode, tmp_path))


@pytest.mark.parametrize(
    ("adapter", "framework", "others"),
    [
        ("headroom_agno", "agno.agent", {"langchain", "langchain_core", "litellm", "mcp", "PIL", "typer"}),
        ("headroom_langchain", "langchain_core", {"agno", "litellm", "mcp", "PIL", "rich", "typer"}),
        ("headroom_litellm", "litellm", {"agno", "langchain", "langchain_core", "langgraph", "mcp", "PIL"}),
        ("headroom_mcp", "mcp.server", {"agno", "langchain", "langchain_core", "litellm", "PIL", "rich", "typer"}),
    ],
)
def test_an_adapter_loads_its_own_framework_and_no_other(
    adapter: str, framework: str, others: set[str], tmp_path: Path
) -> None:
    """What the framework loads is its own affair: it comes first, and only what the adapter adds is counted."""
    added = loaded(f"import {framework}; before |= set(sys.modules); import {adapter}", tmp_path)
    assert adapter in added
    assert tops(added) & others == set()


@pytest.mark.parametrize("adapter", ["headroom_agno", "headroom_langchain", "headroom_litellm", "headroom_mcp"])
def test_importing_an_adapter_leaves_the_engine_to_the_first_request(adapter: str, tmp_path: Path) -> None:
    """What decides and what works on pixels is most of the engine; an application may start and never need it."""
    engine = {f"headroom_core.image.{name}" for name in ("compressor", "decide", "pixels", "router.rules")}
    assert loaded(f"import {adapter}", tmp_path) & engine == set()


@pytest.mark.parametrize(
    ("adapter", "framework", "extra"),
    [
        ("headroom_agno", "agno", "agno"),
        ("headroom_langchain", "langchain_core", "langchain"),
        ("headroom_litellm", "litellm", "litellm"),
        ("headroom_mcp", "mcp", "mcp"),
    ],
)
def test_an_adapter_without_its_framework_names_the_extra_to_install(
    adapter: str, framework: str, extra: str, tmp_path: Path
) -> None:
    """A name that is None in `sys.modules` is how Python itself says that a module cannot be imported."""
    program = f"""
import sys
sys.modules[{framework!r}] = None
from headroom_core.errors import MissingExtra
try:
    import {adapter}
except MissingExtra as error:
    print(error.extra, error)
"""
    told = run(program, tmp_path)
    assert told.startswith(extra)
    assert f".[{extra}]" in told


@pytest.mark.parametrize(
    "statements",
    [
        "from headroom.image import ImageCompressor, Technique, compress_image, compress_images",
        "from headroom import ImageCompressor, compress_images, image_tokens, largest_within, __version__",
        "from headroom_core.tokens import image_tokens, largest_within",
        """
from headroom.integrations import HeadroomChatModel, HeadroomMiddleware
from headroom.integrations.langchain import HeadroomChatModel as again
from headroom_langchain import HeadroomChatModel as original
assert HeadroomChatModel is again is original
""",
        """
from headroom.integrations import HeadroomCallback
from headroom.integrations.litellm import HeadroomCallback as again
from headroom_litellm import HeadroomCallback as original, handler
assert HeadroomCallback is again is original and isinstance(handler, HeadroomCallback)
""",
    ],
)
def test_a_documented_import_path_leads_to_the_thing_itself(statements: str, tmp_path: Path) -> None:
    assert loaded(statements, tmp_path)


def test_every_public_name_exists_and_every_list_of_them_is_sorted(tmp_path: Path) -> None:
    """Constants, then classes, then functions, each by name: the order that ruff keeps."""
    faces, faults = json.loads(run(FACES.format(packages=PACKAGES), tmp_path))
    assert faults == []
    assert faces > len(PACKAGES)


def test_the_front_door_lists_what_it_offers_and_refuses_the_rest(tmp_path: Path) -> None:
    program = """
import headroom, headroom.integrations as doors
for module in headroom, doors:
    assert set(module.__all__) <= set(dir(module))
    try:
        module.no_such_name
    except AttributeError as error:
        print(error)
"""
    assert run(program, tmp_path).count("no_such_name") == 2
