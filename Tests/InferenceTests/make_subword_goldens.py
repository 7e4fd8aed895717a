#!/usr/bin/env python3
"""Small tokenizers of two kinds that are trained on seeded texts, and the ids that Hugging Face gives for other texts.

usage: make_subword_goldens.py Goldens
needs: pip install tokenizers==0.23.3 transformers==5.24.0 sentencepiece==0.2.1 protobuf torch

It writes Goldens/byte-level-bpe, Goldens/unigram and Goldens/albert: the files of the tokenizers, and a file of goldens for each way to use them.
"""
import json, os, random, sys, tempfile
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors, trainers

out = sys.argv[1]
rng = random.Random(5)
words = """the flight was delayed again and nobody of the crew told us why thank you for great service love this airline worst
experience ever lost my bag can't don't it's we're they've I'll he'd vol annul\u00e9 g\u00e9nial caf\u00e9 \u00fcber schlecht \u00e9quipage
\U0001F60D \U0001F602 #late @user http 2 3h 100% :-) ... !!! naïve \u65e5\u672c \u98db\u884c\u6a5f \u0440\u0435\u0439\u0441 \u043f\u043b\u043e\u0445\u043e""".split()
corpus = [" ".join(rng.choice(words) for _ in range(rng.randint(3, 15))) for _ in range(3000)]

texts = ["", " ", "  ", "\t\r\n", "a", " a", "a ", "a  b", "a   b ", "  a", "a\nb", "a \n b", "a\r\nb", "I can't, we're, they've; I'll he'd it'S 'tis",
         "don\u2019t", "'s's're'", "' s", "!!''ve", "delayed again", "Delayed AGAIN", "the flight", "theflight", "x" * 60, "the" * 40, "\u00e9", "e\u0301",
         "caf\u00e9 cafe\u0301", "\ufb01\u0301x \ufb01x", "\uff24\uff25\uff2c\uff21\uff39", "\u1100\u1161 \u1100\u1161\u11a8 \uac00\uac01", "a\u00a0b\u2028c\u3000d\u0085e",
         "\u200bx\ufeffy\u200dz", "\u2581the \u2581\u2581 x", "a\u2581b", " \u2581b", "\U0001F60D\U0001F60D", "so \U0001F468\u200d\U0001F469\u200d\U0001F467 x", "\u2764\ufe0f 1\ufe0f\u20e3",
         "12 3\u00bd \u0663\u0664 \u2167", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u0928\u092e\u0938\u094d\u0924\u0947", "<s>", "a</s>b", "x <mask> y", "x<mask>", "\u00a0 <mask><pad>", "<unk> <MASK>",
         "@user http #late", "flight\u0000x", "\U0001F1EB\U0001F1F7\U0001F1E9", "\u0600a\u0600 b", "g\u0308\u0301e\u0301\u0301"]
blocks = [(0x20, 0x7E)] * 6 + [(0x80, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x8FF), (0x900, 0xDFF), (0xE00, 0x11FF), (0x1680, 0x18AF),
          (0x1D00, 0x206F), (0x2070, 0x2BFF), (0x3000, 0x33FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFFEF), (0x10000, 0x10FFF),
          (0x1D400, 0x1D7FF), (0x1F1E6, 0x1FAFF), (0xE0000, 0xE007F)]
for _ in range(350):
    parts = []
    for _ in range(rng.randint(1, 6)):
        if rng.random() < 0.5: parts.append(rng.choice(words))
        else:
            first, last = rng.choice(blocks)
            parts.append("".join(chr(rng.randint(first, last)) + rng.choice(["", "", "\u0301", "\u200d"]) for _ in range(rng.randint(1, 3))))
    texts.append(rng.choice(["", " ", "  "]).join(parts))

def write(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file: json.dump(value, file, ensure_ascii=False, separators=(",", ":"))

def goldens(path, tokenizer):
    with open(path, "w", encoding="utf-8") as file:
        for text in texts: file.write(json.dumps({"text": text, "ids": tokenizer.encode(text).ids}, separators=(",", ":")) + "\n")

# 1. Byte-level byte-pair encoding, with the ids of RoBERTa. Two tokens that no merge leads to are in the vocabulary too.
folder = f"{out}/byte-level-bpe"
os.makedirs(folder, exist_ok=True)
trained = Tokenizer(models.BPE())
trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
trained.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=520, show_progress=False, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
merges = [tuple(m) for m in json.loads(trained.to_str())["model"]["merges"]]
special = ["<s>", "<pad>", "</s>", "<unk>"]
vocabulary = {token: id for id, token in enumerate(special)}
for token in sorted(pre_tokenizers.ByteLevel.alphabet()) + [a + b for a, b in merges] + ["\u0120unreachable", "qqq", "<mask>"]:
    vocabulary.setdefault(token, len(vocabulary))
write(f"{folder}/vocab.json", vocabulary)
with open(f"{folder}/merges.txt", "w", encoding="utf-8") as file: file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
for prefix in (False, True):
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=prefix)
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in special] + [AddedToken("<mask>", lstrip=True, special=True)])
    if not prefix: write(f"{folder}/tokenizer.json", json.loads(tokenizer.to_str()))
    goldens(f"{folder}/ids{'-prefix-space' if prefix else ''}.jsonl", tokenizer)

