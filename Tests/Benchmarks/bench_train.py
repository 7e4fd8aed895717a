"""Trains classifiers with Pinson and its peers side by side on one machine; `make bench-train` runs this script.

    bench_train.py --train FILE.csv --test FILE.csv [--rounds 3]

The files have the columns text and label. The peers are scikit-learn, with the same features and with its defaults, and
fastText, if the program `fasttext` is installed. The programs take turns, so a change in the speed of the machine affects
all of them. Times are medians over the rounds: of the whole command for Pinson and fastText, and of everything after the
import of the library for scikit-learn.
"""
import argparse
import csv
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
PINSON = ROOT / "dist/pinson"
TOKEN = r"@\w+|https?://\S+|[\w'’]+|[^\w\s]+"

# The options of `pinson train`, and the same model in scikit-learn: the blocks of n-grams and the estimator.
MODELS = {
    "TF-IDF word 1-2, logistic": (
        ["logistic", "--preset", "plain", "--ngrams", "word:1-2", "--min-texts", "1", "--counting", "count", "--c", "1",
         "--solver", "newton"],
        ([("word", (1, 2), None, 1, False)], ("logistic", 1))),
    "TF-IDF word 1-2, SVM": (
        ["svm", "--preset", "plain", "--ngrams", "word:1-2", "--counting", "count", "--c", "0.1"],
        ([("word", (1, 2), None, 2, False)], ("svm", 0.1))),
    "binary word 1-2, multinomial naive Bayes": (
        ["bayes", "--preset", "plain", "--ngrams", "word:1-2", "--bayes", "multinomial"],
        ([("word", (1, 2), None, 2, None)], ("multinomial", None))),
    "binary word 1-2, complement naive Bayes": (
        ["bayes", "--preset", "plain", "--ngrams", "word:1-2", "--bayes", "complement"],
        ([("word", (1, 2), None, 2, None)], ("complement", None))),
    "words, logistic": (
        ["logistic", "--features", "word"], ([("word", (1, 3), TOKEN, 2, True)], ("logistic", 3))),
    "words and characters, logistic": (
        ["logistic"],
        ([("word", (1, 3), TOKEN, 2, True), ("char_wb", (2, 5), None, 3, True)], ("logistic", 2))),
    "words and characters, ensemble": (["ensemble"], None),
    "words and characters in 1.5 MB, logistic": (["logistic", "--max-bytes", "1.5MB"], None),
    "words in 400 KB, logistic": (["logistic", "--features", "word", "--max-bytes", "400KB"], None),
}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def run(*command):
    start = time.perf_counter()
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed: {done.stderr}")
    return done.stdout, time.perf_counter() - start


def pinson(options, train, validation, test, folder):
    model = folder / "model.gguf"
    _, seconds = run(PINSON, "train", *options, "--data", train, "--validation", validation, "-o", model)
    told, _ = run(PINSON, "evaluate", model, "--data", test, "--json", "--resamples", "0")
    _, scoring = run(PINSON, "classify", model, "--input", train, "--format", "csv", "--output", folder / "scored.csv")
    return {"seconds": seconds, "accuracy": json.loads(told)["metrics"]["accuracy"], "bytes": model.stat().st_size,
            "scoring": scoring}


def scikit(blocks, estimator, train, test):
    import numpy
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB, MultinomialNB
    from sklearn.svm import LinearSVC
    (texts, labels), (test_texts, test_labels) = train, test
    start = time.perf_counter()
    vectorizers = []
    for analyzer, lengths, pattern, least, sublinear in blocks:
        options = {"analyzer": analyzer, "ngram_range": lengths, "min_df": least}
        if pattern:
            options["token_pattern"] = pattern
        vectorizers.append(CountVectorizer(binary=True, **options) if sublinear is None else
                           TfidfVectorizer(sublinear_tf=sublinear, **options))
    rows = hstack([v.fit_transform(texts) for v in vectorizers]).tocsr()
    kind, c = estimator
    model = {"logistic": lambda: LogisticRegression(C=c, max_iter=1000), "svm": lambda: LinearSVC(C=c),
             "multinomial": MultinomialNB, "complement": ComplementNB}[kind]().fit(rows, labels)
    seconds = time.perf_counter() - start
    found = model.predict(hstack([v.transform(test_texts) for v in vectorizers]).tocsr())
    return {"seconds": seconds, "accuracy": float(numpy.mean(found == numpy.array(test_labels)))}


def fasttext(train, test, folder):
    def lines(part):
        return "".join(f"__label__{label} {' '.join(re.findall(TOKEN, text.lower()))}\n" for text, label in zip(*part))
    for name, part in [("train", train), ("test", test)]:
        (folder / name).write_text(lines(part), encoding="utf-8")
    _, seconds = run("fasttext", "supervised", "-input", folder / "train", "-output", folder / "ft", "-wordNgrams", 3,
                     "-dim", 10, "-lr", 0.05, "-thread", 2, "-verbose", 0)
    told, _ = run("fasttext", "test", folder / "ft.bin", folder / "test")
    (folder / "scored").touch()
    start = time.perf_counter()
    with open(folder / "scored", "w") as out:
        subprocess.run(["fasttext", "predict", folder / "ft.bin", folder / "train"], stdout=out, check=True)
    return {"seconds": seconds, "accuracy": float(re.search(r"P@1\s+([\d.]+)", told)[1]),
            "bytes": (folder / "ft.bin").stat().st_size, "scoring": time.perf_counter() - start}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", required=True, type=pathlib.Path)
    parser.add_argument("--validation", required=True, type=pathlib.Path)
    parser.add_argument("--test", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="a part of the names of the models to train")
    arguments = parser.parse_args()
    train, test = read(arguments.train), read(arguments.test)
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for _ in range(arguments.rounds):
            for model, (options, peer) in MODELS.items():
                if arguments.only and arguments.only not in model:
                    continue
                sides = results.setdefault(model, {"pinson": [], "scikit-learn": []})
                sides["pinson"].append(pinson(options, arguments.train, arguments.validation, arguments.test, folder))
                if peer:
                    sides["scikit-learn"].append(scikit(*peer, train, test))
            if shutil.which("fasttext") and not arguments.only:
                results.setdefault("fastText, words 1-3", {"fastText": []})["fastText"].append(
                    fasttext(train, test, folder))
    print("| model | program | seconds | accuracy | bytes | texts a second |\n|---|---|---|---|---|---|")
    for model, sides in results.items():
        for side, rounds in sides.items():
            if not rounds:
                continue
            seconds = statistics.median(r["seconds"] for r in rounds)
            size = f"{rounds[0]['bytes']:,}" if "bytes" in rounds[0] else ""
            rate = f"{len(train[0]) / statistics.median(r['scoring'] for r in rounds):,.0f}" if "scoring" in rounds[0] else ""
            print(f"| {model} | {side} | {seconds:.2f} | {rounds[0]['accuracy']:.4f} | {size} | {rate} |")


main()
