/// An option that may follow the name of a step.
struct StepOption: Sendable {
    /// What is written after the name of the option.
    enum Value: Sendable {
        /// Nothing: the option is either there or not.
        case flag
        /// `=` and a text.
        case text(default: String?)
        /// `=` and a whole number.
        case number(ClosedRange<Int>, default: Int)
        /// `=` and one of several words, of which the first is the default.
        case choice([String])
    }

    /// The name of the option.
    let name: String
    /// What follows the name.
    let value: Value
    /// At most one option of a group may be given; nil for an option that goes with every other.
    let group: String?

    init(_ name: String, _ value: Value, group: String? = nil) {
        self.name = name
        self.value = value
        self.group = group
    }

    /// What has the value if the option is not given, or nil if it has none then.
    var defaultValue: String? {
        switch value {
        case .flag: nil
        case .text(let text): text
        case .number(_, let number): String(number)
        case .choice(let words): words.first
        }
    }

    /// What may be written, in words.
    var expectation: String {
        switch value {
        case .flag: "'\(name)' without a value"
        case .text: "'\(name)=' and a text without commas and control characters"
        case .number(let range, _): "'\(name)=' and a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): "'\(name)=' and one of \(words.joined(separator: ", "))"
        }
    }

    /// Whether `text` may be the value; nil stands for an option without `=`.
    func accepts(_ text: String?) -> Bool {
        guard let text else { if case .flag = value { return true } else { return false } }
        return switch value {
        case .flag: false
        case .text: !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        case .number(let range, _): Int(text).map { range.contains($0) && String($0) == text } ?? false
        case .choice(let words): words.contains(text)
        }
    }
}

/// The options of one step, with the default of each that is not given.
struct StepOptions: Sendable {
    /// The value of each option; a flag that is given has an empty one.
    private var values: [String: String] = [:]

    /// Reads what follows the name of a step.
    ///
    /// - Throws: `TextPipelineError` if an option is unknown, is given twice, has a wrong value, or does not go with
    ///   another.
    init(_ parts: [Substring], of step: String, known: [StepOption]) throws(TextPipelineError) {
        var groups: [String: String] = [:]
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let (name, value) = (pair[0], pair.count > 1 ? pair[1] : nil)
            guard let option = known.first(where: { $0.name == name }) else {
                throw .unknownOption(step: step, option: name, known: known.map(\.name))
            }
            guard option.accepts(value) else {
                throw .invalidOption(step: step, found: String(part), expected: option.expectation)
            }
            guard values.updateValue(value ?? "", forKey: name) == nil else {
                throw .conflictingOptions(step: step, first: name, second: name)
            }
            if let group = option.group, let other = groups.updateValue(name, forKey: group) {
                throw .conflictingOptions(step: step, first: other, second: name)
            }
        }
        for option in known where values[option.name] == nil {
            if let group = option.group, groups[group] != nil { continue }
            values[option.name] = option.defaultValue
        }
    }

    /// Whether the flag or the text is given, or the text has a default.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value of a text or a choice; empty if it is not given.
    func text(_ name: String) -> String { values[name] ?? "" }

    /// The value of a number.
    func number(_ name: String) -> Int { values[name].flatMap { Int($0) } ?? 0 }

    /// The options as they are written after the name of a step, in the order of `known`, with their defaults.
    func written(in known: [StepOption]) -> String {
        known.compactMap { option in
            values[option.name].map { $0.isEmpty ? option.name : "\(option.name)=\($0)" }
        }
        .joined(separator: ",")
    }
}