# 2. Unigram, with a small table of characters in place of that of NFKC.
import sentencepiece
from transformers import XLMRobertaTokenizerFast
folder = f"{out}/unigram"
os.makedirs(folder, exist_ok=True)
point = lambda text: " ".join(f"{ord(c):X}" for c in text)
rules = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
rules.update({"\ufb01": "fi", "e\u0301": "\u00e9", "\u1100\u1161": "\uac00", "\u1100\u1161\u11a8": "\uac01", "\u00bd": "1\u20442", "\u2167": "VIII"})
rules.update({c: " " for c in "\t\n\r\u00a0\u1680\u200b\u2028\u2029\u2581\u3000\ufeff"})
rules.update({chr(c): "" for c in list(range(1, 9)) + [0xB, 0x7F]})
with tempfile.TemporaryDirectory() as place:
    with open(f"{place}/rules.tsv", "w") as file: file.write("".join(f"{point(a)}\t{point(b)}\n" for a, b in sorted(rules.items())))
    with open(f"{place}/corpus.txt", "w", encoding="utf-8") as file: file.write("\n".join(corpus))
    sentencepiece.SentencePieceTrainer.train(input=f"{place}/corpus.txt", model_prefix=f"{place}/m", vocab_size=400, model_type="unigram",
        normalization_rule_tsv=f"{place}/rules.tsv", character_coverage=0.995, num_threads=1, minloglevel=2, hard_vocab_limit=False)
    with open(f"{folder}/sentencepiece.bpe.model", "wb") as file: file.write(open(f"{place}/m.model", "rb").read())
    XLMRobertaTokenizerFast.from_pretrained(folder).save_pretrained(place)
    words = json.load(open(f"{place}/tokenizer.json", encoding="utf-8"))
words["truncation"] = words["padding"] = None
words["added_tokens"][-1]["lstrip"] = True
write(f"{folder}/words/tokenizer.json", words)
goldens(f"{folder}/words/ids.jsonl", Tokenizer.from_str(json.dumps(words)))
# Other versions of transformers let a word begin only at a space.
spaces = dict(words, normalizer={"type": "Sequence", "normalizers": [words["normalizer"], {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "\u2581"}]}, pre_tokenizer=words["pre_tokenizer"]["pretokenizers"][1])
write(f"{folder}/tokenizer.json", spaces)
goldens(f"{folder}/ids.jsonl", Tokenizer.from_str(json.dumps(spaces)))

# 3. The steps of ALBERT before the same Unigram, with words at spaces and at any white space.
from tokenizers import Regex, normalizers
folder = f"{out}/albert"
special = [dict(token, normalized=False) for token in words["added_tokens"]]
albert = Tokenizer.from_str(json.dumps(dict(words, added_tokens=special)))
steps = [normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(),
         albert.normalizer]
texts = [text for text in texts if "MASK" not in text]  # In lower case, it is a token, which Pinson lets no text spell.
texts += ["say ``this'' or '''that''' ```", "caf\u00c9 \u00c9\u0301 A\u200dB \u0130I \u03a3\u03c3\u03c2", "\uac00\uac01 \ud55c\uad6d \u0622\u200c\u0644", "end  ", "\ufdfa \u3392 \uff76\uff9e"]
albert_words = albert.pre_tokenizer
for name, ending, splitter in (("", [normalizers.Replace(Regex(" {2,}"), " ")], pre_tokenizers.Metaspace("\u2581", prepend_scheme="always")),
                               ("/words", [], albert_words)):
    albert.normalizer, albert.pre_tokenizer = normalizers.Sequence(steps + ending), splitter
    write(f"{folder}{name}/tokenizer.json", json.loads(albert.to_str()))
    goldens(f"{folder}{name}/ids.jsonl", albert)

# The file of older checkpoints. A piece that ends in a digit and a comma gets a worse score.
folder = f"{out}/albert/pieces"
os.makedirs(folder, exist_ok=True)
with tempfile.TemporaryDirectory() as place:
    with open(f"{place}/corpus.txt", "w", encoding="utf-8") as file:
        lines = [[rng.choice(words["model"]["vocab"])[0].strip("\u2581") for _ in range(4)] + ["1,", "22,", "3h", "the", "late"] for _ in range(3000)]
        for line in lines: rng.shuffle(line)
        file.write("\n".join(" ".join(line) for line in lines))
    sentencepiece.SentencePieceTrainer.train(input=f"{place}/corpus.txt", model_prefix=f"{place}/m", vocab_size=300, model_type="unigram", pad_id=0,
        unk_id=1, bos_id=-1, eos_id=-1, control_symbols="[CLS],[SEP],[MASK]", num_threads=1, minloglevel=2, hard_vocab_limit=False,
        character_coverage=0.995)
    os.replace(f"{place}/m.model", f"{folder}/spiece.model")
write(f"{folder}/tokenizer_config.json", {"tokenizer_class": "AlbertTokenizer"})
from transformers import AlbertTokenizer
with tempfile.TemporaryDirectory() as place:
    AlbertTokenizer.from_pretrained(folder).save_pretrained(place)
    pieces = json.load(open(f"{place}/tokenizer.json", encoding="utf-8"))
numbers = [pair for pair in pieces["model"]["vocab"] if pair[0].endswith(",") and pair[0][-2:-1].isdigit()]
assert numbers
for pair in numbers: pair[1] -= 100
pieces["added_tokens"][-1]["lstrip"] = True
goldens(f"{folder}/ids.jsonl", Tokenizer.from_str(json.dumps(pieces)))
