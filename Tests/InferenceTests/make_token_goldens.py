#!/usr/bin/env python3
"""Token ids of seeded texts, from Hugging Face `tokenizers` as a black box.

usage: make_token_goldens.py tokenizer.json > Goldens/tokens.jsonl       tokenizer.json of bert-base-uncased's vocabulary
needs: pip install tokenizers==0.23.3
"""
import json, random, sys
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_padding()
tokenizer.no_truncation()
rng = random.Random(11)

texts = ["", " ", "\t\r\n", "I can't believe it", "I can\u2019t believe it", "@AirParadis #fail http://t.co/x", "so good \U0001F60D", "love\U0001F60Dit",
         "[SEP]", "a[MASK]b", "[sep] [CLS]x [PAD][UNK]", "\u0130zmir stra\u00dfe na\u00efve", "\ud55c\uad6d\uc5b4 \u65e5\u672c\u8a9e", "a\u200bb\u00adc\ufeffd", "x\u0301\u0327y",
         "\u00bd\u00b2\u2122\u20ac5 $5", "u.s. 3.5%--_x_", "w" * 100, "w" * 101, "\u00e9" * 100, "e\u0301" * 100, "\u3000\u00a0\u2028x\u2029y", "\u0000a\ufffdb",
         "1\ufe0f\u20e3 \u2764\ufe0f", "\u0bca\u0dde\u1b06", "\U0001d160\U0001d1c0", "\U0002b820\U0002b91f\U0002f800\uf900"]
# Every block of code points that the rules treat in some way of their own, and plain English around them.
blocks = [(0x20, 0x7E)] * 8 + [(0x00, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x2B0, 0x36F), (0x370, 0x52F), (0x590, 0x8FF), (0x900, 0xDFF),
          (0xE00, 0x10FF), (0x1100, 0x11FF), (0x1680, 0x18AF), (0x1AB0, 0x1CFF), (0x1D00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x2BFF),
          (0x2C00, 0x2FFF), (0x3000, 0x33FF), (0x3400, 0x4DFF), (0xA000, 0xABFF), (0xAC00, 0xD7FF), (0xE000, 0xE0FF), (0xF900, 0xFFFD),
          (0x10000, 0x10FFF), (0x11000, 0x11FFF), (0x1D000, 0x1D7FF), (0x1E000, 0x1EFFF), (0x1F000, 0x1FAFF), (0x2A6D0, 0x2A6FF),
          (0x2B700, 0x2B9FF), (0x2CE00, 0x2CEFF), (0xE0000, 0xE01FF)]
words = ["the", "flight", "was", "delayed", "unbelievably", "Great", "CREW", "don't", "#late", "@you", "x", "12", "..."]
for _ in range(1000):
    pieces = []
    for _ in range(rng.randint(1, 5)):
        if rng.random() < 0.4:
            pieces.append(rng.choice(words))
        else:
            first, last = rng.choice(blocks)
            points = [rng.randint(first, last) for _ in range(rng.randint(1, 4))]
            pieces.append("".join(chr(c) for c in points if not 0xD800 <= c <= 0xDFFF))
    texts.append(rng.choice(["", " "]).join(pieces))

for text in texts:
    print(json.dumps({"text": text, "ids": tokenizer.encode(text).ids}, separators=(",", ":")))
