"""Makes the goldens of RecurrentExportTests: small LSTMs of Keras and PyTorch, and what they answer to 1,000 tweets.

    KERAS_BACKEND=torch python make_lstm_goldens.py

Each model is an export of `docs/pinson_lstm_export.py`, with random weights. `answers.npz` has the probabilities that the
libraries themselves compute for the tweets of Goldens/scikit/tweets.txt: Keras with its own tokenizer and `pad_sequences`,
and PyTorch with packed sequences of a whole batch. A row of NaN is a text that the library cannot read. Written with
Python 3.11, Keras 3.15.1, PyTorch 2.9.1 and NumPy 2.4.6.
"""
import io
import pathlib
import re
import sys
import zipfile

import keras
import numpy as np
import torch
from keras.utils import pad_sequences
from keras.src.legacy.preprocessing.text import Tokenizer
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "docs"))
import pinson_lstm_export  # noqa: E402

FOLDER = HERE / "Goldens" / "lstm"
TWEETS = (HERE / "Goldens/scikit/tweets.txt").read_text(encoding="utf-8").split("\n")[:1000]
LABELS = ["negative", "neutral", "positive"]
layers = keras.layers


def sequential(*parts):
    model = keras.Sequential(parts)
    model.build((None, None))
    random = np.random.default_rng(5)
    model.set_weights([random.normal(0, 0.7, weight.shape) for weight in model.get_weights()])
    return model


KERAS = {
    "keras-masked": (
        dict(num_words=60, oov_token="<OOV>"), dict(maxlen=14, padding="pre", truncating="pre"),
        lambda: [layers.Embedding(60, 6, mask_zero=True), layers.SpatialDropout1D(0.2), layers.Bidirectional(layers.LSTM(7)),
                 layers.Dropout(0.3), layers.Dense(1, activation="sigmoid")]),
    "keras-padded": (
        dict(num_words=400), dict(maxlen=16, padding="post", truncating="post"),
        lambda: [layers.Embedding(400, 5), layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
                 layers.Bidirectional(layers.LSTM(4, return_sequences=True)), layers.GlobalMaxPooling1D(),
                 layers.Dense(6, activation="relu"), layers.Dense(3, activation="softmax")]),
    "keras-mean": (
        dict(num_words=90, lower=False, filters="!?.\t"), dict(maxlen=20, padding="post", truncating="pre"),
        lambda: [layers.Embedding(90, 5, mask_zero=True), layers.LSTM(8, return_sequences=True),
                 layers.GlobalAveragePooling1D(), layers.Dense(4, activation="tanh"), layers.Dense(2, activation="softmax")]),
}


def keras_answers(name):
    settings, padding, parts = KERAS[name]
    tokenizer = Tokenizer(**settings)
    tokenizer.fit_on_texts(TWEETS[:400])
    model = sequential(*parts())
    labels = LABELS if model.output_shape[-1] == 3 else LABELS[::2]
    pinson_lstm_export.export_keras(model, tokenizer, FOLDER / f"{name}.npz", labels, **padding)
    found = model.predict(pad_sequences(tokenizer.texts_to_sequences(TWEETS), **padding), verbose=0).astype(np.float64)
    return np.hstack([1 - found, found]) if found.shape[1] == 1 else found


class TorchModel(nn.Module):
    def __init__(self, rows, units, depth, both, pooling, outputs):
        super().__init__()
        self.pooling, self.directions = pooling, 2 if both else 1
        self.embedding = nn.Embedding(rows, 6)
        self.lstm = nn.LSTM(6, units, depth, bidirectional=both, batch_first=True, dropout=0.2 if depth > 1 else 0)
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(units * self.directions, 5), nn.ReLU(), nn.Linear(5, outputs))

    def forward(self, texts, packs):
        lengths = torch.tensor([len(text) for text in texts])
        ids = nn.utils.rnn.pad_sequence([torch.tensor(text) for text in texts], batch_first=True)
        x = self.embedding(ids)
        if packs:
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            output, (last, _) = self.lstm(packed)
            output, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True)
        else:
            output, (last, _) = self.lstm(x)
        mask = (torch.arange(output.shape[1])[None] < lengths[:, None])[..., None]
        if self.pooling == "max":
            pooled = output.masked_fill(~mask, -2).max(dim=1).values
        elif self.pooling == "mean":
            pooled = (output * mask).sum(dim=1) / lengths[:, None]
        elif self.pooling == "end":
            pooled = output[:, -1]
        else:
            pooled = last[-self.directions:].transpose(0, 1).flatten(1)
        return self.head(pooled)


TORCH = {
    "torch-last": ((7, 2, True, "last", 3), dict(maxlen=30, unknown=1, pooling="last")),
    "torch-mean": ((9, 1, False, "mean", 2), dict(maxlen=10, unknown=1, pooling="mean", words="word", truncating="pre")),
    "torch-end": ((6, 1, True, "end", 3), dict(maxlen=12, pooling="end", padding="pre", pad=0, separators=" \t", lower=False)),
}


def torch_answers(name):
    sizes, reading = TORCH[name]
    rule = pinson_lstm_export.RULES[reading.get("words", "token")]
    separators, limit = reading.get("separators"), reading["maxlen"]

    def split(text):
        text = text.lower() if reading.get("lower", True) else text
        return [word for word in re.split("[ \t]", text) if word] if separators else re.findall(rule, text)
    counts = {}
    for text in TWEETS[:500]:
        for word in split(text):
            counts[word] = counts.get(word, 0) + 1
    vocabulary = {word: index + 2 for index, word in enumerate(word for word, count in counts.items() if count > 2)}
    torch.manual_seed(5)
    model = TorchModel(len(vocabulary) + 2, *sizes).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.7)
    texts = []
    for text in TWEETS:
        ids = [vocabulary.get(word, reading.get("unknown")) for word in split(text)]
        ids = [index for index in ids if index is not None]
        ids = ids[-limit:] if reading.get("truncating") == "pre" else ids[:limit]
        texts.append([0] * (limit - len(ids)) + ids if reading.get("padding") else ids)
    readable = [index for index, text in enumerate(texts) if text]
    answers = np.full((len(texts), sizes[-1]), np.nan)
    with torch.no_grad():
        logits = model([texts[index] for index in readable], packs="padding" not in reading)
        answers[readable] = torch.softmax(logits.double(), dim=1).numpy()
    labels = LABELS if sizes[-1] == 3 else LABELS[::2]
    pinson_lstm_export.export_torch(
        model.embedding, model.lstm, model.head, vocabulary, FOLDER / f"{name}.npz", labels, **reading)
    return answers


answers = {name: keras_answers(name) for name in KERAS} | {name: torch_answers(name) for name in TORCH}
with zipfile.ZipFile(FOLDER / "answers.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, array in answers.items():
        data = io.BytesIO()
        np.save(data, np.ascontiguousarray(array, dtype="<f8"), allow_pickle=False)
        archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), data.getvalue(), zipfile.ZIP_DEFLATED)
        print(name, array.shape, np.isnan(array).any(axis=1).sum(), "unreadable", array.std(axis=0))
