"""The router on `transformers`: tiny real classifiers through the real libraries, and a hub on loopback."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headroom_core.blocks import Query
from headroom_core.errors import InvalidOption, RouterUnavailable
from headroom_core.image import ImageCompressor, Need, Technique
from headroom_core.image.router import TorchRouter, default_router
from tests.heavy.ml.models import save_classifier

ROOT = Path(__file__).parents[3]
TECHNIQUES = {"zorp": "full_low", "glim": "transcode", "vandu": "preserve", "krelo": "crop"}
NEEDS = tuple(need.value for need in Need)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_classifier(
        tmp_path_factory.mktemp("four"), ("crop", "transcode", "full_low", "preserve"), raises=TECHNIQUES
    )


def ask(router, text):
    return router.route(Query(text=text))


@pytest.mark.parametrize(
    "order", [("full_low", "preserve", "crop", "transcode"), ("transcode", "crop", "preserve", "full_low")]
)
def test_labels_are_read_by_name_in_any_order_and_case(tmp_path, order):
    router = TorchRouter(str(save_classifier(tmp_path, order, raises=TECHNIQUES)), device="cpu")
    assert ask(router, "zorp").technique is Technique.FULL_LOW
    assert ask(router, "glim").technique is Technique.TRANSCODE
    assert ask(router, "vandu").technique is Technique.PRESERVE
    assert ask(router, "krelo").present(Need.REGION)


def test_ten_needs_are_read_each_on_its_own(tmp_path):
    raises = {"zorp": "gist", "glim": "text", "vandu": "detail", "krelo": "none"}
    router = TorchRouter(str(save_classifier(tmp_path, NEEDS, raises=raises)), device="cpu")
    for word, need in raises.items():
        assert ask(router, word).present(Need(need))
    assert ask(router, "zorp").technique is Technique.FULL_LOW


def test_other_labels_are_refused(tmp_path):
    router = TorchRouter(str(save_classifier(tmp_path, ("yes", "no"), raises={"zorp": "yes"})))
    with pytest.raises(RouterUnavailable, match="four techniques or ten needs"):
        router.load()


def test_the_words_of_a_question_guard_what_the_model_reads(folder):
    router = TorchRouter(str(folder), device="cpu")
    assert ask(router, "zorp, how many birds").technique is Technique.PRESERVE
    assert ask(router, "").silent


def test_long_questions_are_read_in_windows(folder):
    router = TorchRouter(str(folder), device="cpu")
    assert ask(router, "zorp " + "0 " * 100 + "vandu").technique is Technique.PRESERVE
    assert ask(router, "zorp " * 3000).technique is Technique.PRESERVE


def test_the_auto_device_is_one_that_is_there(folder):
    router = TorchRouter(str(folder))
    router.load()
    assert router._classifier.device in {"cpu", "cuda", "mps"}
    with pytest.raises(InvalidOption, match="device='abacus'"):
        TorchRouter(str(folder), device="abacus")


def test_two_models_of_one_folder_are_two_routers(folder, tmp_path):
    one = TorchRouter(str(folder), device="cpu").identity
    assert one == TorchRouter(str(folder), device="cpu").identity
    other = save_classifier(tmp_path, ("full_low", "preserve", "crop", "transcode"), raises=TECHNIQUES)
    assert one.rpartition("@")[2] != TorchRouter(str(other)).identity.rpartition("@")[2]


def test_many_threads_get_the_same_answers(folder):
    router = TorchRouter(str(folder), device="cpu")
    texts = [f"{word} {at}" for at in range(10) for word in TECHNIQUES]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda text: ask(router, text), texts)) == [ask(router, text) for text in texts]


def test_closing_frees_and_the_next_question_loads_again(folder):
    router = TorchRouter(str(folder), device="cpu")
    before = ask(router, "zorp")
    router.close()
    assert router._classifier is None
    assert ask(router, "zorp") == before


def test_the_compressor_takes_a_folder(folder):
    with ImageCompressor(model_id=str(folder), device="cpu", use_siglip=False) as compressor:
        assert compressor._get_router().classify(query="zorp").technique is Technique.FULL_LOW
        assert compressor.signature().count("torch/") == 1
    assert isinstance(default_router(str(folder), device="cpu"), TorchRouter)


def test_a_damaged_folder_falls_back(folder, tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(RouterUnavailable):
        TorchRouter(str(tmp_path)).load()
    assert not isinstance(default_router(str(tmp_path)), TorchRouter)


# The hub, played by a server on loopback

FETCH = """
import sys
from headroom_core.errors import RouterUnavailable
from headroom_core.image import ImageCompressor
from headroom_core.image.router import TorchRouter
from headroom_core.blocks import Query
router = TorchRouter("ann/router", device="cpu")
for _ in range(2):
    try:
        router.fetch()
        print("fetched", router.route(Query(text="zorp")).technique)
    except RouterUnavailable as failure:
        print("unavailable")
