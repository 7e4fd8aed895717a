"""Writes linear.json: features and models of scikit-learn 1.9.1 on small made-up texts.

Run: python3 make_linear_goldens.py > linear.json
"""
import json
import random

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.svm import LinearSVC
from sklearn.utils.class_weight import compute_sample_weight

WORDS = "late flight crew great awful thanks delay bag lost seat lovely never again naïve été 空港 can't so".split()
random.seed(7)


def texts(classes, count):
    rows, labels = [], []
    for index in range(count):
        label = max(0, index % (classes + 1) - 1)  # The first class has twice as many texts as each other class.
        weights = [1 + 3 * (position % classes == label) for position in range(len(WORDS))]
        rows.append(" ".join(random.choices(WORDS, weights, k=random.randint(1, 12))))
        labels.append(label)
    return rows, labels


def penalized(c, l1_ratio, **options):
    return LogisticRegression(C=c, l1_ratio=l1_ratio, solver="saga", tol=1e-12, max_iter=1000000, **options)


def columns(vectorizer):
    return [str(name) for name in vectorizer.get_feature_names_out()]


cases = []
for classes in (2, 3):
    rows, labels = texts(classes, 60)
    for analyzer, lengths, sublinear in (("word", (1, 2), False), ("char_wb", (2, 3), True)):
        vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=lengths, sublinear_tf=sublinear, min_df=2)
        matrix = vectorizer.fit_transform(rows)
        models = {}
        for name, model in (
            ("logistic", LogisticRegression(C=2.0, tol=1e-10, max_iter=5000)),
            ("logistic-balanced", LogisticRegression(C=0.5, tol=1e-10, max_iter=5000, class_weight="balanced")),
            ("svm", LinearSVC(C=0.3, tol=1e-10, max_iter=200000)),
            ("svm-balanced", LinearSVC(C=0.3, tol=1e-10, max_iter=200000)),
            ("svm-hinge", LinearSVC(C=0.3, loss="hinge", tol=1e-10, max_iter=2000000)),
            ("logistic-l1", penalized(4.0, 1.0)),
            ("logistic-elastic-net", penalized(2.0, 0.3)),
            ("logistic-l1-balanced", penalized(4.0, 1.0, class_weight="balanced")),
        ):
            # The intercept of saga moves 100 times slower for a sparse matrix, and its end is the same.
            numbers = matrix.toarray() if name.startswith(("logistic-l1", "logistic-elastic-net")) else matrix
            # The class weights of LinearSVC leave out the rest, if there are more than two classes.
            weights = compute_sample_weight("balanced", labels) if name == "svm-balanced" else None
            model.fit(numbers, labels, sample_weight=weights)
            models[name] = {"weights": model.coef_.tolist(), "bias": model.intercept_.tolist()}
        binary = TfidfVectorizer(
            analyzer=analyzer, ngram_range=lengths, binary=True, use_idf=False, norm=None, min_df=2)
        ones = binary.fit_transform(rows)
        for name, model in (
            ("multinomial", MultinomialNB()), ("complement", ComplementNB()), ("bernoulli", BernoulliNB())):
            model.fit(ones, labels)
            scores = model.predict_joint_log_proba(ones)
            models[name] = {"scores": scores.tolist()}
        cases.append({
            "classes": classes, "unit": "word" if analyzer == "word" else "character", "lengths": lengths,
            "sublinear": sublinear, "texts": rows, "labels": labels, "columns": columns(vectorizer),
            "matrix": matrix.toarray().tolist(), "models": models,
        })
print(json.dumps(cases, ensure_ascii=False))
