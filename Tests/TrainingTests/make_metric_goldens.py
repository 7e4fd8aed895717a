#!/usr/bin/env python3
"""Writes the measures of seeded random predictions, computed by scikit-learn and SciPy.

usage: make_metric_goldens.py > Goldens/metrics.json
needs: pip install scikit-learn==1.9.1 scipy==1.17.1
"""
import json, sys
import numpy as np
from scipy.stats import binomtest, chi2
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

RESAMPLES, SEED, LEVEL = 40, 7, 0.9
rng = np.random.default_rng(2)


class SplitMix64:
    """The generator of Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        return (z ^ (z >> 31)) * bound >> 64


def expected_calibration_error(truth, predicted, scores, bins=15):
    confidence = scores[np.arange(len(truth)), predicted]
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.searchsorted(edges[1:-1], confidence)
    return sum((bin_of == b).mean() * abs((truth == predicted)[bin_of == b].mean() - confidence[bin_of == b].mean())
               for b in set(bin_of))


def per_label(truth, predicted, scores):
    labels = range(scores.shape[1])
    rows = zip(*sk.precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0))
    values = []
    for label, (precision, recall, f1, support) in zip(labels, rows):
        mixed = 0 < support < len(truth)
        values.append({"precision": precision, "recall": recall, "f1": f1,
                       "auc": sk.roc_auc_score(truth == label, scores[:, label]) if mixed else None,
                       "averagePrecision": sk.average_precision_score(truth == label, scores[:, label]) if support else None})
    return values


def overall(truth, predicted, scores):
    labels = range(scores.shape[1])
    values = {"accuracy": sk.accuracy_score(truth, predicted), "matthews": sk.matthews_corrcoef(truth, predicted),
              "logLoss": sk.log_loss(truth, y_proba=scores, labels=labels),
              "brier": sk.brier_score_loss(truth, y_proba=scores, labels=labels),
              "calibrationError": expected_calibration_error(truth, predicted, scores)}
    for average in ("macro", "weighted"):
        precision, recall, f1, _ = sk.precision_recall_fscore_support(
            truth, predicted, labels=labels, average=average, zero_division=0)
        values |= {f"{average}Precision": precision, f"{average}Recall": recall, f"{average}F1": f1}
    each = per_label(truth, predicted, scores)
    for name, key in (("rocAUC", "auc"), ("averagePrecision", "averagePrecision")):
        defined = [e[key] for e in each if e[key] is not None]
        values[name] = each[1][key] if len(each) == 2 else np.mean(defined)
    return values


def intervals(truth, predicted, scores):
    random, count = SplitMix64(SEED), len(truth)
    samples = [np.array([random.below(count) for _ in range(count)]) for _ in range(RESAMPLES)]
    results = [overall(truth[s], predicted[s], scores[s]) for s in samples]
    bounds = [50 - 50 * LEVEL, 50 + 50 * LEVEL]
    return {name: np.percentile([r[name] for r in results], bounds).tolist() for name in results[0]}


def thresholds(truth, scores):
    """The best value of each objective over all thresholds, for the second label."""
    distinct = np.unique(scores)
    candidates = [distinct[0], *(distinct[:-1] + distinct[1:]) / 2, 2]
    best = {}
    for threshold in candidates:
        predicted = (scores >= threshold).astype(int)
        precision, recall, f1, _ = sk.precision_recall_fscore_support(truth, predicted, average="binary", zero_division=0)
        values = {"f1": f1, "macroF1": sk.f1_score(truth, predicted, average="macro", zero_division=0),
                  "accuracy": sk.accuracy_score(truth, predicted), "precision": precision, "recall": recall}
        if recall >= 0.8: values["precisionAtRecall0.8"] = precision
        if precision >= 0.7: values["recallAtPrecision0.7"] = recall
        for name, value in values.items(): best[name] = max(value, best.get(name, 0))
    return best


def case(labels, truth, predicted, scores):
    result = {"labels": labels, "truth": truth.tolist(), "predicted": predicted.tolist(), "scores": scores.tolist(),
              "overall": overall(truth, predicted, scores), "perLabel": per_label(truth, predicted, scores),
              "intervals": intervals(truth, predicted, scores), "curves": []}
    for label in range(len(labels)):
        fpr, tpr, roc_thresholds = sk.roc_curve(truth == label, scores[:, label], drop_intermediate=False)
        precision, recall, pr_thresholds = sk.precision_recall_curve(truth == label, scores[:, label])
        share, mean = calibration_curve(truth == label, scores[:, label], n_bins=10)
        result["curves"].append({
            "roc": {"x": fpr.tolist(), "y": tpr.tolist(), "thresholds": [None, *roc_thresholds[1:].tolist()]},
            # scikit-learn goes from the lowest threshold to the highest, and adds a point without a threshold.
            "precisionRecall": {"x": recall[-2::-1].tolist(), "y": precision[-2::-1].tolist(),
                                "thresholds": pr_thresholds[::-1].tolist()},
            "reliability": {"positiveShare": share.tolist(), "meanScore": mean.tolist()}})
    if len(labels) == 2:
        result["thresholds"] = thresholds(truth, scores[:, 1])
    else:
        macro = sk.roc_auc_score(truth, scores, multi_class="ovr", average="macro")
        assert abs(macro - result["overall"]["rocAUC"]) < 1e-15
    return result


def binary(count, share, spread, digits):
    truth = (rng.random(count) < share).astype(int)
    p = np.round(1 / (1 + np.exp(-rng.normal((2 * truth - 1) * 0.8, spread))), digits)
    scores = np.stack([1 - p, p], axis=1)
    return case(["negative", "positive"], truth, (p >= 0.5).astype(int), scores)


def three(count, shares):
    truth = rng.choice(3, count, p=shares)
    logits = rng.normal(size=(count, 3)) + 1.2 * np.eye(3)[truth]
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return case(["negative", "neutral", "positive"], truth, scores.argmax(axis=1), scores)


def mcnemar(b, c):
    statistic = max(abs(b - c) - 1, 0) ** 2 / (b + c) if b != c else 0
    exact = binomtest(min(b, c), b + c, 0.5).pvalue if b + c else 1
    return {"onlyFirst": b, "onlySecond": c, "exactP": exact, "statistic": statistic, "correctedP": chi2.sf(statistic, 1)}


def wilson(part, whole):
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    return {"part": part, "whole": whole, "low": interval.low, "high": interval.high}


json.dump({
    "resamples": RESAMPLES, "seed": SEED, "level": LEVEL,
    # Scores with two digits have ties; scores with three digits and a rare class do not have many.
    "cases": [binary(60, 0.5, 1.2, 2), binary(50, 0.2, 1.5, 3), three(80, [0.6, 0.25, 0.15])],
    "mcNemar": [mcnemar(*pair) for pair in ((0, 0), (1, 0), (7, 7), (3, 10), (40, 20), (120, 95), (800, 1100))],
    "wilson": [wilson(*pair) for pair in ((0, 5), (5, 5), (1, 3), (40, 80), (6514, 8000))],
}, sys.stdout, separators=(",", ":"))
print()
