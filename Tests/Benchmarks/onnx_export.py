"""Exports a BERT or DistilBERT classifier from a checkpoint to ONNX, dynamically quantized to int8."""
import json
import os
import pathlib

import numpy as np


class Graph:
    """A list of ONNX nodes, to which each method appends and returns the name of its output."""

    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants = tensors, [], {}

    def node(self, kind, *inputs, **attributes):
        from onnx import helper
        output = attributes.pop("output", f"{kind}{len(self.nodes)}")
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name, value):
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def linear(self, x, name):
        weight = self.constant(f"{name}.transposed", self.tensors[f"{name}.weight"].T)
        product = self.node("MatMul", x, weight)
        return self.node("Add", product, self.constant(f"{name}.bias", self.tensors[f"{name}.bias"]))

    def norm(self, x, name, epsilon):
        parts = [self.constant(f"{name}.{p}", self.tensors[f"{name}.{p}"]) for p in ("weight", "bias")]
        return self.node("LayerNormalization", x, *parts, axis=-1, epsilon=epsilon)


def export(folder, path):
    """Writes the forward pass of a checkpoint as an ONNX graph, which ONNX Runtime then quantizes to int8."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    config = json.loads((pathlib.Path(folder) / "config.json").read_text())
    tensors = {k: v.astype(np.float32) for k, v in load_file(pathlib.Path(folder) / "model.safetensors").items()}
    distil = config["model_type"] == "distilbert"
    root = "distilbert" if distil else "bert"
    width = config["dim" if distil else "hidden_size"]
    heads = config["n_heads" if distil else "num_attention_heads"]
    layers = config["n_layers" if distil else "num_hidden_layers"]
    epsilon = 1e-12 if distil else config["layer_norm_eps"]
    if distil:
        names = {"layer": "transformer.layer", "query": "attention.q_lin", "key": "attention.k_lin",
                 "value": "attention.v_lin", "out": "attention.out_lin", "norm1": "sa_layer_norm",
                 "up": "ffn.lin1", "down": "ffn.lin2", "norm2": "output_layer_norm"}
    else:
        names = {"layer": "encoder.layer", "query": "attention.self.query", "key": "attention.self.key",
                 "value": "attention.self.value", "out": "attention.output.dense",
                 "norm1": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense",
                 "norm2": "output.LayerNorm"}
    g = Graph(tensors)

    embeddings = f"{root}.embeddings"
    x = g.node("Gather", g.constant("tokens", tensors[f"{embeddings}.word_embeddings.weight"]), "input_ids")
    length = g.node("Shape", "input_ids", start=1, end=2)
    zero = g.constant("zero", np.array([0], np.int64))
    positions = g.constant("positions", tensors[f"{embeddings}.position_embeddings.weight"])
    x = g.node("Add", x, g.node("Slice", positions, zero, length, zero))
    if not distil:
        x = g.node("Add", x, g.constant("segment", tensors[f"{embeddings}.token_type_embeddings.weight"][0]))
    x = g.norm(x, f"{embeddings}.LayerNorm", epsilon)

    axes = g.constant("mask axes", np.array([1, 2], np.int64))
    mask = g.node("Unsqueeze", g.node("Cast", "attention_mask", to=TensorProto.FLOAT), axes)
    hidden = g.node("Mul", g.node("Sub", g.constant("one", np.float32(1)), mask), g.constant("far", np.float32(-1e9)))
    split = g.constant("split", np.array([0, 0, heads, width // heads], np.int64))
    join = g.constant("join", np.array([0, 0, width], np.int64))
    root2 = g.constant("root of width", np.float32((width / heads) ** 0.5))
    half, sqrt2 = g.constant("half", np.float32(0.5)), g.constant("root of two", np.float32(2 ** 0.5))
    for index in range(layers):
        layer = {key: f"{root}.{names['layer']}.{index}.{name}" for key, name in names.items()}
        parts = [g.node("Reshape", g.linear(x, layer[part]), split) for part in ("query", "key", "value")]
        orders = [0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]
        query, key, value = (g.node("Transpose", part, perm=order) for part, order in zip(parts, orders))
        scores = g.node("Add", g.node("Div", g.node("MatMul", query, key), root2), hidden)
        context = g.node("MatMul", g.node("Softmax", scores, axis=-1), value)
        context = g.node("Reshape", g.node("Transpose", context, perm=[0, 2, 1, 3]), join)
        x = g.norm(g.node("Add", g.linear(context, layer["out"]), x), layer["norm1"], epsilon)
        up = g.linear(x, layer["up"])
        gelu = g.node("Mul", g.node("Mul", up, half),
                      g.node("Add", g.node("Erf", g.node("Div", up, sqrt2)), g.constant("one more", np.float32(1))))
        x = g.norm(g.node("Add", g.linear(gelu, layer["down"]), x), layer["norm2"], epsilon)
    first = g.node("Squeeze", g.node("Slice", x, zero, g.constant("first", np.array([1], np.int64)),
                                     g.constant("one axis", np.array([1], np.int64))), "one axis")
    if distil:
        pooled = g.node("Relu", g.linear(first, "pre_classifier"))
    else:
        pooled = g.node("Tanh", g.linear(first, "bert.pooler.dense"))
    logits = g.linear(pooled, "classifier")
    g.node("Identity", logits, output="logits")

    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
              for name in ("input_ids", "attention_mask")]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", None])]
    constants = [numpy_helper.from_array(v, k) for k, v in g.constants.items()]
    model = helper.make_model(helper.make_graph(g.nodes, "classifier", inputs, outputs, constants),
                              opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    plain = f"{path}.float32"
    onnx.save(model, plain)
    quantize_dynamic(plain, path, weight_type=QuantType.QInt8)
    os.remove(plain)
