#!/usr/bin/env python3
"""Writes a text classifier of scikit-learn to a file that `pinson pack` reads.

    python pinson_export.py PIPELINE.joblib -o MODEL.npz
    python pinson_export.py VECTORIZER.pkl CLASSIFIER.pkl -o MODEL.npz

It can also be imported: `pinson_export.export(pipeline, "MODEL.npz")`. It needs scikit-learn and nothing else.

The file is a zip archive that `numpy.load` opens, too: `model.json` describes the model, and arrays of float64 hold the
weights. A model that Pinson cannot reproduce exactly is refused with the reason. Loading a pickle runs the code in it, so
give only files that you trust. See docs/scikit-learn.md.
"""
import argparse
import io
import json
import random
import sys
import zipfile

import numpy as np
import sklearn
from sklearn import linear_model, naive_bayes, svm
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectorMixin
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

FORMAT_VERSION = 1
LONGEST_NGRAM = 8  # the most words or characters of an n-gram

# The patterns of words that Pinson knows. Those in one row find the same words.
WORDS = {
    "word": (r"\b\w\w+\b", r"\w\w+", r"\b\w{2,}\b", r"\w{2,}"),
    "anyword": (r"\b\w+\b", r"\w+", r"\b\w{1,}\b", r"\w{1,}"),
    "token": (r"@\w+|https?://\S+|[\w'’]+|[^\w\s]+",),
}

LINEAR = (linear_model.LogisticRegression, linear_model.LogisticRegressionCV, linear_model.SGDClassifier,
          linear_model.RidgeClassifier, linear_model.RidgeClassifierCV, svm.LinearSVC)
BAYES = (naive_bayes.MultinomialNB, naive_bayes.ComplementNB, naive_bayes.BernoulliNB)


class NotSupported(ValueError):
    """The reason why Pinson cannot reproduce a model, and what to do."""


def name_of(value):
    return type(value).__name__


class Block:
    """The n-grams of one vectorizer, and how their counts become numbers."""

    def __init__(self, vectorizer, weight=1.0):
        if type(vectorizer) not in (CountVectorizer, TfidfVectorizer):
            raise NotSupported(f"The text is read by {name_of(vectorizer)}, expected CountVectorizer or TfidfVectorizer.")
        if not hasattr(vectorizer, "vocabulary_"):
            raise NotSupported(f"The {name_of(vectorizer)} is not fitted. Call fit first.")
        self.unit = unit(vectorizer)
        self.lengths = [int(n) for n in vectorizer.ngram_range]
        if not 1 <= self.lengths[0] <= self.lengths[1] <= LONGEST_NGRAM:
            raise NotSupported(f"ngram_range is {vectorizer.ngram_range}, expected numbers from 1 to {LONGEST_NGRAM}.")
        terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
        if [int(vectorizer.vocabulary_[term]) for term in terms] != list(range(len(terms))):
            raise NotSupported("The vocabulary does not number its terms from 0 without gaps.")
        self.terms = terms
        self.lowercase = bool(vectorizer.lowercase)
        words = vectorizer.get_stop_words() if vectorizer.analyzer == "word" else None
        self.stop_words = sorted(words or [])
        self.counting = "binary" if vectorizer.binary else "count"
        self.idf, self.norm, self.weight = None, None, float(weight)
        if isinstance(vectorizer, TfidfVectorizer):
            self.transform(vectorizer._tfidf)

    def transform(self, tfidf):
        if self.idf is not None or self.norm is not None:
            raise NotSupported("TfidfTransformer follows a step that has already weighted or scaled the counts.")
        if tfidf.norm not in (None, "l1", "l2"):
            raise NotSupported(f"norm is {tfidf.norm!r}, expected 'l1', 'l2' or None.")
        if tfidf.use_idf:
            if not hasattr(tfidf, "idf_"):
                raise NotSupported("The inverse document frequencies are not fitted. Call fit first.")
            self.idf = np.asarray(tfidf.idf_, np.float64)
        self.norm = tfidf.norm
        if tfidf.sublinear_tf and self.counting == "count":
            self.counting = "sublinear"

    def description(self):
        return {"unit": self.unit, "lengths": self.lengths, "counting": self.counting, "norm": self.norm,
                "idf": self.idf is not None, "terms": self.terms}


def unit(vectorizer):
    """The name of what an n-gram of a vectorizer is made of."""
    for option in ("tokenizer", "preprocessor"):
        if getattr(vectorizer, option) is not None:
            raise NotSupported(f"{option} is a function, which a model file cannot keep. Leave it out and train again.")
    if vectorizer.strip_accents is not None:
        raise NotSupported(f"strip_accents is {vectorizer.strip_accents!r}, expected None.")
    if vectorizer.analyzer == "char_wb":
        return "character"
    if vectorizer.analyzer != "word":
        shown = "a function" if callable(vectorizer.analyzer) else repr(vectorizer.analyzer)
        raise NotSupported(f"analyzer is {shown}, expected 'word' or 'char_wb'.")
    pattern = (vectorizer.token_pattern or "").removeprefix("(?u)")
    for name, patterns in WORDS.items():
        if pattern in patterns:
            return name
    known = ", ".join(repr(patterns[0]) for patterns in WORDS.values())
    raise NotSupported(f"token_pattern is {vectorizer.token_pattern!r}, expected one of {known}.")


