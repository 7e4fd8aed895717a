#!/usr/bin/env python3
"""Writes an LSTM classifier of Keras or PyTorch to a file that `pinson pack` reads.

    python pinson_lstm_export.py MODEL.keras TOKENIZER.json --labels negative,positive --maxlen 50 -o MODEL.npz

MODEL.keras is a model of Keras, and TOKENIZER.json is what `tokenizer.to_json()` returns. A model of PyTorch is a program,
so call `export_torch` from it; `export_keras` takes objects of Keras in the same way. The script needs NumPy and the library
of the model. It raises NotSupported with the reason if Pinson cannot reproduce the model exactly.
"""
import argparse
import io
import json
import random
import re
import sys
import zipfile

import numpy as np

FORMAT_VERSION = 1
RULES = {"token": r"@\w+|https?://\S+|[\w'’]+|[^\w\s]+", "word": r"\b\w\w+\b", "anyword": r"\b\w+\b"}
KERAS_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


class NotSupported(Exception):
    """A model that Pinson cannot reproduce exactly."""


def name_of(thing):
    return type(thing).__name__


class Export:
    """What is written: a description and arrays. `examples` computes what the library answers."""

    def __init__(self, library, labels, maxlen):
        if len(labels) < 2 or len(set(labels)) != len(labels):
            raise NotSupported(f"labels are {labels}, expected at least two distinct names.")
        if not 2 <= maxlen <= 8192:
            raise NotSupported(f"maxlen is {maxlen}, expected 2 to 8192.")
        self.labels, self.arrays = list(labels), {}
        self.description = {
            "format": "pinson-recurrent", "version": FORMAT_VERSION, "library": library, "labels": self.labels,
            "max_tokens": maxlen, "words": "token", "separators": "", "kept": "first", "padding": "none", "hidden": []}

    def vectors(self, matrix, words, padding, unknown):
        """The vectors of the words, which are {word: row}; padding and unknown are rows of the matrix, or None."""
        matrix = np.asarray(matrix, np.float32)
        for word, row in words.items():
            if not 0 <= row < len(matrix):
                raise NotSupported(f"The word {word!r} has the number {row}, but there are {len(matrix)} vectors.")
        zeros = np.zeros(matrix.shape[1], np.float32)
        first = [zeros if row is None else matrix[row] for row in (padding, unknown)]
        self.arrays["vectors"] = np.stack(first + [matrix[row] for row in words.values()])
        self.description |= {"width": matrix.shape[1], "vocabulary": list(words),
                             "unknown": "skip" if unknown is None else "row"}

    def dense(self, layers):
        """The hidden layers and the head, as (weights of (outputs, inputs), biases, activation)."""
        weights, bias, activation = layers[-1]
        if weights.shape[0] == 2 and activation != "sigmoid":
            # A softmax of two logits is a sigmoid of their difference.
            layers = layers[:-1] + [(weights[1:] - weights[:1], bias[1:] - bias[:1], "sigmoid")]
        expected = 1 if len(self.labels) == 2 else len(self.labels)
        if len(layers[-1][1]) != expected:
            raise NotSupported(f"The last layer has {len(layers[-1][1])} outputs for {len(self.labels)} labels.")
        for index, (weights, bias, activation) in enumerate(layers):
            self.arrays[f"dense.{index}.weight"], self.arrays[f"dense.{index}.bias"] = weights, bias
            if index + 1 < len(layers):
                self.description["hidden"].append(f"{len(bias)}:{activation}")

    def cell(self, layer, direction, kernel, recurrent, bias):
        """A layer of LSTM in one direction, with the gates in the order input, forget, candidate, output."""
        name = f"layer.{layer}.{['forward', 'backward'][direction]}"
        self.arrays |= {f"{name}.input": kernel, f"{name}.recurrent": recurrent, f"{name}.bias": bias}

    def write(self, path, outputs):
        """Writes the file with the outputs of the library for texts: logits, one for two labels."""
        texts = example_texts(self.description["vocabulary"])
        rows = np.asarray(outputs(texts), np.float64).reshape(len(texts), -1)
        self.description["examples"] = [
            {"text": text, "outputs": row.tolist()} for text, row in zip(texts, rows) if np.isfinite(row).all()]
        for name, array in self.arrays.items():
            if not np.isfinite(array).all():
                raise NotSupported(f"The array {name} has a value that is not a finite number.")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            def add(name, data):
                # A fixed date gives the same bytes for the same model.
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
            add("model.json", json.dumps(self.description, ensure_ascii=False).encode("utf-8"))
            for name, array in self.arrays.items():
                data = io.BytesIO()
                np.save(data, np.ascontiguousarray(array, dtype="<f4"), allow_pickle=False)
                add(f"{name}.npy", data.getvalue())


