"""A DistilBERT checkpoint with random weights, for benchmarks without a trained model."""
import json
import pathlib

import numpy as np


def words(count):
    """Returns distinct invented words, the same ones on every machine."""
    random, syllables = np.random.default_rng(1), [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    found = {}
    while len(found) < count:
        found["".join(random.choice(syllables, random.integers(1, 4)))] = None
    return list(found)


def checkpoint(folder):
    """Writes a checkpoint with the shapes of DistilBERT-base into `folder`.

    It has learned nothing, but time and memory do not depend on the values of the weights.
    """
    from safetensors.numpy import save_file
    from tokenizers import BertWordPieceTokenizer

    folder = pathlib.Path(folder)
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
    save_file(weights(len(vocabulary), width, inner, layers), folder / "model.safetensors")


def weights(vocabulary, width, inner, layers):
    """Returns the tensors by name; the seed is fixed."""
    random, tensors = np.random.default_rng(0), {}

    def add(name, *shape):
        tensors[name] = (random.standard_normal(shape) * 0.02).astype(np.float32)

    def linear(name, inputs, outputs):
        add(f"{name}.weight", outputs, inputs)
        add(f"{name}.bias", outputs)

    def norm(name):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = np.ones(width, np.float32), np.zeros(width, np.float32)

    add("distilbert.embeddings.word_embeddings.weight", vocabulary, width)
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
    return tensors
