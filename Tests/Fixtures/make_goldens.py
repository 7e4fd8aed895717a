#!/usr/bin/env python3
"""Writes every intermediate tensor of the tiny checkpoints, computed in float32 by the reference implementation.

usage: swift run make-tiny-checkpoints CHECKPOINTS && make_goldens.py CHECKPOINTS OUT
needs: pip install torch transformers safetensors

OUT is Tests/InferenceTests/Goldens. The script writes one file for each architecture: the token ids, and the values
of each tensor by name, rounded to 7 digits.
"""
import json, os, sys
import torch
from transformers import AutoModel, AutoModelForSequenceClassification

checkpoints, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
ids = torch.tensor([[2, 64, 67, 12, 42, 65, 10, 5, 3]])  # [CLS] flight delay a ##e love ? ! [SEP]

for name in ("bert", "distilbert", "encoder", "roberta", "electra", "mpnet", "albert"):
    kind = AutoModel if name == "encoder" else AutoModelForSequenceClassification
    model = kind.from_pretrained(f"{checkpoints}/{name}", dtype=torch.float32, attn_implementation="eager",
                                 **({"add_pooling_layer": False} if name == "encoder" else {})).eval()
    tensors, hooks = {}, []
    def keep(key, value):  # ALBERT runs the same layer several times.
        tensors[f"{key}.{sum(k.startswith(key + '.') for k in tensors)}"] = value[0].clone()
    def keep_input(key): return lambda module, inputs: keep(key, inputs[0])
    def keep_output(key): return lambda module, inputs, output: keep(key, output)
    base = model if name == "encoder" else getattr(model, name)
    if name == "albert": layers = base.encoder.albert_layer_groups[0].albert_layers
    else: layers = base.transformer.layer if name == "distilbert" else base.encoder.layer
    for layer in layers:
        if name == "mpnet": parts = layer.attention.attn.o, layer.attention.LayerNorm, layer.output.dense
        elif name == "albert": parts = layer.attention.dense, layer.attention.LayerNorm, layer.ffn_output
        elif name == "distilbert":
            parts = layer.attention.out_lin, layer.sa_layer_norm, layer.ffn.lin2
        else:
            parts = layer.attention.output.dense, layer.attention.output.LayerNorm, layer.output.dense
        parts[0].register_forward_pre_hook(keep_input("context"))
        parts[1].register_forward_hook(keep_output("attended"))
        parts[2].register_forward_pre_hook(keep_input("inner"))
    with torch.no_grad():
        result = model(input_ids=ids, attention_mask=torch.ones_like(ids), output_hidden_states=True,
                       output_attentions=True)
    for i, hidden in enumerate(result.hidden_states): tensors[f"hidden.{i}"] = hidden[0]
    for i, attention in enumerate(result.attentions): tensors[f"attention.{i}"] = attention[0]
    if name == "encoder":
        mean = result.last_hidden_state[0].mean(0)
        tensors["embedding"] = mean / mean.norm()
    else:
        tensors["logits"] = result.logits[0]
    values = {k: [round(v, 7) for v in t.flatten().tolist()] for k, t in sorted(tensors.items())}
    golden = {"ids": ids[0].tolist(), "tensors": values}
    with open(f"{out}/{name}.json", "w") as file: json.dump(golden, file, separators=(",", ":"))