compressor = ImageCompressor(model_id="ann/router", device="cpu", use_siglip=False)
print(compressor.warm().partition("@")[0])
"""
ROUTE = """
from headroom_core.blocks import Query
from headroom_core.image import ImageCompressor
print(ImageCompressor(model_id="ann/router", use_siglip=False)._get_router().classify(query="zorp").technique)
"""


def run(program, endpoint, home, **more):
    environment = os.environ | {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1"} | more
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of the hub as a download asks for."""

    folder: Path
    revision = "0" * 40
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self._answer(body=False)

    def do_GET(self):
        self._answer(body=True)

    def _answer(self, *, body):
        self.server.asked.append(self.path)
        name = self.path.partition("?")[0].rpartition(f"/resolve/{self.revision}/")[2]
        if self.path.startswith(f"/api/models/ann/router/tree/{self.revision}"):
            found = json.dumps([self._entry(path) for path in sorted(self.folder.iterdir())]).encode()
        elif self.path.startswith("/api/models/ann/router"):
            siblings = [{"rfilename": path.name} for path in sorted(self.folder.iterdir())]
            found = json.dumps(
                {"id": "ann/router", "sha": self.revision, "siblings": siblings, "private": False}
            ).encode()
        elif (self.folder / name).is_file():
            found = (self.folder / name).read_bytes()
        else:
            found = None
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(found or b"")))
        self.send_header("X-Repo-Commit", self.revision)
        self.send_header("ETag", f'"{hash((name, found)) & 0xFFFFFFFF:040x}"')
        self.end_headers()
        if body and found:
            self.wfile.write(found)

    def _entry(self, path):
        return {"type": "file", "path": path.name, "size": path.stat().st_size, "oid": self.revision}

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(folder):
    handler = type("ThisHub", (Hub,), {"folder": folder})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_hub_name_works_when_the_hub_is_reachable_and_from_then_on_offline(hub, tmp_path):
    endpoint = f"http://127.0.0.1:{hub.server_port}"
    assert run(FETCH, endpoint, tmp_path) == ["fetched full_low"] * 2 + ["torch/ann/router"]
    hub.asked.clear()
    assert run(ROUTE, endpoint, tmp_path) == ["full_low"]
    assert hub.asked == []


def test_a_request_never_asks_the_hub(hub, tmp_path):
    assert run(ROUTE, f"http://127.0.0.1:{hub.server_port}", tmp_path) == ["preserve"]
    assert hub.asked == []


def test_the_hubs_own_offline_switch_is_respected(hub, tmp_path):
    (first, second, routes) = run(FETCH, f"http://127.0.0.1:{hub.server_port}", tmp_path, HF_HUB_OFFLINE="1")
    assert first == second == "unavailable"
    assert not routes.startswith("torch/")
    assert hub.asked == []


def test_a_hub_that_does_not_answer_is_asked_once_and_not_waited_for(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (first, second, routes) = run(FETCH, f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path)
        silent.settimeout(0)
        connections = 0
        while True:
            try:
                silent.accept()[0].close()
                connections += 1
            except OSError:
                break
    assert first == second == "unavailable"
    assert not routes.startswith("torch/")
    assert connections == 1


def test_a_hub_that_is_away_is_no_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert run(FETCH, f"http://127.0.0.1:{port}", tmp_path)[:2] == ["unavailable"] * 2