def example_texts(words):
    """Texts with words of the vocabulary, and with what is hard to split and to map to lower case."""
    choose = random.Random(0)
    texts = [" ".join(choose.choices(words, k=length)) for length in [*range(1, 25), 60, 200]]
    return texts + [
        "  \t\n ", "I can't believe it!! @united http://t.co/a1B2 #fail :-( 5/5", "ÇA VA? NAÏVE CAFÉ — œuvre, straße",
        "so so so SO good, so very good", "İstanbul ΣΊΣΥΦΟΣ ΌΔΟΣ", "日本語 とても good हिन्दी", "a I x_y __ 1 22 ½ don’t e-mail 😀👍🏽"]


class KerasTokenizer:
    """The tokenizer of Keras, from what its `to_json` returns."""

    def __init__(self, text):
        config = json.loads(text)["config"]
        self.word_index = json.loads(config["word_index"])
        for name in ("num_words", "filters", "lower", "split", "char_level", "oov_token"):
            setattr(self, name, config[name])


def keras_words(tokenizer, text):
    """The words of a text, as `text_to_word_sequence` of Keras has them."""
    text = text.lower() if tokenizer.lower else text
    text = text.translate(str.maketrans({mark: tokenizer.split for mark in tokenizer.filters}))
    return [word for word in text.split(tokenizer.split) if word]


def keras_sequences(tokenizer, texts, maxlen, padding, truncating):
    """What `pad_sequences(tokenizer.texts_to_sequences(texts), …)` of Keras returns."""
    limit, oov = tokenizer.num_words, tokenizer.word_index.get(tokenizer.oov_token)
    result = np.zeros((len(texts), maxlen), np.int32)
    for row, text in zip(result, texts):
        known = [tokenizer.word_index.get(word) for word in keras_words(tokenizer, text)]
        ids = [oov if index is None or limit and index >= limit else index for index in known]
        ids = [index for index in ids if index is not None]
        ids = ids[-maxlen:] if truncating == "pre" else ids[:maxlen]
        if ids:
            row[slice(-len(ids), None) if padding == "pre" else slice(len(ids))] = ids
    return result


def keras_cells(layer):
    """The cells of an LSTM or of a Bidirectional of one, forwards first."""
    if name_of(layer) == "Bidirectional":
        if layer.merge_mode != "concat":
            raise NotSupported(f"merge_mode is {layer.merge_mode!r}, expected 'concat'.")
        layers = [layer.forward_layer, layer.backward_layer]
    else:
        layers = [layer]
    for cell in layers:
        settings = cell.get_config()
        if name_of(cell) != "LSTM":
            raise NotSupported(f"The layer {layer.name} is a {name_of(cell)}, expected an LSTM.")
        for key, expected in (("activation", "tanh"), ("recurrent_activation", "sigmoid"), ("stateful", False)):
            if settings[key] != expected:
                raise NotSupported(f"{key} of the layer {layer.name} is {settings[key]!r}, expected {expected!r}.")
    if layers[0].go_backwards:
        raise NotSupported(f"The layer {layer.name} reads texts backwards alone.")
    return layers


