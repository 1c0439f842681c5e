"""The encoder written as an ONNX graph for a processor: int8 products, fused attention, one text at a time.

Operators of the domain `com.microsoft` are part of every build of onnxruntime. Writing the fused graph here, instead of
leaving the fusing to onnxruntime, halves the time to load it.
"""

from __future__ import annotations

import numpy as np
import onnx
from encoders import HEADS, Encoder
from onnx import TensorProto, helper, numpy_helper

__all__ = ["written"]

_OURS = "com.microsoft"
_EPSILON = 1e-12


def written(model: Encoder) -> onnx.ModelProto:
    """The graph `input_ids [1, length]` -> `logits [1, outputs]`. The risks were learned beside, and stay behind."""
    graph = _Graph({name: tensor.detach().numpy() for name, tensor in model.state_dict().items()})
    x = graph.embedded()
    for layer in range(len(model.layers)):
        x = graph.layer(x, f"layers.{layer}.")
    pooled = graph.node("ReduceMean", [x, graph.constant("length", np.array([1]))], keepdims=0)
    graph.node("Gemm", [pooled, graph.weight("head.weight"), graph.weight("head.bias")], name="logits", transB=1)
    return _model(graph, len(model.head.bias))


class _Graph:
    """Nodes and weights, as they are added."""

    def __init__(self, tensors: dict[str, np.ndarray]) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, np.ndarray] = {}

    def node(
        self, kind: str, inputs: list[str], *, name: str | None = None, domain: str = "", **options: object
    ) -> str:
        """Add a node with one output, and return the output's name."""
        made = name or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [made], domain=domain, **options))
        return made

    def constant(self, name: str, value: np.ndarray) -> str:
        """Add a constant under a name."""
        self.weights[name] = value
        return name

    def weight(self, name: str) -> str:
        """Add a tensor of the model as it is."""
        return self.constant(name, self.tensors[name].astype(np.float32))

    def embedded(self) -> str:
        """Words, int8 with a scale for each piece, and positions, normalised."""
        table = self.tensors["words.weight"]
        scales = (np.abs(table).max(axis=1, keepdims=True) / 127.0 + 1e-12).astype(np.float32)
        self.constant("words", np.rint(table / scales).astype(np.int8))
        self.constant("words.scale", scales)
        ids = "input_ids"
        rows = self.node("Cast", [self.node("Gather", ["words", ids])], to=TensorProto.FLOAT)
        words = self.node("Mul", [rows, self.node("Gather", ["words.scale", ids])])
        length = self.node(
            "Slice",
            [self.node("Shape", [ids]), self.constant("one", np.array([1])), self.constant("two", np.array([2]))],
        )
        start = self.constant("zero", np.array([0]))
        positions = self.node("Slice", [self.weight("positions"), start, length])
        return self._normal(self.node("Add", [words, positions]), "norm")

    def layer(self, x: str, prefix: str) -> str:
        """One layer: attention, then the wide part, each added to what came in and normalised."""
        parts = [f"{prefix}{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [self._product(x, f"{prefix}qkv")], parts, axis=2, num_outputs=3))
        seen = self.node("MultiHeadAttention", parts, domain=_OURS, num_heads=HEADS)
        x = self._joined(x, self._product(seen, f"{prefix}out"), f"{prefix}norm1")
        wide = self.node("Gelu", [self._product(x, f"{prefix}up")], domain=_OURS)
        return self._joined(x, self._product(wide, f"{prefix}down"), f"{prefix}norm2")

    def _product(self, x: str, name: str) -> str:
        weight = self.tensors[f"{name}.weight"].T
        scale = (np.abs(weight).max(axis=0) / 127.0 + 1e-12).astype(np.float32)
        self.constant(f"{name}.int8", np.ascontiguousarray(np.rint(weight / scale).astype(np.int8)))
        self.constant(f"{name}.scale", scale)
        self.constant(f"{name}.zero", np.zeros(weight.shape[1], np.int8))
        inputs = [x, f"{name}.int8", f"{name}.scale", f"{name}.zero", self.weight(f"{name}.bias")]
        return self.node("DynamicQuantizeMatMul", inputs, domain=_OURS)

    def _joined(self, x: str, y: str, name: str) -> str:
        weights = [self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("SkipLayerNormalization", [x, y, *weights], domain=_OURS, epsilon=_EPSILON)

    def _normal(self, x: str, name: str) -> str:
        weights = [self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("LayerNormalization", [x, *weights], axis=-1, epsilon=_EPSILON)


def _model(graph: _Graph, outputs: int) -> onnx.ModelProto:
    made = helper.make_graph(
        graph.nodes,
        "questions",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, outputs])],
        [numpy_helper.from_array(value, name) for name, value in graph.weights.items()],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_OURS, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9, producer_name="headroom")
