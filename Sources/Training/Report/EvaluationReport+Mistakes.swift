extension EvaluationReport {
    /// Longer texts are cut in the lists.
    private static let longestText = 600

    /// The mistakes of which the model was most sure, or nil if there are none.
    var mistakes: String? {
        guard !evaluation.mistakes.isEmpty else { return nil }
        let items = evaluation.mistakes.map { mistake in
            item(
                mistake.text,
                "\(meter(mistake.confidence))<b>\(mistake.predicted.htmlEscaped)</b> answered, "
                    + "<b>\(mistake.truth.htmlEscaped)</b> in the data")
        }
        return section(
            "Worst mistakes",
            "The wrong answers of which the model was most sure. Look for a pattern, and for labels that are wrong in the data.",
            "<div class=\"card\"><ol class=\"items columns\">\(items.joined(separator: "\n"))</ol></div>")
    }

    /// Returns an item of a list: a text of the data, and a line about it.
    func item(_ text: String, _ note: String) -> String {
        let text =
            text.isEmpty ? "<em class=\"soft\">empty text</em>" : text.shortened(to: Self.longestText).htmlEscaped
        return "<li><p class=\"text\" dir=\"auto\" lang=\"\">\(text)</p><p class=\"note\">\(note)</p></li>"
    }

    /// Returns a score as a small bar and a number.
    func meter(_ score: Double) -> String {
        guard evaluation.reliability != nil else { return "\(Figures.fixed(score)) " }
        let width = Figures.fixed(100 * min(max(score, 0), 1), 1)
        return "<span class=\"meter\"><i style=\"width:\(width)%\"></i></span>\(Figures.fixed(score)) "
    }
}