def keras_layers(export, layers):
    """Writes the layers after the embedding, and returns those from the pooling on."""
    depth, pooling, units, directions, sequences, dense = 0, None, None, None, True, []
    for layer in layers:
        kind, settings = name_of(layer), layer.get_config()
        if kind in ("Dropout", "SpatialDropout1D", "Masking", "InputLayer"):
            if kind == "Masking":
                raise NotSupported("A Masking layer is not supported. Use mask_zero of the Embedding.")
        elif kind in ("LSTM", "Bidirectional") and sequences and not dense:
            cells = keras_cells(layer)
            if depth and (cells[0].units, len(cells)) != (units, directions):
                raise NotSupported("The LSTM layers have different numbers of units or directions.")
            units, directions, sequences = cells[0].units, len(cells), cells[0].return_sequences
            for direction, cell in enumerate(cells):
                weights = [np.asarray(weight) for weight in cell.get_weights()]
                bias = weights[2] if len(weights) == 3 else np.zeros(4 * units)
                # Keras has the same order of gates, and matrices the other way round.
                export.cell(depth, direction, weights[0].T, weights[1].T, bias)
            depth += 1
            pooling = None if sequences else "last"
        elif kind in ("GlobalMaxPooling1D", "GlobalAveragePooling1D") and depth and sequences and not dense:
            pooling, sequences = "max" if kind == "GlobalMaxPooling1D" else "mean", False
        elif kind == "Dense" and pooling:
            weights = [np.asarray(weight) for weight in layer.get_weights()]
            bias = weights[1] if len(weights) == 2 else np.zeros(weights[0].shape[1])
            dense.append((weights[0].T, bias, settings["activation"]))
        else:
            raise NotSupported(f"The layer {layer.name} is a {kind}, which is not supported at this place.")
    if not dense or dense[-1][2] not in ("sigmoid", "softmax"):
        raise NotSupported("The last layer is not a Dense with the activation sigmoid or softmax.")
    if dense[-1][2] == "sigmoid" and len(dense[-1][1]) != 1:
        raise NotSupported("A sigmoid with several outputs is not supported.")
    for _, _, activation in dense[:-1]:
        if activation not in ("relu", "tanh", "linear"):
            raise NotSupported(f"The activation of a hidden layer is {activation}, expected relu, tanh or linear.")
    export.dense(dense)
    export.description |= {"units": units, "layers": depth, "directions": directions, "pooling": pooling,
                           "classifier": "BiLSTM" if directions == 2 else "LSTM"}


def export_keras(model, tokenizer, path, labels, maxlen, padding="pre", truncating="pre"):
    """Writes a Sequential model of Keras: Embedding, LSTM or Bidirectional(LSTM), pooling, Dense.

    The tokenizer is the `Tokenizer` of Keras. maxlen, padding and truncating are the arguments of `pad_sequences`.
    """
    import keras
    if tokenizer.char_level or len(tokenizer.split) != 1:
        raise NotSupported("char_level and a split of several characters are not supported.")
    if padding not in ("pre", "post") or truncating not in ("pre", "post"):
        raise NotSupported("padding and truncating must be 'pre' or 'post'.")
    layers = [layer for layer in model.layers if name_of(layer) != "InputLayer"]
    if not layers or name_of(layers[0]) != "Embedding":
        raise NotSupported("The first layer is not an Embedding.")
    export = Export(f"keras {keras.__version__}", labels, maxlen)
    keras_layers(export, layers[1:])
    masks = layers[0].mask_zero
    if masks and export.description["pooling"] == "max":
        raise NotSupported("mask_zero with GlobalMaxPooling1D counts outputs of masked words. Leave out mask_zero.")
    limit, oov = tokenizer.num_words, tokenizer.word_index.get(tokenizer.oov_token)
    words = {word: index for word, index in tokenizer.word_index.items()
             if (not limit or index < limit) and index != oov}
    export.vectors(layers[0].get_weights()[0], words, padding=0, unknown=oov)
    separators = "".join(dict.fromkeys(tokenizer.split + tokenizer.filters))
    export.description |= {
        "preprocessing": ["lowercase"] if tokenizer.lower else [], "separators": separators,
        "padding": "none" if masks else "before" if padding == "pre" else "after",
        "kept": "last" if truncating == "pre" else "first"}

    def outputs(texts):
        """The logits, which the last layer computes from the outputs of the layer before it."""
        ids = keras_sequences(tokenizer, texts, maxlen, padding, truncating)
        before = keras.Model(model.inputs, model.layers[-1].input).predict(ids, verbose=0)
        weights = [np.asarray(weight, np.float64) for weight in model.layers[-1].get_weights()]
        logits = before.astype(np.float64) @ weights[0] + (weights[1] if len(weights) == 2 else 0)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits
    export.write(path, outputs)


