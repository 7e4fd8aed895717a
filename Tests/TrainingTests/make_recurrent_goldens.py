"""Writes the goldens of recurrent training: logits, gradients and ten steps of AdamW of PyTorch for tiny models.

    pip install torch numpy
    python3 make_recurrent_goldens.py

Each model has NAME.json with its sizes, texts, labels and losses, and NAME.f32 with four arrays as little-endian float32:
all parameters at the start, their gradients at the first step, the parameters after ten steps, and the logits at the
start. The order of the parameters is that of `RecurrentLayout`. PyTorch has two biases for each cell; the second is zero
and not learned.
"""

import json
import pathlib

import numpy
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "Goldens" / "Recurrent"
TEXTS = [[7, 11, 5], [9], [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 11, 12, 13], [31, 31, 7, 39, 1], [8, 25, 26], [2, 3]]
LABELS = [0, 2, 1, 1, 0, 2]
ROWS, WIDTH, RATE, DECAY, STEPS, WARM_UP, CLIP = 40, 10, 1e-2, 0.01, 10, 3, 1.0
MODELS = {"one-max": (9, 1, 1, "max"), "two-mean": (12, 2, 2, "mean"), "two-last": (16, 1, 2, "last")}


class Model(nn.Module):
    def __init__(self, units, layers, directions, pooling):
        super().__init__()
        self.pooling = pooling
        self.vectors = nn.Embedding(ROWS, WIDTH)
        self.lstm = nn.LSTM(WIDTH, units, layers, batch_first=True, bidirectional=directions == 2)
        self.head = nn.Linear(directions * units, 3)

    def forward(self):
        lengths = torch.tensor([len(text) for text in TEXTS])
        longest = max(lengths)
        ids = torch.tensor([text + [0] * (longest - len(text)) for text in TEXTS])
        packed = nn.utils.rnn.pack_padded_sequence(
            self.vectors(ids), lengths, batch_first=True, enforce_sorted=False)
        outputs, (last, _) = self.lstm(packed)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True)
        mask = (torch.arange(longest)[None] < lengths[:, None])[..., None]
        if self.pooling == "max":
            pooled = outputs.masked_fill(~mask, -9).max(dim=1).values
        elif self.pooling == "mean":
            pooled = (outputs * mask).sum(dim=1) / lengths[:, None]
        else:
            pooled = torch.cat([last[-2], last[-1]], dim=1)
        return self.head(pooled)

    def ordered(self):
        """The parameters in the order of `RecurrentLayout`."""
        names = dict(self.named_parameters())
        order = ["vectors.weight"]
        for layer in range(self.lstm.num_layers):
            for suffix in ["", "_reverse"][:2 if self.lstm.bidirectional else 1]:
                order += [f"lstm.{part}_l{layer}{suffix}" for part in ("weight_ih", "weight_hh", "bias_ih")]
        return [(name, names[name]) for name in order + ["head.weight", "head.bias"]]


def flat(tensors):
    return numpy.concatenate([tensor.detach().numpy().astype("<f4").ravel() for tensor in tensors])


def write(name, units, layers, directions, pooling):
    torch.manual_seed(7)
    model = Model(units, layers, directions, pooling)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            parameter.copy_(torch.zeros_like(parameter) if "bias_hh" in key else torch.randn_like(parameter) * 0.4)
            parameter.requires_grad_("bias_hh" not in key)
    parameters = model.ordered()
    start = flat(parameter for _, parameter in parameters)
    optimizer = torch.optim.AdamW(
        [{"params": [p for key, p in parameters if "bias" not in key], "weight_decay": DECAY},
         {"params": [p for key, p in parameters if "bias" in key], "weight_decay": 0.0}], lr=RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: step / WARM_UP if step < WARM_UP else (STEPS - step) / (STEPS - WARM_UP))
    losses, gradients, logits = [], None, None
    for step in range(STEPS):
        optimizer.zero_grad()
        answers = model()
        loss = nn.functional.cross_entropy(answers, torch.tensor(LABELS))
        loss.backward()
        if step == 0:
            gradients, logits = flat(parameter.grad for _, parameter in parameters), flat([answers])
        nn.utils.clip_grad_norm_([parameter for _, parameter in parameters], CLIP)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    end = flat(parameter for _, parameter in parameters)
    numpy.concatenate([start, gradients, end, logits]).tofile(FOLDER / f"{name}.f32")
    golden = {"rows": ROWS, "width": WIDTH, "units": units, "layers": layers, "directions": directions,
              "pooling": pooling, "texts": TEXTS, "labels": LABELS, "losses": losses}
    (FOLDER / f"{name}.json").write_text(json.dumps(golden) + "\n")


for name, sizes in MODELS.items():
    write(name, *sizes)
