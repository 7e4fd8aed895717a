/// The versions that were champion, the oldest first, as a tag of the registered model keeps them.
///
/// The history is written after the champion has changed. If a program is stopped in between, the history is one step
/// behind, so the champion of today is always looked up in it, and never taken from its end.
struct ChampionHistory: Equatable {
    /// The largest number of versions that are kept.
    private static let limit = 100

    /// The numbers of the versions.
    private(set) var versions: [String]

    /// Reads the value of a tag; nil is an empty history.
    init(_ text: String?) {
        versions = (text ?? "").split(separator: " ").filter { Int($0) != nil }.map(String.init)
    }

    /// The value of the tag.
    var text: String { versions.joined(separator: " ") }

    /// The history up to the champion of today, which is the last one.
    private func until(_ current: String?) -> [String] {
        guard let current else { return versions }
        if let index = versions.lastIndex(of: current) { return Array(versions[...index]) }
        return versions + [current]  // another program made it the champion
    }

    /// The versions that were champion before the one of today, the latest first.
    func before(_ current: String?) -> [String] {
        let past = until(current)
        return Array((current == nil ? past : past.dropLast()).reversed()).filter { $0 != current }
    }

    /// Adds a new champion after the one of today.
    mutating func append(_ new: String, after current: String?) {
        versions = Array((until(current) + [new]).suffix(Self.limit))
    }

    /// Goes back to an earlier champion.
    mutating func goBack(to earlier: String, from current: String?) {
        let past = until(current).dropLast(current == nil ? 0 : 1)
        versions = past.lastIndex(of: earlier).map { Array(past[...$0]) } ?? [earlier]
    }
}
