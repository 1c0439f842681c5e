"""The wheel: what is in it, what it asks for, and that it works where nothing else is installed."""

import json
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "headroom": ROOT,
    "headroom_agno": ROOT / "integrations/agno",
    "headroom_core": ROOT,
    "headroom_langchain": ROOT / "integrations/langchain",
    "headroom_litellm": ROOT / "integrations/litellm",
    "headroom_mcp": ROOT / "integrations/mcp",
}
SMOKE = """
import base64, io, json, sys
import headroom, headroom_core
from headroom import ImageCompressor, image_tokens
from PIL import Image

photo = Image.effect_noise((128, 128), 60).resize((1600, 1200), Image.Resampling.BICUBIC).convert("RGB")
file = io.BytesIO()
photo.save(file, "JPEG", quality=90)
url = "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
request = [{"role": "user", "content": [
    {"type": "text", "text": "What is in this photo?"},
    {"type": "image_url", "image_url": {"url": url}},
]}]
with ImageCompressor() as compressor:
    done = compressor.run(request, "openai", model="gpt-4o")
print(json.dumps({
    "version": headroom.__version__,
    "homes": [headroom.__file__, headroom_core.__file__],
    "tokens": image_tokens("gpt-4o", 1024, 1024).tokens,
    "before": done.result.original_tokens,
    "after": done.result.compressed_tokens,
    "packages": sorted({name.partition(".")[0] for name in sys.modules} & {"onnxruntime", "rapidocr", "typer", "rich"}),
}))
"""

SUFFIXES = {".css", ".html", ".json", ".npz", ".onnx", ".py", ".toml", ".tsv", ".typed", "py.typed"}
"""Source, the tables that it reads, the report's page, and the trained model."""


def build(folder: Path) -> Path:
    """The wheel that hatchling makes of the source tree; no network, no isolation."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel with no extra, and nothing else that pip was not asked for."""
    home = tmp_path_factory.mktemp("bare")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(home)], check=True, timeout=120)
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(home), str(wheel)], check=True, timeout=300)
    return home


def test_exactly_the_six_packages_reach_site_packages(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    (info,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops - {info} == set(SOURCES)
    assert info.startswith("headroom_ai-")


def test_the_wheel_holds_every_source_file_and_no_other(names: set[str]) -> None:
    sources = {
        path.relative_to(source).as_posix()
        for package, source in SOURCES.items()
        for path in (source / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == sources
    assert {Path(name).suffix or Path(name).name for name in sources} <= SUFFIXES


@pytest.mark.parametrize("package", SOURCES)
def test_type_checkers_read_the_types_of_every_package(package: str, names: set[str]) -> None:
    assert f"{package}/py.typed" in names


def test_the_metadata_say_what_the_package_is_and_needs(metadata: Message, names: set[str]) -> None:
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert metadata["Name"] == "headroom-ai"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert required == ["numpy>=1.26", "pillow>=13"]
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_extra_all_brings_every_other_extra_of_users(metadata: Message) -> None:
    extras: dict[str, set[str]] = {extra: set() for extra in metadata.get_all("Provides-Extra", [])}
    for line in metadata.get_all("Requires-Dist", []):
        requirement, _, extra = line.partition("; extra == ")
        if extra:
            extras[extra.strip("'")].add(requirement)
    assert {"all", "cli", "dev", "langchain", "litellm"} <= set(extras)
    assert set().union(*(needs for extra, needs in extras.items() if extra != "dev")) == extras["all"]
    assert extras["all"] <= extras["dev"]


def test_the_wheel_is_small_and_the_same_when_built_again(wheel: Path, tmp_path: Path) -> None:
    assert wheel.stat().st_size < 22_000_000
    assert build(tmp_path).read_bytes() == wheel.read_bytes()


def test_the_core_needs_numpy_and_pillow_alone_and_stays_under_150_megabytes(bare: Path) -> None:
    (site,) = bare.glob("lib/python*/site-packages")
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert {path.name.partition("-")[0] for path in site.glob("*.dist-info")} == {"headroom_ai", "numpy", "pillow"}
    assert size <= 150_000_000


def test_the_bare_wheel_counts_tokens_and_compresses_a_picture(bare: Path, tmp_path: Path) -> None:
    python = bare / "bin/python"
    ran = subprocess.run(
        [python, "-I", "-W", "error", "-c", SMOKE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert all(Path(home).is_relative_to(bare) for home in told["homes"])
    assert told["tokens"] == 765
    assert told["after"] < told["before"]
    assert told["packages"] == []


def test_the_bare_command_names_the_extra_that_it_needs(bare: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [bare / "bin/headroom", "tokens"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 2
    assert ".[cli]" in ran.stderr
    assert "Traceback" not in ran.stderr