class Features:
    """The features that reach the classifier: blocks, and which of their columns are left, with a factor each."""

    def __init__(self):
        self.blocks, self.columns, self.factors = [], None, None

    def append(self, step, weight=1.0):
        if isinstance(step, Pipeline):
            for _, inner in step.steps:
                self.append(inner, weight)
        elif isinstance(step, FeatureUnion):
            if self.blocks:
                raise NotSupported("A FeatureUnion is not the first step.")
            for name, inner in step.transformer_list:
                part = Features()
                if inner != "drop":
                    part.append(inner, weight * (step.transformer_weights or {}).get(name, 1.0))
                if part.columns is not None:
                    raise NotSupported("A FeatureUnion selects or scales features. Do that after the FeatureUnion.")
                self.blocks += part.blocks
        elif step is None or step == "passthrough":
            pass
        elif not self.blocks:
            self.blocks.append(Block(step, weight))
        elif isinstance(step, TfidfTransformer):
            if len(self.blocks) > 1 or self.columns is not None:
                raise NotSupported("TfidfTransformer does not follow a single CountVectorizer.")
            self.blocks[0].transform(step)
        else:
            self.change(step)

    def change(self, step):
        if self.columns is None:
            self.columns = np.arange(self.count)
            self.factors = np.ones(self.count)
        if isinstance(step, SelectorMixin):
            kept = step.get_support()
            self.columns, self.factors = self.columns[kept], self.factors[kept]
        elif isinstance(step, MaxAbsScaler) or isinstance(step, StandardScaler) and not step.with_mean:
            if step.scale_ is not None:
                self.factors = self.factors / step.scale_
        else:
            raise NotSupported(f"The step {name_of(step)} cannot be reproduced. Supported between the vectorizer and the "
                               "classifier: TfidfTransformer, feature selection, MaxAbsScaler.")

    @property
    def count(self):
        return sum(len(block.terms) for block in self.blocks)

    def weights(self, weights):
        """The weights of all features, (features, outputs): zero for those that were left out."""
        if self.columns is None:
            if len(weights) != self.count:
                raise NotSupported(f"The classifier has {len(weights)} features, but the vectorizer has {self.count}. "
                                   "They do not belong together.")
            return weights
        if len(weights) != len(self.columns):
            raise NotSupported(f"The classifier has {len(weights)} features, but {len(self.columns)} were selected.")
        whole = np.zeros((self.count, weights.shape[1]))
        whole[self.columns] = weights * self.factors[:, None]
        return whole


def linear_layer(classifier):
    """The weights, (features, outputs), the bias, (outputs), and a function that computes the same outputs for features."""
    if type(classifier) not in LINEAR + BAYES:
        known = ", ".join(kind.__name__ for kind in LINEAR + BAYES)
        raise NotSupported(f"The classifier is {name_of(classifier)}, expected one of {known}.")
    if not hasattr(classifier, "classes_"):
        raise NotSupported(f"The {name_of(classifier)} is not fitted. Call fit first.")
    classes = len(classifier.classes_)
    if classes < 2:
        raise NotSupported("The classifier has one class, expected at least two.")
    if isinstance(classifier, BAYES):
        return bayes_layer(classifier)
    ways = getattr(classifier, "multi_class", None)
    if isinstance(classifier, LINEAR[:2]) and classes > 2 and (
            ways == "ovr" or classifier.solver == "liblinear"):
        raise NotSupported("A LogisticRegression with one model for each class has other probabilities than a softmax. "
                           "Train with multi_class='multinomial'.")
    if isinstance(classifier, linear_model.SGDClassifier) and classes > 2 and classifier.loss == "log_loss":
        raise NotSupported("An SGDClassifier with log_loss and more than two classes has other probabilities than a "
                           "softmax. Train a LogisticRegression.")
    # With two classes, the softmax of [-d, d] is the sigmoid of 2 d.
    factor = 2.0 if classes == 2 and ways == "multinomial" and isinstance(classifier, LINEAR[:2]) else 1.0
    coefficients = classifier.coef_.toarray() if hasattr(classifier.coef_, "toarray") else np.atleast_2d(classifier.coef_)
    bias = np.broadcast_to(np.asarray(classifier.intercept_, np.float64), len(coefficients))
    return (coefficients.T.astype(np.float64) * factor, bias * factor,
            lambda x: classifier.decision_function(x).reshape(x.shape[0], -1) * factor)


