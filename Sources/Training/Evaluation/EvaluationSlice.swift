import Text

/// The quality of a model on the examples that have something in common.
public struct EvaluationSlice: Codable, Equatable, Sendable {
    /// What the examples were grouped by, such as "Length".
    public var group: String
    /// What the examples of this slice have in common, such as "1–45 characters".
    public var name: String
    /// The number of examples.
    public var count: Int
    /// The share of right answers.
    public var accuracy: Double
    /// The interval of the accuracy at a level of 95 %, by the method of Wilson.
    public var interval: Interval
    /// The mean F1 value of the labels that occur in the slice, as true or as predicted label.
    public var macroF1: Double

    /// Measures some of the examples.
    ///
    /// - Parameters:
    ///   - group: What the examples were grouped by.
    ///   - name: What the examples have in common.
    ///   - predictions: The predictions of all examples.
    ///   - examples: The indices of the slice's examples; at least one.
    public init(group: String, name: String, _ predictions: Predictions, examples: [Int]) {
        precondition(!examples.isEmpty)
        var confusion = predictions.labels.map { _ in predictions.labels.map { _ in 0 } }
        for example in examples { confusion[predictions.truth[example]][predictions.predicted[example]] += 1 }
        let metrics = Metrics(labels: predictions.labels, confusion: confusion)
        let occurring = metrics.perLabel.indices.filter { label in
            metrics.perLabel[label].support > 0 || confusion.contains { $0[label] > 0 }
        }
        self.group = group
        self.name = name
        count = examples.count
        accuracy = metrics.accuracy
        interval = Interval(share: examples.count(where: predictions.isRight), of: examples.count)
        macroF1 = occurring.reduce(0) { $0 + metrics.perLabel[$1].f1 } / Double(occurring.count)
    }
}

extension EvaluationSlice {
    /// Measures the slices that follow from the texts: length, emoji, negation, mentions, hashtags, links, capitals and
    /// script.
    ///
    /// - Parameters:
    ///   - predictions: The predictions.
    ///   - texts: The text of each example.
    /// - Returns: The slices that have examples, group by group. A group with one slice is left out, because this slice
    ///   is the whole.
    public static func all(_ predictions: Predictions, texts: [String]) -> [EvaluationSlice] {
        precondition(texts.count == predictions.count)
        let traits = texts.map(TextTraits.init)
        func either(_ group: String, _ yes: String, _ no: String, _ count: TextCount) -> [EvaluationSlice] {
            slices(group, predictions, names: [yes, no], of: traits.map { $0.has(count) ? yes : no })
        }
        let lengths = lengthRanges(traits.map(\.length))
        return slices("Length", predictions, names: lengths.names, of: lengths.ofExample)
            + either("Emoji", "with emoji", "without emoji", .emoji)
            + either("Negation", "with a negation (English)", "without a negation", .negations)
            + either("Mention", "with a mention", "without a mention", .mentions)
            + either("Hashtag", "with a hashtag", "without a hashtag", .hashtags)
            + either("Link", "with a link", "without a link", .links)
            + either("Capitals", "with a word in capitals", "without a word in capitals", .capitals)
            + slices(
                "Script", predictions, names: WritingSystem.allCases.map(\.rawValue),
                of: traits.map(\.writingSystem.rawValue))
    }

    /// Measures the categories that a user gave to the examples.
    ///
    /// - Parameters:
    ///   - predictions: The predictions.
    ///   - categories: The category of each example, or nil if it has none.
    /// - Returns: One slice for each category, in the order of their first examples.
    public static func categories(_ predictions: Predictions, _ categories: [String?]) -> [EvaluationSlice] {
        precondition(categories.count == predictions.count)
        var examples: [String: [Int]] = [:]
        var names: [String] = []
        for (example, category) in categories.enumerated() {
            guard let category else { continue }
            if examples[category] == nil { names.append(category) }
            examples[category, default: []].append(example)
        }
        return names.map { name in
            EvaluationSlice(group: "Category", name: name, predictions, examples: examples[name] ?? [])
        }
    }

    private static func slices(
        _ group: String, _ predictions: Predictions, names: [String], of example: [String]
    ) -> [EvaluationSlice] {
        let slices = names.compactMap { name -> EvaluationSlice? in
            let examples = example.indices.filter { example[$0] == name }
            return examples.isEmpty
                ? nil : EvaluationSlice(group: group, name: name, predictions, examples: examples)
        }
        return slices.count > 1 ? slices : []
    }

    /// Divides lengths into quarters of about equal size; equal lengths are in the same quarter.
    private static func lengthRanges(_ lengths: [Int]) -> (names: [String], ofExample: [String]) {
        let sorted = lengths.sorted()
        let ends = (1...4).compactMap { sorted.isEmpty ? nil : sorted[max($0 * sorted.count / 4 - 1, 0)] }
        let quarters = lengths.map { length in ends.firstIndex { length <= $0 } ?? 3 }
        let names = ends.indices.map { quarter in
            let own = lengths.indices.filter { quarters[$0] == quarter }.map { lengths[$0] }
            guard let least = own.min(), let most = own.max() else { return "" }
            return least == most ? "\(least) characters" : "\(least)–\(most) characters"
        }
        return (names.filter { !$0.isEmpty }, quarters.map { names[$0] })
    }
}
