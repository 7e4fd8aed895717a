"""Writes the goldens of fine-tuning: gradients and ten steps of AdamW of PyTorch for tiny models with random weights.

    pip install torch transformers numpy
    python3 make_transformer_goldens.py

Each model has NAME.json with its sizes, texts, labels and losses, and NAME.f32 with three arrays of all parameters as
little-endian float32: the start, the gradients of the first step, and the parameters after ten steps. The order of the
parameters is that of `ParameterLayout`.
"""

import json
import pathlib

import numpy
import torch
import transformers

FOLDER = pathlib.Path(__file__).parent / "Goldens" / "Transformer"
SHAPE = {"vocabulary": 40, "positions": 24, "width": 20, "inner": 36, "layers": 2, "heads": 2, "labels": 3}
TEXTS = [[2, 7, 31, 5, 3], [2, 9, 3], [2, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 11, 12, 13, 14, 3],
         [2, 31, 31, 7, 39, 1, 3], [2, 8, 25, 26, 3]]
LABELS = [0, 2, 1, 1, 0]
RATE, DECAY, STEPS, WARM_UP, CLIP = 1e-3, 0.01, 10, 3, 1.0


def model_of(name):
    if name == "bert":
        return transformers.BertForSequenceClassification(transformers.BertConfig(
            vocab_size=40, max_position_embeddings=24, hidden_size=20, intermediate_size=36, num_hidden_layers=2,
            num_attention_heads=2, num_labels=3, type_vocab_size=2, pad_token_id=0))
    return transformers.DistilBertForSequenceClassification(transformers.DistilBertConfig(
        vocab_size=40, max_position_embeddings=24, dim=20, hidden_dim=36, n_layers=2, n_heads=2, num_labels=3,
        pad_token_id=0))


def parameters_of(name, model):
    """The parameters in the order of `ParameterLayout`."""
    names = dict(model.named_parameters())
    distilled = name == "distilbert"
    order = [f"{name}.embeddings.word_embeddings.weight", f"{name}.embeddings.position_embeddings.weight"]
    order += [] if distilled else [f"{name}.embeddings.token_type_embeddings.weight"]
    order += [f"{name}.embeddings.LayerNorm.{part}" for part in ("weight", "bias")]
    for layer in range(SHAPE["layers"]):
        root = f"{name}.transformer.layer.{layer}." if distilled else f"{name}.encoder.layer.{layer}."
        parts = (["attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm",
                  "ffn.lin1", "ffn.lin2", "output_layer_norm"] if distilled else
                 ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
                  "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"])
        order += [f"{root}{part}.weight" for part in parts[:3]] + [f"{root}{part}.bias" for part in parts[:3]]
        order += [f"{root}{part}.{kind}" for part in parts[3:] for kind in ("weight", "bias")]
    dense = "pre_classifier" if distilled else "bert.pooler.dense"
    order += [f"{part}.{kind}" for part in (dense, "classifier") for kind in ("weight", "bias")]
    assert sorted(order) == sorted(names)
    return [(key, names[key]) for key in order]


def flat(tensors):
    return numpy.concatenate([tensor.detach().numpy().astype("<f4").ravel() for tensor in tensors])


def write(name):
    torch.manual_seed(7)
    model = model_of(name).eval()  # without dropout
    parameters = parameters_of(name, model)
    with torch.no_grad():
        for key, parameter in parameters:
            norm = "norm" in key.lower()
            parameter.copy_(torch.randn_like(parameter) * 0.2 + (1 if norm and key.endswith("weight") else 0))
    start = flat(parameter for _, parameter in parameters)
    length = max(map(len, TEXTS))
    ids = torch.tensor([text + [0] * (length - len(text)) for text in TEXTS])
    mask = torch.tensor([[1] * len(text) + [0] * (length - len(text)) for text in TEXTS])
    decays = lambda key: not key.endswith("bias") and "norm" not in key.lower()
    optimizer = torch.optim.AdamW(
        [{"params": [p for key, p in parameters if decays(key)], "weight_decay": DECAY},
         {"params": [p for key, p in parameters if not decays(key)], "weight_decay": 0.0}], lr=RATE)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, WARM_UP, STEPS)
    losses, gradients = [], None
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = model(input_ids=ids, attention_mask=mask, labels=torch.tensor(LABELS)).loss
        loss.backward()
        if step == 0:
            gradients = flat(parameter.grad for _, parameter in parameters)
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    end = flat(parameter for _, parameter in parameters)
    numpy.concatenate([start, gradients, end]).tofile(FOLDER / f"{name}.f32")
    golden = {"architecture": name, "shape": SHAPE, "texts": TEXTS, "labels": LABELS, "losses": losses}
    (FOLDER / f"{name}.json").write_text(json.dumps(golden) + "\n")


for architecture in ("bert", "distilbert"):
    write(architecture)
