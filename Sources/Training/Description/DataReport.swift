/// A page about a set of texts, for a person to read.
public struct DataReport: Sendable {
    private let name: String
    private let data: DataDescription

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - name: The name of the data.
    ///   - data: The description.
    public init(name: String, data: DataDescription) {
        self.name = name
        self.data = data
    }

    /// The report as one HTML file.
    public var html: String {
        let parts = [header, labels, lengths, traits, telling, frequent, scripts].compactMap { $0 }
        return HTMLPage(title: "\(name): data", body: parts.joined(separator: "\n")).markup
    }

    /// The most labels that get a chart or a list of their own.
    private static let mostLabels = 8

    private var shown: [DataDescription.Label] { Array(data.labels.prefix(Self.mostLabels)) }

    private func title(_ label: DataDescription.Label) -> String { label.name ?? "without a label" }

    private func section(_ title: String, _ intro: String, _ content: String) -> String {
        "<section>\n<h2>\(title)</h2>\n<p class=\"intro\">\(intro)</p>\n\(content)\n</section>"
    }

    private func card(_ title: String, _ chart: String) -> String {
        "<figure class=\"card\"><h3>\(title)</h3><div class=\"bars\">\(chart)</div></figure>"
    }

    // MARK: - The sections

    private var header: String {
        let facts = [
            ("Labels", data.labels.count(where: { $0.name != nil })), ("Empty texts", data.empty),
            ("Repeated texts", data.repeated), ("Texts with several labels", data.contradictory),
            ("Texts that could not be decoded", data.undecodable),
        ]
        let items = facts.map { "<div><dt>\($0.0)</dt><dd>\(Figures.count($0.1))</dd></div>" }.joined()
        return """
            <header>
            <h1>\(name.htmlEscaped)</h1>
            <p class="lead"><strong>\(Figures.count(data.texts))</strong> texts.</p>
            <dl class="facts">\(items)</dl>
            </header>
            """
    }

    private var labels: String {
        let bars = data.labels.enumerated().map { index, label in
            let share = Double(label.texts) / Double(max(data.texts, 1))
            return BarChart.Bar(
                name: "\(title(label).shortened(to: 16)) (\(Figures.percent(share)))", value: Double(label.texts),
                label: Figures.count(label.texts), color: index % 8)
        }
        return section(
            "Labels", "How many texts each label has. A label with few texts is hard to learn.",
            card("Texts", BarChart(bars: bars).markup(label: "Texts of each label")))
    }

    private var lengths: String {
        let step = max(2, ((shown.map { $0.characters.percentile(0.99) }.max() ?? 0) + 9) / 10)
        let cards = shown.enumerated().map { index, label in
            let bars = (0..<10).map { bin in
                let count = label.characters.count(in: bin * step..<(bin + 1) * step)
                return BarChart.Bar(
                    name: "\(bin * step)–\((bin + 1) * step - 1)", value: Double(count), label: Figures.count(count),
                    color: index % 8)
            }
            let words = label.words
            let note =
                "<p class=\"note\">Half of the texts have at most \(label.characters.percentile(0.5)) characters and "
                + "\(words.percentile(0.5)) words; the longest has \(Figures.count(label.characters.largest)) characters.</p>"
            return card(
                title(label).htmlEscaped,
                BarChart(bars: bars).markup(label: "Characters of the texts with the label \(title(label))") + note)
        }
        return section(
            "Lengths", "The number of characters of the texts. The charts leave out the few longest texts.",
            "<div class=\"split half\">\(cards.joined(separator: "\n"))</div>")
    }

    private var traits: String {
        let head = shown.map { "<th scope=\"col\">\(title($0).htmlEscaped)</th>" }.joined()
        let rows = TextTrait.allCases.map { trait in
            let cells = shown.map { label in
                "<td>\(Figures.percent(Double(label.traits[trait] ?? 0) / Double(max(label.texts, 1)), 1))</td>"
            }.joined()
            return "<tr><th scope=\"row\">\(trait.title.htmlEscaped)</th>\(cells)</tr>"
        }
        return section(
            "Marks",
            "The share of the texts of each label that have a mark. A large difference between labels helps a model.",
            """
            <div class="card scroll"><table><thead><tr><th scope="col">Texts with</th>\(head)</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """)
    }

    private var telling: String? {
        let cards = shown.enumerated().filter { !$1.telling.isEmpty }.map { index, label in
            let bars = label.telling.map {
                BarChart.Bar(name: $0.text, value: $0.z, label: Figures.count($0.texts), color: index % 8)
            }
            return card(
                title(label).htmlEscaped,
                BarChart(bars: bars).markup(label: "Words that tell the label \(title(label))"))
        }
        guard !cards.isEmpty else { return nil }
        return section(
            "Words that tell the label",
            "Words and pairs of words that occur in one label more often than in the others. The length of a bar is how sure "
                + "this is (the log odds divided by their standard deviation); the number is that of the texts.",
            "<div class=\"split half\">\(cards.joined(separator: "\n"))</div>")
    }

    private var frequent: String {
        let cards = shown.enumerated().map { index, label in
            let bars = label.frequent.map {
                BarChart.Bar(name: $0.text, value: Double($0.texts), label: Figures.count($0.texts), color: index % 8)
            }
            return card(
                title(label).htmlEscaped, BarChart(bars: bars).markup(label: "Frequent words of \(title(label))"))
        }
        return section(
            "Frequent words", "Words and pairs of words by the number of texts that have them.",
            "<div class=\"split half\">\(cards.joined(separator: "\n"))</div>")
    }

    private var scripts: String {
        let bars = data.scripts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map {
            BarChart.Bar(name: $0.key.rawValue, value: Double($0.value), label: Figures.count($0.value))
        }
        return section(
            "Scripts", "The script of most letters of each text.",
            card("Texts", BarChart(bars: bars).markup(label: "Texts of each script")))
    }
}
