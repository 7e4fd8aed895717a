#!/usr/bin/env python3
"""A small state dict in the forms in which PyTorch saves it, and the same values as safetensors.

usage: make_torch_goldens.py Goldens
needs: pip install torch safetensors numpy
"""
import collections, os, sys
import torch
from safetensors.torch import save_file

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
torch.manual_seed(3)
table = torch.randn(6, 5)
state = collections.OrderedDict([
    ("table", table), ("part", table[2:4]), ("transposed", table.t()), ("column", table[:, 3]), ("scalar", torch.tensor(1.5)),
    ("half", torch.randn(3, 4).half()), ("bfloat16", torch.randn(7).bfloat16()), ("empty", torch.empty(0, 4)),
    ("parameter", torch.nn.Parameter(torch.randn(2, 3))), ("norm.LayerNorm.gamma", torch.ones(4)), ("position_ids", torch.arange(9).expand(1, 9))])
state._metadata = collections.OrderedDict([("", {"version": 1}), ("norm", {"version": 1})])
torch.save(state, f"{out}/state.bin")
torch.save(dict(state), f"{out}/protocol-4.bin", pickle_protocol=4)
torch.save(state, f"{out}/legacy.bin", _use_new_zipfile_serialization=False)
save_file({k: v.detach().clone().contiguous() for k, v in state.items() if v.is_floating_point()}, f"{out}/state.safetensors")
