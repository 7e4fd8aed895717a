extension EvaluationReport {
    /// The comparison with the other model, or nil if there is none.
    var comparison: String? {
        guard let other else { return nil }
        let comparison = other.comparison
        return section(
            "Compared with \(other.name.htmlEscaped)", verdict(comparison, other.name),
            """
            <div class="split">
            <div class="card">\(agreement(comparison, other.name))</div>
            <div class="card">\(differences(comparison, other.name))</div>
            </div>
            """)
    }

    /// The texts that exactly one of the two models answered right, or nil if there is no other model.
    var disagreements: String? {
        guard let other else { return nil }
        let comparison = other.comparison
        return section(
            "Where they disagree",
            "The texts that only one of the models answers right, with the other model’s surest mistakes first.",
            """
            <div class="grid half">
            \(list("Only \(model) is right", comparison.onlySecondRight, comparison.mcNemar.onlySecond))
            \(list("Only \(other.name) is right", comparison.onlyFirstRight, comparison.mcNemar.onlyFirst))
            </div>
            """)
    }

    private func verdict(_ comparison: Comparison, _ other: String) -> String {
        let test = comparison.mcNemar
        let better = test.onlySecond > test.onlyFirst ? model : other
        let size = Figures.fixed(abs(100 * (comparison.second.accuracy - comparison.first.accuracy)), 2)
        let p = "McNemar’s test, p\u{A0}\(test.exactP < 0.0001 ? "" : "=\u{A0}")\(Figures.probability(test.exactP))"
        guard test.onlyFirst != test.onlySecond else { return "Both models are right equally often (\(p))." }
        let sentence = "\(better.htmlEscaped) is right more often, by \(size) percentage points. "
        return sentence
            + (test.exactP < 0.05
                ? "Chance alone would hardly make such a difference (\(p))."
                : "Chance alone can make such a difference (\(p)), so these texts do not show which model is better.")
    }

    private func agreement(_ comparison: Comparison, _ other: String) -> String {
        let test = comparison.mcNemar
        let rows = [
            ("both models", comparison.bothRight), ("only \(model)", test.onlySecond),
            ("only \(other)", test.onlyFirst),
            ("no model", comparison.bothWrong),
        ].map { name, count in
            "<tr><th scope=\"row\">\(name.htmlEscaped)</th><td>\(Figures.count(count))</td>"
                + "<td>\(Figures.percent(Double(count) / Double(comparison.first.count)))</td></tr>"
        }
        return """
            <h3>Who is right</h3>
            <table><thead><tr><th scope="col">Right</th><th scope="col">Texts</th><th scope="col">Share</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            <p class="note below">McNemar’s test: exact p \(Figures.probability(test.exactP)); with continuity correction \
            χ² = \(Figures.fixed(test.statistic, 2)), p \(Figures.probability(test.correctedP)).</p>
            """
    }

    private func differences(_ comparison: Comparison, _ other: String) -> String {
        let shown: [Metric] = [
            .accuracy, .macroPrecision, .macroRecall, .macroF1, .rocAUC, .averagePrecision, .logLoss, .brier,
            .calibrationError,
        ]
        let rows = shown.compactMap { metric -> String? in
            guard let first = comparison.first[metric], let second = comparison.second[metric],
                let difference = comparison.differences[metric]
            else { return nil }
            let isBetter = metric.isLoss ? difference.value < 0 : difference.value > 0
            // Without an interval, or with one that holds 0, the difference has no color.
            let isClear = difference.interval.map { $0.low > 0 || $0.high < 0 } ?? false
            let tone = isClear ? (isBetter ? "better" : "worse") : ""
            let interval = difference.interval.map { interval in
                "\(Figures.signed(interval.low, 3)) to \(Figures.signed(interval.high, 3))"
            }
            return """
                <tr><th scope="row">\(metric.title)</th><td>\(Figures.fixed(second, 4))</td><td>\(Figures.fixed(first, 4))</td>\
                <td class="\(tone)">\(Figures.signed(difference.value))</td><td class="extra soft">\(interval ?? "")</td></tr>
                """
        }
        return """
            <h3>Figures side by side</h3>
            <div class="scroll"><table><thead><tr><th scope="col">Measure</th>\
            <th scope="col">\(model.shortened(to: 24).htmlEscaped)</th>\
            <th scope="col">\(other.shortened(to: 24).htmlEscaped)</th>\
            <th scope="col">Difference</th><th scope="col" class="extra">Interval</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }

    private func list(_ title: String, _ items: [Comparison.Disagreement], _ count: Int) -> String {
        let rows = items.map { item in
            let answer = item.first == item.truth ? item.second : item.first
            return self.item(
                item.text,
                "\(meter(item.confidence))<b>\(answer.htmlEscaped)</b> is the wrong answer, "
                    + "<b>\(item.truth.htmlEscaped)</b> the right one")
        }
        let shown = items.count < count ? " (\(Figures.count(items.count)) of \(Figures.count(count)) texts)" : ""
        return """
            <div class="card"><h3>\(title.htmlEscaped)\(shown)</h3>
            <ol class="items">\(rows.isEmpty ? "<li class=\"soft\">no text</li>" : rows.joined(separator: "\n"))</ol></div>
            """
    }
}
