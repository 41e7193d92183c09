"""The graphs of multilingual-e5-small without their weights, as ONNX. Needs onnx (dev)."""

from typing import Literal

from onnx import ModelProto, NodeProto, TensorProto, helper

from pipeline.embed.e5_file import BLOCK_SIZE, N_DIMS, N_HEADS, N_INNER, N_LAYERS

Kind = Literal["int7", "q4", "float32"]

_CONTRIB = "com.microsoft"
_EPSILON = 1e-12
_N_BYTES = {TensorProto.INT8: 1, TensorProto.UINT8: 1, TensorProto.FLOAT: 4}


class _Builder:
    """Collect nodes and the names of outside tensors."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.nodes: list[NodeProto] = []
        self.tensors: list[TensorProto] = []

    def outside(self, name: str, kind: TensorProto.DataType, *shape: int) -> str:
        """Name a tensor that the session is given at its start."""
        tensor = TensorProto()
        tensor.name, tensor.data_type = name, kind
        tensor.dims.extend(shape)
        tensor.data_location = TensorProto.EXTERNAL
        n_bytes = _N_BYTES[kind]
        for size in shape:
            n_bytes *= size
        for key, value in (("location", "in-memory"), ("offset", "0"), ("length", str(n_bytes))):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
        self.tensors.append(tensor)
        return name

    def node(self, op: str, inputs: list[str], *outputs: str, domain: str = "", **given) -> str:
        """Add an operator, named after its first output."""
        self.nodes.append(
            helper.make_node(op, inputs, list(outputs), name=outputs[0], domain=domain, **given)
        )
        return outputs[0]

    def linear(self, x: str, out: str, n_inputs: int, n_outputs: int) -> str:
        """Add a matrix product with its bias."""
        if self.kind == "int7":
            weights = self.outside(f"{out}.q", TensorProto.INT8, n_inputs, n_outputs)
            scale = self.outside(f"{out}.s", TensorProto.FLOAT, n_outputs)
            bias = self.outside(f"{out}.b", TensorProto.FLOAT, n_outputs)
            inputs = [x, weights, scale, "", bias]
            return self.node("DynamicQuantizeMatMul", inputs, out, domain=_CONTRIB)
        bias = self.outside(f"{out}.b", TensorProto.FLOAT, n_outputs)
        if self.kind == "q4":
            n_blocks = n_inputs // BLOCK_SIZE
            weights = self.outside(
                f"{out}.q", TensorProto.UINT8, n_outputs, n_blocks, BLOCK_SIZE // 2
            )
            scale = self.outside(f"{out}.s", TensorProto.FLOAT, n_outputs * n_blocks)
            sizes = {"K": n_inputs, "N": n_outputs, "bits": 4, "block_size": BLOCK_SIZE}
            product = self.node(
                "MatMulNBits", [x, weights, scale], f"{out}.m", domain=_CONTRIB, **sizes
            )
        else:
            weights = self.outside(f"{out}.q", TensorProto.FLOAT, n_inputs, n_outputs)
            product = self.node("MatMul", [x, weights], f"{out}.m")
        return self.node("Add", [product, bias], out)

    def norm(self, x: str, out: str) -> str:
        gain = self.outside(f"{out}.g", TensorProto.FLOAT, N_DIMS)
        bias = self.outside(f"{out}.bb", TensorProto.FLOAT, N_DIMS)
        return self.node("LayerNormalization", [x, gain, bias], out, axis=-1, epsilon=_EPSILON)

    def scaled(self, x: str, n_inputs: int) -> str:
        """Divide an input by its channel scales, where the weights are multiplied by them."""
        if self.kind != "int7":
            return x
        inverse = self.outside(f"{x}.inv", TensorProto.FLOAT, n_inputs)
        return self.node("Mul", [x, inverse], f"{x}.sm")

    def layer(self, x: str, stem: str) -> str:
        qkv = self.linear(self.scaled(x, N_DIMS), f"{stem}qkv", N_DIMS, 3 * N_DIMS)
        parts = [f"{stem}{name}" for name in "qkv"]
        self.node("Split", [qkv], *parts, axis=-1, num_outputs=3)
        context = self.node(
            "Attention", parts, f"{stem}ctx", q_num_heads=N_HEADS, kv_num_heads=N_HEADS
        )
        projected = self.linear(context, f"{stem}ao", N_DIMS, N_DIMS)
        attended = self.norm(self.node("Add", [projected, x], f"{stem}r1"), f"{stem}a")
        inner = self.linear(self.scaled(attended, N_DIMS), f"{stem}fi", N_DIMS, N_INNER)
        bent = self.node("Gelu", [inner], f"{stem}g")
        last = self.linear(self.scaled(bent, N_INNER), f"{stem}fo", N_INNER, N_DIMS)
        return self.norm(self.node("Add", [last, attended], f"{stem}r2"), f"{stem}x")


def encoder_graph(kind: Kind) -> ModelProto:
    """Build a graph from input embeddings ``x`` and pooling weights ``w`` to their weighted sums.

    ``x`` is (1, n_tokens, 384), ``w`` (1, n_vectors, n_tokens), ``pooled`` (1, n_vectors, 384).
    """
    builder = _Builder(kind)
    x = builder.norm("x", "e")
    for layer in range(N_LAYERS):
        x = builder.layer(x, f"l{layer}.")
    builder.node("MatMul", ["w", x], "pooled")
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        builder.nodes,
        "multilingual-e5-small",
        [
            value("x", TensorProto.FLOAT, [1, "T", N_DIMS]),
            value("w", TensorProto.FLOAT, [1, "R", "T"]),
        ],
        [value("pooled", TensorProto.FLOAT, [1, "R", N_DIMS])],
        builder.tensors,
    )
    opsets = [helper.make_opsetid("", 23), helper.make_opsetid(_CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def scaled_inputs() -> list[str]:
    """Return the names of the inputs that have channel scales, in the order they are kept."""
    return [
        name
        for layer in range(N_LAYERS)
        for name in (
            f"l{layer - 1}.x" if layer else "e",
            f"l{layer}.ctx",
            f"l{layer}.a",
            f"l{layer}.g",
        )
    ]