def torch_dense(modules):
    """Linear layers and their activations; modules is the Sequential or the list after the pooling."""
    import torch
    dense = []
    for module in modules:
        if isinstance(module, torch.nn.Linear):
            bias = np.zeros(module.out_features) if module.bias is None else module.bias.detach().numpy()
            dense.append([module.weight.detach().numpy(), bias, "linear"])
        elif isinstance(module, (torch.nn.ReLU, torch.nn.Tanh)) and dense:
            dense[-1][2] = "relu" if isinstance(module, torch.nn.ReLU) else "tanh"
        elif not isinstance(module, (torch.nn.Dropout, torch.nn.Identity)):
            raise NotSupported(f"The head has a {name_of(module)}, expected Linear, ReLU, Tanh and Dropout.")
    if not dense or dense[-1][2] != "linear":
        raise NotSupported("The head does not end with a Linear. Leave out the softmax or the sigmoid.")
    return [tuple(layer) for layer in dense]


def export_torch(embedding, lstm, head, vocabulary, path, labels, maxlen, *, pooling, unknown=None, pad=None,
                 padding=None, truncating="post", words="token", separators="", lower=True, predict=None):
    """Writes a model of PyTorch, which is given by its modules.

    embedding, lstm  nn.Embedding and nn.LSTM.
    head             the modules after the pooling, such as an nn.Linear or an nn.Sequential; it returns logits.
    vocabulary       {word: row of the embedding}.
    pooling          "max" or "mean" over the outputs of all words; "last", the last h_n of each direction; or "end",
                     output[:, -1], in which the backward direction has read one word.
    unknown          the row of words that are not known, or None to leave them out.
    padding          None if padding is not read (packed sequences, or one text at a time); "pre" or "post" if texts are
                     padded to maxlen with the row `pad`, which is read like a word.
    truncating       "post" if a text keeps its first maxlen words, "pre" for its last ones.
    words            "token", "word" or "anyword", the rules of Pinson; or else the characters in `separators` end words.
    predict          a function of your program that returns the logits of a list of texts. Without it, the modules are called
                     here.
    """
    import torch
    head = list(head) if isinstance(head, (list, tuple, torch.nn.Sequential)) else [head]
    dense = torch_dense(head)
    if not isinstance(lstm, torch.nn.LSTM) or lstm.proj_size:
        raise NotSupported(f"lstm is a {name_of(lstm)}, expected an nn.LSTM without proj_size.")
    if pooling not in ("max", "mean", "last", "end") or padding not in (None, "pre", "post") or words not in RULES:
        raise NotSupported("pooling, padding or words has a value that is not one of those in the description.")
    if padding and pad is None:
        raise NotSupported("With padding, pad must be the row that is read as padding.")
    export = Export(f"torch {torch.__version__}", labels, maxlen)
    directions = 2 if lstm.bidirectional else 1
    for layer in range(lstm.num_layers):
        for direction, suffix in enumerate(["", "_reverse"][:directions]):
            def get(name):
                return getattr(lstm, f"{name}_l{layer}{suffix}").detach().numpy()
            # PyTorch has the same order of gates, and two biases that are added.
            bias = get("bias_ih") + get("bias_hh") if lstm.bias else np.zeros(4 * lstm.hidden_size)
            export.cell(layer, direction, get("weight_ih"), get("weight_hh"), bias)
    export.vectors(embedding.weight.detach().numpy(), vocabulary, padding=pad, unknown=unknown)
    export.dense(dense)
    export.description |= {
        "units": lstm.hidden_size, "layers": lstm.num_layers, "directions": directions, "pooling": pooling,
        "classifier": "BiLSTM" if directions == 2 else "LSTM", "words": words, "separators": separators,
        "preprocessing": ["lowercase"] if lower else [], "kept": "first" if truncating == "post" else "last",
        "padding": {None: "none", "pre": "before", "post": "after"}[padding]}

    def logits_of(text):
        text = text.lower() if lower else text
        found = re.split(f"[{re.escape(separators)}]+", text) if separators else re.findall(RULES[words], text)
        ids = [vocabulary.get(word, unknown) for word in found if word]
        ids = [index for index in ids if index is not None]
        ids = ids[:maxlen] if truncating == "post" else ids[-maxlen:]
        missing = [pad] * (maxlen - len(ids) if padding else 0)
        ids = missing + ids if padding == "pre" else ids + missing
        if not ids:
            return [float("nan")] * dense[-1][0].shape[0]  # PyTorch reads no empty text.
        x = embedding(torch.tensor(ids)[None])
        output, (last, _) = lstm(x if lstm.batch_first else x.transpose(0, 1))
        output = output[0] if lstm.batch_first else output[:, 0]
        pooled = {"max": lambda: output.max(dim=0).values, "mean": lambda: output.mean(dim=0),
                  "last": lambda: last[-directions:, 0].flatten(), "end": lambda: output[-1]}[pooling]()
        for module in head:
            pooled = module(pooled)
        return pooled.double().tolist()

    def outputs(texts):
        modes = [(module, module.training) for module in (embedding, lstm, *head)]
        for module, _ in modes:
            module.eval()
        with torch.no_grad():
            logits = np.asarray(predict(texts) if predict else [logits_of(text) for text in texts], np.float64)
        for module, mode in modes:
            module.train(mode)
        logits = logits.reshape(len(texts), -1)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits
    export.write(path, outputs)


