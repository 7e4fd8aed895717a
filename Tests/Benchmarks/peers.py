"""What a classifier is usually served with, for comparison: ONNX Runtime int8, and FastAPI in front of it.

    peers.py checkpoint FOLDER                  a DistilBERT of random weights from a seed, with a vocabulary of made-up words
    peers.py export CHECKPOINT MODEL.onnx       BERT or DistilBERT classifier → ONNX, dynamically quantized to int8
    peers.py latency MODEL.onnx THREADS RUNS LENGTH…     one JSON line: median and minimum in ms for each length
    CHECKPOINT=… ONNX=… uvicorn peers:app       the API; PAD=128 pads every text to 128 tokens, as many do
"""
import json
import os
import pathlib
import statistics
import sys
import time

import numpy as np


def words(count):
    """Made-up words, the same everywhere."""
    random, syllables = np.random.default_rng(1), [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    found = {}
    while len(found) < count:
        found["".join(random.choice(syllables, random.integers(1, 4)))] = None
    return list(found)


def checkpoint(folder):
    """DistilBERT-base in shape; nothing is learnt, but time and memory do not depend on what weights say."""
    from safetensors.numpy import save_file
    from tokenizers import BertWordPieceTokenizer

    random, folder = np.random.default_rng(0), pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(c) for c in range(33, 127)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters if c.isalnum())]
    vocabulary += [w for w in words(30522) if w not in letters][: 30522 - len(vocabulary)]
    tokenizer = BertWordPieceTokenizer({w: i for i, w in enumerate(vocabulary)}, lowercase=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    width, inner, layers = 768, 3072, 6
    config = dict(
        architectures=["DistilBertForSequenceClassification"], model_type="distilbert", activation="gelu", dim=width,
        hidden_dim=inner, n_heads=12, n_layers=layers, max_position_embeddings=512, vocab_size=len(vocabulary),
        pad_token_id=0, id2label={"0": "negative", "1": "positive"}, label2id={"negative": 0, "positive": 1})
    (folder / "config.json").write_text(json.dumps(config))
    settings = dict(tokenizer_class="DistilBertTokenizerFast", do_lower_case=True, model_max_length=512)
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    tensors = {}

    def add(name, *shape):
        tensors[name] = (random.standard_normal(shape) * 0.02).astype(np.float32)

    def linear(name, inputs, outputs):
        add(f"{name}.weight", outputs, inputs)
        add(f"{name}.bias", outputs)

    def norm(name):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = np.ones(width, np.float32), np.zeros(width, np.float32)

    add("distilbert.embeddings.word_embeddings.weight", len(vocabulary), width)
    add("distilbert.embeddings.position_embeddings.weight", 512, width)
    norm("distilbert.embeddings.LayerNorm")
    for layer in range(layers):
        name = f"distilbert.transformer.layer.{layer}"
        for part in ("q_lin", "k_lin", "v_lin", "out_lin"):
            linear(f"{name}.attention.{part}", width, width)
        norm(f"{name}.sa_layer_norm")
        linear(f"{name}.ffn.lin1", width, inner)
        linear(f"{name}.ffn.lin2", inner, width)
        norm(f"{name}.output_layer_norm")
    linear("pre_classifier", width, width)
    linear("classifier", width, 2)
    save_file(tensors, folder / "model.safetensors")


class Graph:
    """ONNX nodes, one after the other."""

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
    """Draws the forward pass as a graph, then lets ONNX Runtime quantize it."""
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
        names = {"layer": "transformer.layer", "query": "attention.q_lin", "key": "attention.k_lin", "value": "attention.v_lin",
                 "out": "attention.out_lin", "norm1": "sa_layer_norm", "up": "ffn.lin1", "down": "ffn.lin2", "norm2": "output_layer_norm"}
    else:
        names = {"layer": "encoder.layer", "query": "attention.self.query", "key": "attention.self.key",
                 "value": "attention.self.value", "out": "attention.output.dense", "norm1": "attention.output.LayerNorm",
                 "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}
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
        query, key, value = (g.node("Transpose", p, perm=o) for p, o in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])))
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
    pooled = g.node("Relu", g.linear(first, "pre_classifier")) if distil else g.node("Tanh", g.linear(first, "bert.pooler.dense"))
    logits = g.linear(pooled, "classifier")
    g.node("Identity", logits, output="logits")

    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in ("input_ids", "attention_mask")]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", None])]
    constants = [numpy_helper.from_array(v, k) for k, v in g.constants.items()]
    model = helper.make_model(helper.make_graph(g.nodes, "classifier", inputs, outputs, constants),
                              opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    plain = f"{path}.float32"
    onnx.save(model, plain)
    quantize_dynamic(plain, path, weight_type=QuantType.QInt8)
    os.remove(plain)


def session(path, threads=None):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    if threads:
        options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def latency(path, threads, runs, lengths):
    model, random, result = session(path, threads), np.random.default_rng(1), {}
    for length in lengths:
        feed = {"input_ids": random.integers(200, 20000, (1, length)), "attention_mask": np.ones((1, length), np.int64)}
        times = []
        for _ in range(runs + 5):
            start = time.perf_counter()
            model.run(None, feed)
            times.append((time.perf_counter() - start) * 1e3)
        result[str(length)] = {"p50": statistics.median(times[5:]), "min": min(times[5:])}
    print(json.dumps({"ms": result}))


def api():
    from fastapi import FastAPI
    from pydantic import BaseModel
    from transformers import AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(os.environ["CHECKPOINT"]), session(os.environ["ONNX"])
    padding = "max_length" if os.environ.get("PAD") == "128" else False
    application = FastAPI()

    class Text(BaseModel):
        text: str

    @application.post("/predict")
    def predict(item: Text):
        encoding = tokenizer(item.text, return_tensors="np", padding=padding, truncation=True, max_length=128)
        logits = model.run(None, {k: encoding[k] for k in ("input_ids", "attention_mask")})[0][0]
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        return {"label": ["negative", "positive"][int(scores.argmax())], "score": float(scores.max())}

    return application


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    if verb == "latency":
        latency(arguments[0], int(arguments[1]), int(arguments[2]), [int(n) for n in arguments[3:]])
    else:
        {"checkpoint": checkpoint, "export": export}[verb](*arguments)
elif "CHECKPOINT" in os.environ:
    app = api()
