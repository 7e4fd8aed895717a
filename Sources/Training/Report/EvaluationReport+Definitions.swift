extension EvaluationReport {
    /// What the measures mean, folded away.
    var definitions: String {
        let items = Self.terms.map { "<dt>\($0.term)</dt><dd>\($0.meaning)</dd>" }.joined(separator: "\n")
        return "<details><summary>What the figures mean</summary>\n<dl>\(items)</dl>\n</details>"
    }

    private static let terms: [(term: String, meaning: String)] = [
        ("Accuracy", "The share of the texts whose predicted label is the true one."),
        (
            "Precision, recall and F1",
            "Of the texts that were given a label, the precision is the share that has it. Of the texts that have a label, "
                + "the recall is the share that was given it. F1 is their harmonic mean. Macro figures give each label the "
                + "same weight; weighted figures give each text the same weight."
        ),
        (
            "ROC AUC",
            "The probability that a text with the label has a higher score than one without it. With more than two labels, it "
                + "is the mean over the labels, each against the rest."
        ),
        (
            "PR AUC",
            "Average precision: the precision at each threshold, weighted by the recall that the threshold adds."
        ),
        ("Log loss", "The mean of −ln p, where p is the probability that the model gave to the true label."),
        (
            "Brier score",
            "The mean squared error of the probabilities. With two labels it lies between 0 and 1, with more between 0 and 2."
        ),
        (
            "Calibration error",
            "How far the probability of the answer is from the share of right answers, on average, in 15 bins of equal width. "
                + "Resamples have a slightly larger error, so the interval can lie a little above the figure."
        ),
        ("Matthews correlation", "The correlation of the answers with the truth: 1 is perfect, 0 is guessing."),
        (
            "Intervals",
            "The figures are computed again for resamples of the texts, drawn with replacement; the interval leaves out the "
                + "same share of them at both ends. It shows how much the figures depend on the choice of texts. Intervals "
                + "of shares on parts of the data, and in the calibration chart, are those of Wilson."
        ),
        (
            "McNemar’s test",
            "It looks only at the texts that exactly one of two models answers right. The p value is the probability of at "
                + "least such a difference if both were equally good."
        ),
    ]
}