def bayes_layer(classifier):
    weights = classifier.feature_log_prob_
    bias = classifier.class_log_prior_
    if isinstance(classifier, naive_bayes.ComplementNB):
        bias = np.zeros(len(weights))
    if isinstance(classifier, naive_bayes.BernoulliNB):
        absent = np.log(1 - np.exp(weights))
        weights, bias = weights - absent, bias + absent.sum(axis=1)

    def relative(rows):
        """A softmax stays the same if all classes change by the same number, and small numbers keep more digits."""
        return rows[1:] - rows[:1] if len(rows) == 2 else rows - rows.mean(axis=0)
    return (relative(weights).T, relative(bias[:, None])[:, 0],
            lambda x: relative(classifier.predict_joint_log_proba(x).T).T)


def example_texts(blocks):
    """Texts with terms of the vocabularies, and with what is hard to split and to map to lower case."""
    choose = random.Random(0)
    terms = [term.strip() for block in blocks for term in block.terms]
    texts = [" ".join(choose.choices(terms, k=length)) for length in range(1, 25)]
    return texts + [
        "", "  \t\n ", "I can't believe it!! @united http://t.co/a1B2 #fail :-( 5/5", "ÇA VA? NAÏVE CAFÉ — œuvre, straße",
        "so so so SO good, so very good", "İstanbul ΣΊΣΥΦΟΣ ΌΔΟΣ", "日本語 とても good हिन्दी", "a I x_y __ 1 22 ½ ² don’t e-mail 😀👍🏽",
    ]


def export(model, path, *rest):
    """Writes a fitted pipeline, or a vectorizer and a classifier, to a file.

    Raises NotSupported if Pinson cannot reproduce the model exactly.
    """
    model = make_pipeline(model, *rest) if rest else model
    model = getattr(model, "best_estimator_", model)
    if not isinstance(model, Pipeline):
        raise NotSupported(f"The model is a {name_of(model)}, expected a Pipeline that ends in a classifier. "
                           "Give the vectorizer and the classifier, if they are in two files.")
    features, classifier = Features(), model.steps[-1][1]
    for _, step in model.steps[:-1]:
        features.append(step)
    weights, bias, outputs = linear_layer(classifier)
    weights = features.weights(weights)
    blocks = features.blocks
    if len({block.lowercase for block in blocks}) > 1:
        raise NotSupported("lowercase differs between the vectorizers of a FeatureUnion.")
    word_lists = {tuple(block.stop_words) for block in blocks if block.unit != "character"}
    if len(word_lists) > 1:
        raise NotSupported("stop_words differs between the vectorizers of a FeatureUnion.")
    if isinstance(classifier, naive_bayes.BernoulliNB):
        if classifier.binarize != 0:
            raise NotSupported(f"binarize is {classifier.binarize}, expected 0.0.")
        for block in blocks:
            block.counting, block.idf, block.norm, block.weight = "binary", None, None, 1.0
    texts = example_texts(blocks)
    examples = [{"text": text, "outputs": row} for text, row in zip(texts, outputs(model[:-1].transform(texts)).tolist())]
    description = {
        "format": "pinson-linear", "version": FORMAT_VERSION, "library": f"scikit-learn {sklearn.__version__}",
        "classifier": name_of(classifier), "labels": [str(label) for label in classifier.classes_.tolist()],
        "probabilities": hasattr(classifier, "predict_proba"), "lowercase": blocks[0].lowercase,
        "stop_words": list(word_lists.pop()) if word_lists else [],
        "blocks": [block.description() for block in blocks], "examples": examples}
    arrays, start = {"bias": bias}, 0
    for index, block in enumerate(blocks):
        end = start + len(block.terms)
        arrays[f"weight.{index}"] = weights[start:end] * block.weight
        if block.idf is not None:
            arrays[f"idf.{index}"] = block.idf
        start = end
    write(path, description, arrays)


def write(path, description, arrays):
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise NotSupported(f"The array {name} has a value that is not a finite number.")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        def add(name, data):
            # A fixed date gives the same bytes for the same model.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
        add("model.json", json.dumps(description, ensure_ascii=False).encode("utf-8"))
        for name, array in arrays.items():
            data = io.BytesIO()
            np.save(data, np.ascontiguousarray(array, dtype="<f8"), allow_pickle=False)
            add(f"{name}.npy", data.getvalue())


def main():
    import joblib
    parser = argparse.ArgumentParser(
        description="Writes a text classifier of scikit-learn to a file that `pinson pack` reads.")
    parser.add_argument("model", nargs="+", help="a file of joblib or pickle with a pipeline, or one with a vectorizer and "
                        "one with a classifier. Loading a file runs the code in it, so give only files that you trust.")
    parser.add_argument("-o", "--output", required=True, help="the file to write, such as MODEL.npz")
    arguments = parser.parse_args()
    try:
        export(joblib.load(arguments.model[0]), arguments.output, *map(joblib.load, arguments.model[1:]))
    except (NotSupported, OSError) as error:
        sys.exit(f"{' '.join(arguments.model)}: {error}")
    print(f"{arguments.output}: pack it with `pinson pack {arguments.output} -o MODEL.gguf`")


if __name__ == "__main__":
    main()
