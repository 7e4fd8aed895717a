/// The name of a file of the outbox.
///
/// - `00000007.alert`: the alert with the number 7.
/// - `00000007.email.2.lease`: somebody sends it through the channel `email`, for the second time.
/// - `00000007.email.2.failed`: this attempt has failed.
/// - `00000007.email.done`: it was sent, or given up.
struct OutboxName: Equatable {
    /// What a file says.
    enum Kind: Equatable {
        case alert
        case lease(channel: String, attempt: Int)
        case failed(channel: String, attempt: Int)
        case done(channel: String)
    }

    let number: Int
    let kind: Kind

    init(_ number: Int, _ kind: Kind) { (self.number, self.kind) = (number, kind) }

    /// Reads a name, or returns nil if a file with this name is not part of the outbox.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, let last = parts.last, let number = Int(first), number > 0 else { return nil }
        switch (parts.count, last) {
        case (2, "alert"): self.init(number, .alert)
        case (3, "done"): self.init(number, .done(channel: parts[1]))
        case (4, "lease"), (4, "failed"):
            guard let attempt = Int(parts[2]), attempt > 0 else { return nil }
            self.init(
                number,
                last == "lease"
                    ? .lease(channel: parts[1], attempt: attempt) : .failed(channel: parts[1], attempt: attempt))
        default: return nil
        }
        guard file == name else { return nil }
    }

    /// The name of the file.
    var file: String {
        let digits = String(number)
        let prefix = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
        return switch kind {
        case .alert: "\(prefix).alert"
        case .lease(let channel, let attempt): "\(prefix).\(channel).\(attempt).lease"
        case .failed(let channel, let attempt): "\(prefix).\(channel).\(attempt).failed"
        case .done(let channel): "\(prefix).\(channel).done"
        }
    }
}
