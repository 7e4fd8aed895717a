public import Feedback

/// What a model says about a text now.
public struct Opinion: Equatable, Sendable {
    /// A part of the text, and what it adds to the score of the label.
    public struct Reason: Equatable, Sendable {
        /// The word or the n-gram.
        public var text: String
        /// What it adds; below 0 if it speaks against the label.
        public var contribution: Double

        /// Creates a reason.
        ///
        /// - Parameters:
        ///   - text: The word or the n-gram.
        ///   - contribution: What it adds.
        public init(_ text: String, _ contribution: Double) {
            (self.text, self.contribution) = (text, contribution)
        }
    }

    /// The label that the model gives.
    public var label: String
    /// The score of each label, the highest first.
    public var scores: [(label: String, score: Double)]
    /// Whether two opinions are the same.
    public static func == (a: Opinion, b: Opinion) -> Bool {
        a.label == b.label && a.scores.map(\.label) == b.scores.map(\.label)
            && a.scores.map(\.score) == b.scores.map(\.score)
    }

    /// Creates an opinion.
    ///
    /// - Parameters:
    ///   - label: The label that the model gives.
    ///   - scores: The score of each label, in any order.
    public init(label: String, scores: [(label: String, score: Double)]) {
        self.label = label
        self.scores = scores.sorted { ($1.score, $0.label) < ($0.score, $1.label) }
    }

    /// The highest score minus the second one, from 0: how sure the model is.
    public var margin: Double { scores.count < 2 ? 1 : scores[0].score - scores[1].score }
}

/// A report that waits for the decision of an annotator.
public struct ReviewItem: Equatable, Sendable {
    /// The report.
    public let report: FeedbackRecord
    /// Its text.
    public let text: String
    /// What the model says now, if there is one.
    public let opinion: Opinion?
    /// The label that one key confirms, or nil if the report suggests none.
    public let proposal: String?
    /// How sure the model is, from 0 to 1.
    public let margin: Double
    /// Whether the user and the model disagree.
    public let isDisagreement: Bool

    /// Creates an item, or nil if the text of the report was not kept.
    ///
    /// Without a model, the score of the report says how sure the model was: with two labels, the score and its
    /// complement to 1 are those of both labels.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - labels: All labels. With two of them, a wrong label means the other one.
    ///   - opinion: What a model says now.
    public init?(_ report: FeedbackRecord, labels: [String], opinion: Opinion?) {
        guard case .text(let text) = report.content else { return nil }
        let isWrong = report.isCorrect == false
        let others = labels.filter { $0 != report.predicted }
        let implied = isWrong && labels.count == 2 && others.count == 1 ? others[0] : nil
        let users = report.expected ?? implied
        (self.report, self.text, self.opinion) = (report, text, opinion)
        proposal = (users ?? (isWrong ? nil : report.predicted)).flatMap {
            labels.contains($0) ? $0 : nil
        }
        margin = opinion?.margin ?? min(1, abs(2 * report.score - 1))
        let models = opinion?.label ?? report.predicted
        isDisagreement = users.map { $0 != models } ?? (isWrong && models == report.predicted)
    }
}
