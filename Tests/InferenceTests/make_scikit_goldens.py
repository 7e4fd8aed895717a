"""Makes the goldens of ScikitLearnTests: small models of scikit-learn, and what they answer to 1,000 tweets.

    make_scikit_goldens.py FOLDER

Each model is an export of `docs/pinson_export.py`. `tweets.txt` has one tweet in each line, and `answers.npz` the outputs of
each model for each tweet. Written with Python 3.11, scikit-learn 1.9.1 and NumPy 2.4.6.
"""
import io
import pathlib
import random
import sys
import zipfile

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.svm import LinearSVC

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "docs"))
import pinson_export  # noqa: E402

TOKEN = r"@\w+|https?://\S+|[\w'’]+|[^\w\s]+"
WORDS = {
    "negative": "late cancelled awful rude lost delayed worst never broken waiting hours nobody bag hate".split(),
    "neutral": "gate flight boarding when where is the schedule please confirm seat number".split(),
    "positive": "great thanks love crew smooth friendly best amazing kind on time happy café naïve".split(),
}
COMMON = ("@air the a I to my you it was so is not don't can't #flight plane … !! ! :-( :) 😀 👍🏽 http://t.co/x1 WHAT x 2 10 "
          "ÇA straße İstanbul 日本語 हिन्दी ½ e-mail x_y __ ΟΔΟΣ").split(" ")
SPACES = [" "] * 12 + ["  ", "\t", "\u00a0", "\u2003", " , "]


def tweets(seed, count):
    """Made-up tweets and their labels."""
    choose = random.Random(seed)
    made = []
    for _ in range(count):
        label = choose.choice(list(WORDS))
        other = choose.choice(list(WORDS))
        words = choose.choices(WORDS[label], k=choose.randint(0, 6)) + choose.choices(WORDS[other], k=choose.randint(0, 2))
        words += choose.choices(COMMON, k=choose.randint(0, 12))
        # Parts of words give n-grams that no vocabulary knows.
        words += [word[choose.randint(0, 2):] + choose.choice("aeiou") for word in choose.choices(COMMON, k=2)]
        choose.shuffle(words)
        text = "".join(word + choose.choice(SPACES) for word in words)
        made.append((text.upper() if choose.random() < 0.05 else text, label))
    return made


MODELS = {
    "logistic": lambda: make_pipeline(TfidfVectorizer(), LogisticRegression()),
    "logistic-sublinear": lambda: make_pipeline(
        TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, stop_words=["the", "is", "can"], smooth_idf=False),
        LogisticRegression(C=10)),
    "svm-characters": lambda: make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, lowercase=False), LinearSVC()),
    "multinomial": lambda: make_pipeline(CountVectorizer(token_pattern=r"(?u)\b\w+\b"), MultinomialNB()),
    "complement": lambda: make_pipeline(
        CountVectorizer(ngram_range=(2, 2)), TfidfTransformer(norm="l1", use_idf=False), ComplementNB()),
    "bernoulli": lambda: make_pipeline(TfidfVectorizer(stop_words="english"), BernoulliNB()),
    "union": lambda: make_pipeline(
        FeatureUnion([
            ("tokens", TfidfVectorizer(token_pattern=TOKEN, ngram_range=(1, 2))),
            ("characters", make_pipeline(
                CountVectorizer(analyzer="char_wb", ngram_range=(3, 3), binary=True), TfidfTransformer(norm=None))),
        ], transformer_weights={"characters": 0.25}), LogisticRegression(max_iter=1000)),
    "selected": lambda: make_pipeline(
        CountVectorizer(ngram_range=(1, 2)), TfidfTransformer(), SelectKBest(chi2, k=60), MaxAbsScaler(),
        LogisticRegression()),
}

# The others have three.
TWO_LABELS = {"logistic", "logistic-sublinear", "multinomial", "bernoulli"}


def outputs(model, texts):
    """What the classifier computes, written down here once more: naive Bayes relative to the first label."""
    classifier = model[-1]
    if hasattr(classifier, "predict_joint_log_proba"):
        rows = classifier.predict_joint_log_proba(model[:-1].transform(texts))
        return rows[:, 1:] - rows[:, :1]
    return model.decision_function(texts).reshape(len(texts), -1)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    train, test = tweets(1, 400), [text for text, _ in tweets(2, 1000)]
    (folder / "tweets.txt").write_text("\n".join(test) + "\n", encoding="utf-8")
    with zipfile.ZipFile(folder / "answers.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, make in MODELS.items():
            rows = [(text, label) for text, label in train if name not in TWO_LABELS or label != "neutral"]
            model = make().fit([text for text, _ in rows], [label for _, label in rows])
            pinson_export.export(model, str(folder / f"{name}.npz"))
            data = io.BytesIO()
            np.save(data, np.ascontiguousarray(outputs(model, test), dtype="<f4"))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue(), zipfile.ZIP_DEFLATED)


main()
