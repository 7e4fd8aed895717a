#!/usr/bin/env python3
"""Writes NormalizerTables.swift: what the BERT normalizer and pre-tokenizer of Hugging Face `tokenizers` do to each code point.

usage: make_normalizer_tables.py > NormalizerTables.swift
needs: pip install tokenizers==0.23.3

The library is asked about every code point, one by one, as a black box: its tables are frozen at an old version of
Unicode, so no Unicode data file of any one version tells the same.
"""
import unicodedata
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
OFF = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
clean = BertNormalizer(**{**OFF, "clean_text": True})
chinese = BertNormalizer(**{**OFF, "handle_chinese_chars": True})
strip = BertNormalizer(**{**OFF, "strip_accents": True})
lower = BertNormalizer(**{**OFF, "lowercase": True})
split = BertPreTokenizer()

removed, spaces, ideographs, separators, punctuation, marks = [], [], [], [], [], []
decomposed, lowercased = [], []
for c in CODE_POINTS:
    s = chr(c)
    cleaned = clean.normalize_str(s)
    if cleaned == "": removed.append(c)
    elif cleaned != s: spaces.append(c)
    if chinese.normalize_str(s) != s: ideographs.append(c)
    pieces = [p for p, _ in split.pre_tokenize_str("a" + s + "b")]
    if pieces == ["a", "b"]: separators.append(c)
    elif pieces == ["a", s, "b"]: punctuation.append(c)
    bare = strip.normalize_str(s)
    if bare == "": marks.append(c)
    elif bare != s and not 0xAC00 <= c <= 0xD7A3: decomposed.append((c, bare))
    small = lower.normalize_str(s)
    if small != s and c >= 0x80: lowercased.append((c, small))


def ranges(points):
    out = []
    for c in points:
        if out and out[-1][1] == c - 1: out[-1][1] = c
        else: out.append([c, c])
    return out


def write(name, comment, numbers, per_entry):
    print(f"\n    /// {comment}\n    static let {name}: [UInt32] = [")
    line = "       "
    for i in range(0, len(numbers), per_entry):
        entry = "".join(f" 0x{n:X}," for n in numbers[i:i + per_entry])
        if len(line) + len(entry) > 118:
            print(line)
            line = "       "
        line += entry
    print(line + "\n    ]")


def write_ranges(name, comment, points):
    write(name, comment, [n for r in ranges(points) for n in r], 2)


def write_map(name, comment, pairs):
    assert all(1 <= len(t) <= 3 for _, t in pairs)
    write(name, comment, [n for c, t in pairs for n in [c, *map(ord, t), 0, 0][:4]], 4)


print("// Made by make_normalizer_tables.py; do not edit. swift-format-ignore-file")
print("\n/// What the BERT normalizer does to each code point: ranges as (first, last), maps as (from, to, or 0, or 0).")
print("enum NormalizerTables {", end="")
write_ranges("removed", "Control, format, private-use, NUL and U+FFFD: dropped by cleaning.", removed)
write_ranges("spaces", "Become U+0020 in cleaning.", spaces)
write_ranges("ideographs", "Get a space on either side.", ideographs)
write_ranges("separators", "Separate words.", separators)
write_ranges("punctuation", "Are words of their own.", punctuation)
write_ranges("marks", "Nonspacing marks: dropped with the accents.", marks)
write_map("decomposed", "Canonical decomposition without its marks; Hangul syllables are computed.", decomposed)
write_map("lowercased", "Lower case beyond ASCII.", lowercased)
print("}")
