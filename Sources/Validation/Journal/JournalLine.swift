public import Feedback
public import JSON
import Reports

/// One line of the journal.
public enum JournalLine: Equatable, Sendable {
    /// Work began on these reports.
    case opening(Opening)
    /// An annotator has decided, or has taken a decision back.
    case entry(JournalEntry)
}

/// What the work on some reports began with.
public struct Opening: Equatable, Sendable {
    /// A file or folder with reports.
    public struct Source: Hashable, Sendable {
        /// Its path, as the user gave it.
        public var path: String
        /// The digest of the file; of a folder, that of its reports as `feedback export` writes them.
        public var digest: String
        /// The number of its reports.
        public var records: Int

        /// Creates a source.
        ///
        /// - Parameters:
        ///   - path: Its path.
        ///   - digest: The SHA-256 in hexadecimal digits.
        ///   - records: The number of its reports.
        public init(path: String, digest: String, records: Int) {
            (self.path, self.digest, self.records) = (path, digest, records)
        }
    }

    /// The files and folders.
    public var sources: [Source]
    /// The digest of the model whose answers were shown, or nil.
    public var model: String?

    /// Creates an opening.
    ///
    /// - Parameters:
    ///   - sources: The files and folders.
    ///   - model: The digest of the model.
    public init(sources: [Source], model: String?) { (self.sources, self.model) = (sources, model) }
}

/// A decision, with the report that it is about, so that the journal needs no other file.
public struct JournalEntry: Equatable, Sendable {
    /// The report.
    public var report: FeedbackRecord
    /// Who decided.
    public var annotator: String
    /// When.
    public var time: FeedbackTime
    /// What is valid from now on.
    public var judgement: Judgement
    /// Whether it settles a disagreement of annotators.
    public var settles = false
    /// Whether it takes back the last decision of the annotator.
    public var undoes = false

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - annotator: Who decided.
    ///   - time: When.
    ///   - judgement: What is valid from now on.
    ///   - settles: Whether it settles a disagreement of annotators.
    ///   - undoes: Whether it takes back the last decision of the annotator.
    public init(
        _ report: FeedbackRecord, annotator: String, time: FeedbackTime, _ judgement: Judgement,
        settles: Bool = false,
        undoes: Bool = false
    ) {
        (self.report, self.annotator, self.time, self.judgement) = (report, annotator, time, judgement)
        (self.settles, self.undoes) = (settles, undoes)
    }
}

extension JournalLine {
    /// The line as JSON.
    public var json: JSON {
        switch self {
        case .opening(let opening):
            return [
                "sources": .array(
                    opening.sources.map {
                        [
                            "path": .string($0.path), "sha256": .string($0.digest),
                            "records": .number(Double($0.records)),
                        ]
                    }), "model": opening.model.map(JSON.string) ?? .null,
            ]
        case .entry(let entry):
            var members: [(String, JSON)] = [
                ("annotator", .string(entry.annotator)), ("decided", .string("\(entry.time)")),
            ]
            switch entry.judgement.verdict {
            case .label(let label): members += [("verdict", .string("label")), ("label", .string(label))]
            case .skipped: members.append(("verdict", .string("skipped")))
            case .rejected: members.append(("verdict", .string("rejected")))
            case .open: members.append(("verdict", .string("open")))
            }
            if !entry.judgement.note.isEmpty { members.append(("note", .string(entry.judgement.note))) }
            if entry.settles { members.append(("settles", .bool(true))) }
            if entry.undoes { members.append(("undoes", .bool(true))) }
            members.append(("report", entry.report.json))
            return .object(members.map { .init(key: $0.0, value: $0.1) })
        }
    }

    /// Reads a line, or returns nil if it is not one of a journal.
    init?(_ json: JSON) {
        let fields = ReportFields(json)
        if case .array(let sources)? = json["sources"] {
            let read: [Opening.Source] = sources.compactMap { source in
                let fields = ReportFields(source)
                guard let path = fields.text("path"), let digest = fields.text("sha256"),
                    let records = fields.text("records").flatMap({ Int($0) })
                else { return nil }
                return .init(path: path, digest: digest, records: records)
            }
            guard read.count == sources.count else { return nil }
            self = .opening(Opening(sources: read, model: fields.text("model")))
            return
        }
        guard let annotator = fields.text("annotator"),
            let time = fields.text("decided").flatMap({ FeedbackTime($0) }),
            let verdict = Verdict(fields), let report = json["report"],
            let record = try? ReportFields(report).record("journal")
        else { return nil }
        self = .entry(
            JournalEntry(
                record, annotator: annotator, time: time,
                Judgement(verdict, note: fields.text("note") ?? ""),
                settles: json["settles"] == .bool(true), undoes: json["undoes"] == .bool(true)))
    }
}

extension Verdict {
    fileprivate init?(_ fields: ReportFields) {
        switch (fields.text("verdict"), fields.text("label")) {
        case ("label", let label?): self = .label(label)
        case ("skipped", _): self = .skipped
        case ("rejected", _): self = .rejected
        case ("open", _): self = .open
        default: return nil
        }
    }
}