def main():
    parser = argparse.ArgumentParser(description="Writes an LSTM classifier of Keras to a file that `pinson pack` reads.")
    parser.add_argument("model", help="a file that model.save of Keras has written, such as MODEL.keras")
    parser.add_argument("tokenizer", help="a file with what tokenizer.to_json() returns")
    parser.add_argument("--labels", required=True, help="the labels in the order of the outputs, separated by commas; for "
                        "one output, the second label is that of 1")
    parser.add_argument("--maxlen", type=int, required=True, help="the argument of pad_sequences")
    parser.add_argument("--padding", choices=["pre", "post"], default="pre")
    parser.add_argument("--truncating", choices=["pre", "post"], default="pre")
    parser.add_argument("-o", "--output", required=True, help="the file to write, such as MODEL.npz")
    arguments = parser.parse_args()
    import keras
    try:
        with open(arguments.tokenizer, encoding="utf-8") as file:
            tokenizer = KerasTokenizer(file.read())
        export_keras(keras.models.load_model(arguments.model, compile=False), tokenizer, arguments.output,
                     arguments.labels.split(","), arguments.maxlen, arguments.padding, arguments.truncating)
    except (NotSupported, OSError, ValueError, KeyError) as error:
        sys.exit(f"{arguments.model}: {error}")
    print(f"{arguments.output}: pack it with `pinson pack {arguments.output} -o MODEL.gguf`")


if __name__ == "__main__":
    main()
