import Text

/// Examples that have something in common.
public struct ExampleGroup: Equatable, Sendable {
    /// What the examples were grouped by, such as "Length".
    public var group: String
    /// What the examples have in common, such as "1–45 characters".
    public var name: String
    /// The indices of the examples; at least one.
    public var examples: [Int]

    /// Groups texts by what they contain: length, emoji, negation, mentions, hashtags, links, capitals and script.
    ///
    /// - Parameter texts: The text of each example.
    /// - Returns: The groups that have examples. What all texts have in common makes no group.
    public static func traits(of texts: [String]) -> [ExampleGroup] {
        let traits = texts.map(TextTraits.init)
        func either(_ group: String, _ yes: String, _ no: String, _ count: TextCount) -> [ExampleGroup] {
            groups(group, names: [yes, no], of: traits.map { $0.has(count) ? yes : no })
        }
        let lengths = lengthRanges(traits.map(\.length))
        return groups("Length", names: lengths.names, of: lengths.ofExample)
            + either("Emoji", "with emoji", "without emoji", .emoji)
            + either("Negation", "with a negation (English)", "without a negation", .negations)
            + either("Mention", "with a mention", "without a mention", .mentions)
            + either("Hashtag", "with a hashtag", "without a hashtag", .hashtags)
            + either("Link", "with a link", "without a link", .links)
            + either("Capitals", "with a word in capitals", "without a word in capitals", .capitals)
            + groups("Script", names: WritingSystem.allCases.map(\.rawValue), of: traits.map(\.writingSystem.rawValue))
    }

    /// Groups examples by the categories that a user gave to them.
    ///
    /// - Parameter categories: The category of each example, or nil if it has none.
    /// - Returns: One group for each category, in the order of their first examples.
    public static func categories(_ categories: [String?]) -> [ExampleGroup] {
        var examples: [String: [Int]] = [:]
        var names: [String] = []
        for (example, category) in categories.enumerated() {
            guard let category else { continue }
            if examples[category] == nil { names.append(category) }
            examples[category, default: []].append(example)
        }
        return names.map { ExampleGroup(group: "Category", name: $0, examples: examples[$0] ?? []) }
    }

    private static func groups(_ group: String, names: [String], of example: [String]) -> [ExampleGroup] {
        let groups = names.compactMap { name -> ExampleGroup? in
            let examples = example.indices.filter { example[$0] == name }
            return examples.isEmpty ? nil : ExampleGroup(group: group, name: name, examples: examples)
        }
        return groups.count > 1 ? groups : []
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
