/// Why a classifier chose a label: the parts of the text, and what each of them added to the logit of the label.
///
/// With two labels, the logit of a label is its logit minus that of the other label.
public struct Explanation: Sendable, Equatable {
    /// How the contributions were found.
    public enum Method: String, Sendable {
        /// The model is a sum, and these are its terms: the bias and the contributions sum to the logit.
        case terms
        /// The contribution of a word is the logit of the text minus the logit of the text without the word.
        ///
        /// The model is not a sum, so the contributions do not sum to the logit.
        case leaveOneOut = "leave-one-out"
    }

    /// A part of the text.
    public struct Part: Sendable, Equatable {
        /// The word or the n-gram, as the model reads it.
        public let text: String
        /// What the part adds to the logit of the label.
        public let contribution: Float
    }

    /// How the contributions were found.
    public let method: Method
    /// The logit of the label.
    public let logit: Float
    /// The part of the logit that does not depend on the text; 0 if the contributions are not terms.
    public let bias: Float
    /// The parts of the text, those with the largest contributions for or against the label first.
    public let parts: [Part]

    init(_ method: Method, logit: Float, bias: Float, parts: [Part]) {
        self.method = method
        self.logit = logit
        self.bias = bias
        self.parts = parts.sorted { abs($0.contribution) > abs($1.contribution) }
    }

    /// The logit of a label; with two labels, minus that of the other one.
    static func logit(of label: Int, in logits: [Float]) -> Float {
        logits.count == 2 ? logits[label] - logits[1 - label] : logits[label]
    }
}
