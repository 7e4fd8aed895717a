import Feedback

/// What people who run the function see of its last hour and day.
///
/// It is a plain value, which `Recorder` protects. It never grows beyond a few hundred kilobytes.
struct Activity: Sendable {
    /// One of the latest reports.
    struct Report: Sendable {
        var record: FeedbackRecord
        var isDurable: Bool
    }

    private(set) var minutes = Timeline(slots: 60, seconds: 60)
    private(set) var hours = Timeline(slots: 24, seconds: 3600)
    /// The latest reports, the newest first.
    private(set) var reports: [Report] = []

    static let mostReports = 50
    /// The most characters that are kept of a text or a comment.
    static let longestText = 1000
    /// The most characters that are kept of a label.
    static let longestLabel = 100

    /// Counts an answer, with its latency if it is one of the model.
    mutating func countAnswer(isError: Bool, seconds: Double?, at time: Int) {
        update(at: time) { slot in
            slot.requests += 1
            if isError { slot.errors += 1 }
            if let seconds { slot.latency.add(seconds) }
        }
    }

    /// Counts labels by their numbers.
    mutating func countLabels(_ labels: some Sequence<Int>, at time: Int) {
        update(at: time) { slot in
            for label in labels {
                if slot.labels.count <= label {
                    slot.labels += Array(repeating: 0, count: label + 1 - slot.labels.count)
                }
                slot.labels[label] += 1
            }
        }
    }

    /// Keeps a report in mind.
    ///
    /// A report that is sent again with the same name is kept once.
    mutating func add(_ record: FeedbackRecord, isDurable: Bool) {
        var record = record
        if case .text(let text) = record.content { record.content = .text(String(text.prefix(Self.longestText))) }
        record.predicted = String(record.predicted.prefix(Self.longestLabel))
        record.expected = record.expected.map { String($0.prefix(Self.longestLabel)) }
        record.comment = record.comment.map { String($0.prefix(Self.longestText)) }
        erase(record.id)
        reports.insert(Report(record: record, isDurable: isDurable), at: 0)
        if reports.count > Self.mostReports { reports.removeLast() }
    }

    /// Forgets a report.
    mutating func erase(_ id: FeedbackID) { reports.removeAll { $0.record.id == id } }

    private mutating func update(at time: Int, _ change: (inout Timeline.Slot) -> Void) {
        minutes.update(at: time, change)
        hours.update(at: time, change)
    }
}
