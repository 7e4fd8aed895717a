import Feedback

/// Writes groups of reports to the log, and keeps in mind which names clients have given.
struct FeedbackWriter {
    private let log: FeedbackLog
    /// What the client said, by the name of its report.
    private var known: [FeedbackID: Int] = [:]
    /// The same names in the order of their arrival.
    private var order: [FeedbackID] = []
    /// Whether a report was erased since this was set to false.
    var hasErased = false

    /// The number of names that are kept in mind.
    ///
    /// A repeated report that is older than these is written again, and readers count it once.
    static let memory = 10_000

    init(_ log: FeedbackLog) { self.log = log }

    /// Writes a group with one wait for the disk, and lets its requests go on.
    ///
    /// - Returns: The failure that the whole group had, or nil.
    mutating func write(_ group: [Report]) -> FeedbackFailure? {
        var results: [(Report, Result<Void, FeedbackFailure>)] = []
        var entries: [FeedbackEntry] = []
        var new: [FeedbackID: Int] = [:]
        for report in group {
            if let fingerprint = report.fingerprint {
                if let other = new[report.entry.id] ?? known[report.entry.id] {
                    results.append((report, other == fingerprint ? .success(()) : .failure(.conflict)))
                    continue
                }
                new[report.entry.id] = fingerprint
            }
            entries.append(report.entry)
            results.append((report, .success(())))
        }
        do throws(FeedbackError) {
            if !entries.isEmpty { try log.append(entries) }
        } catch {
            let failure = FeedbackFailure.refused(error)
            for report in group { report.finish(.failure(failure)) }
            return failure
        }
        remember(new)
        if entries.contains(where: { if case .erasure = $0 { true } else { false } }) { hasErased = true }
        for (report, result) in results { report.finish(result) }
        return nil
    }

    private mutating func remember(_ new: [FeedbackID: Int]) {
        known.merge(new) { $1 }
        order += new.keys
        guard order.count > Self.memory else { return }
        for id in order.prefix(order.count - Self.memory) { known[id] = nil }
        order.removeFirst(order.count - Self.memory)
    }
}
