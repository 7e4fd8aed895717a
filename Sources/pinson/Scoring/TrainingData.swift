import Training

/// Labelled texts to learn from, and others to measure on.
struct TrainingData {
    /// What happens to a text that occurs with several labels.
    enum Conflict: String, CaseIterable {
        /// All of them are learned.
        case keep
        /// All of them get the most frequent label; the first one in the file decides a tie.
        case majority
        /// None of them is learned.
        case drop
    }

    /// Texts, with the indices of their classes.
    struct Part {
        var texts: [String] = []
        var labels: [Int] = []
        var count: Int { texts.count }
    }

    /// The names of the classes, in the order of their indices.
    let labels: [String]
    var training = Part()
    var heldOut = Part()
    /// What was found in the data and what was done about it, one sentence each.
    private(set) var notes: [String] = []

    /// Reads and divides the texts.
    ///
    /// Texts of white space only are left out. A text to measure on that is also a text to learn from is not learned.
    ///
    /// - Parameters:
    ///   - path: The file to learn from.
    ///   - validation: The file to measure on, or nil to hold out a part of the first file.
    ///   - holdOut: The share of the texts to hold out.
    ///   - seed: Chooses the texts to hold out.
    ///   - conflict: What happens to a text that occurs with several labels.
    ///   - read: Reads the labelled texts of a file.
    /// - Throws: `DataError` if a file cannot be read or has a label that the other file does not have, and
    ///   `TrainingDataError` if there are too few texts or classes.
    init(
        _ path: String, validation: String?, holdOut: Double, seed: UInt64, _ conflict: Conflict,
        _ read: (String) throws -> [Tweet]
    ) throws {
        let all = try read(path)
        let tweets = all.filter { !$0.text.allSatisfy(\.isWhitespace) }
        guard !tweets.isEmpty else { throw DataError.noTweets(path: path) }
        if tweets.count < all.count { notes.append("\(path): empty texts, left out: \(all.count - tweets.count)") }
        labels = Set(tweets.compactMap(\.label)).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        guard labels.count > 1 else { throw TrainingDataError.oneClass(path: path, label: labels.first ?? "") }
        var part = try Self.part(tweets, labels, path)
        resolve(&part, conflict, path)
        if let validation {
            heldOut = try Self.part(read(validation), labels, validation)
            let known = Set(heldOut.texts)
            let kept = part.texts.indices.filter { !known.contains(part.texts[$0]) }
            if kept.count < part.count {
                notes.append("\(path): texts that are in \(validation) too, left out: \(part.count - kept.count)")
            }
            training = part.selecting(kept)
        } else {
            let split = Split(part.texts, part.labels, share: holdOut, seed: seed)
            (training, heldOut) = (part.selecting(split.training), part.selecting(split.heldOut))
        }
        try requireEnough(path)
    }

    /// Holds out a part of the texts to learn from, instead of the texts that were held out.
    ///
    /// - Parameters:
    ///   - share: The share of the texts to hold out.
    ///   - other: The texts.
    ///   - seed: Chooses the texts to hold out.
    /// - Throws: `TrainingDataError` if a class has too few texts.
    init(holdingOut share: Double, of other: TrainingData, seed: UInt64) throws {
        labels = other.labels
        let split = Split(other.training.texts, other.training.labels, share: share, seed: seed)
        (training, heldOut) = (other.training.selecting(split.training), other.training.selecting(split.heldOut))
        try requireEnough("the texts to learn from")
    }

    private func requireEnough(_ path: String) throws {
        for (index, label) in labels.enumerated() {
            let counts = [training, heldOut].map { part in part.labels.count { $0 == index } }
            guard counts.allSatisfy({ $0 >= 2 }) else {
                throw TrainingDataError.tooFewTexts(path: path, label: label, count: counts.reduce(0, +))
            }
        }
    }

    /// Handles texts that occur with several labels, and notes how many there are.
    private mutating func resolve(_ part: inout Part, _ conflict: Conflict, _ path: String) {
        let conflicts = LabelConflicts(part.texts, part.labels)
        guard conflicts.count > 0 else { return }
        var action = "all kept; see --on-conflict"
        switch conflict {
        case .keep: break
        case .majority:
            part.labels = conflicts.majority(part.texts, part.labels)
            action = "each with its most frequent label"
        case .drop:
            part = part.selecting(conflicts.indicesWithout(part.texts))
            action = "left out"
        }
        notes.append("\(path): different texts that occur with several labels, \(action): \(conflicts.count)")
    }

    private static func part(_ tweets: [Tweet], _ labels: [String], _ path: String) throws -> Part {
        let indices = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var part = Part()
        for tweet in tweets {
            guard let name = tweet.label, let label = indices[name] else {
                throw DataError.unknownLabel(path: path, line: tweet.line, label: tweet.label ?? "", known: labels)
            }
            guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw TrainingDataError.controlCharacter(path: path, line: tweet.line, label: name)
            }
            part.texts.append(tweet.text)
            part.labels.append(label)
        }
        return part
    }
}

extension TrainingData.Part {
    /// Some of the texts.
    fileprivate func selecting(_ indices: [Int]) -> Self {
        Self(texts: indices.map { texts[$0] }, labels: indices.map { labels[$0] })
    }
}
