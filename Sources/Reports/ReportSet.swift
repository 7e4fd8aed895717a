public import Feedback

/// Reports of several sources, each one once.
public struct ReportSet: Sendable {
    /// The reports in the order of their times.
    public let records: [FeedbackRecord]
    /// The number of reports that were left out, because they repeat another one.
    public let repeated: Int

    /// Merges reports.
    ///
    /// Reports are the same if they have the same name, or the same text, label and time. The first one stays.
    ///
    /// - Parameter records: The reports of all sources.
    public init(_ records: [FeedbackRecord]) {
        var ids: Set<FeedbackID> = []
        var contents: Set<Content> = []
        var kept: [FeedbackRecord] = []
        for record in records where ids.insert(record.id).inserted {
            if contents.insert(Content(record)).inserted { kept.append(record) }
        }
        self.records = kept.enumerated().sorted { a, b in
            (a.element.time, a.offset) < (b.element.time, b.offset)
        }.map(\.element)
        repeated = records.count - kept.count
    }

    /// What two copies of a report have in common, even if they have different names.
    private struct Content: Hashable {
        let text: String
        let isHash: Bool
        let predicted: String
        let time: FeedbackTime

        init(_ record: FeedbackRecord) {
            switch record.content {
            case .text(let text): (self.text, isHash) = (text, false)
            case .hash(let digits): (text, isHash) = (digits, true)
            }
            (predicted, time) = (record.predicted, record.time)
        }
    }
}
