public import Text

/// A learned lexicon: the valences of its words, and the layer that turns compounds into outputs.
public struct TrainedLexicon: Sendable {
    /// The steps that change a text before it is split.
    public let pipeline: TextPipeline
    /// The valences, (words, outputs).
    public let valences: [Float]
    /// The weights of the layer, (compounds, outputs).
    public private(set) var weights: [Double]
    /// The number that is added to each output.
    public private(set) var bias: [Double]
    private let vocabulary: NgramVocabulary

    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public var outputCount: Int { bias.count }

    /// The hash of each word, in ascending order.
    public var hashes: [UInt64] { vocabulary.hashes }

    static let parts = 16

    /// Learns the layer by a logistic regression on the compounds of texts.
    init(
        _ pipeline: TextPipeline, _ vocabulary: NgramVocabulary, _ valences: [Float], _ texts: [String],
        _ labels: [Int], classes: Int
    ) {
        self.pipeline = pipeline
        self.vocabulary = vocabulary
        self.valences = valences
        let outputs = classes == 2 ? 1 : classes
        (weights, bias) = ([], Array(repeating: 0, count: outputs))
        var rows = SparseMatrix(columnCount: outputs)
        for (index, compound) in compounds(of: texts).enumerated() {
            rows.append(compound, column: Int32(index % outputs))
            if index % outputs == outputs - 1 { rows.endRow() }
        }
        let (model, _) = LinearTrainer(.logistic, c: 1).train(rows, labels, classes: classes)
        (weights, bias) = (model.weights, model.bias)
    }

    /// The outputs for each text, (texts, outputs).
    ///
    /// - Parameter texts: The texts.
    /// - Returns: The outputs of all texts, one text after the other.
    public func outputs(of texts: [String]) -> [Double] {
        let compounds = compounds(of: texts)
        return texts.indices.flatMap { text in
            bias.indices.map { output in
                bias.indices.reduce(bias[output]) {
                    $0 + Double(compounds[text * outputCount + $1]) * weights[$1 * outputCount + output]
                }
            }
        }
    }

    /// Multiplies all outputs by the factor of a calibration, and adds its offset.
    ///
    /// - Parameter calibration: The calibration.
    public mutating func calibrate(_ calibration: Calibration) {
        Vector.scale(&weights, by: calibration.factor)
        calibration.apply(to: &bias)
    }

    /// The compound of each text for each output, (texts, outputs).
    private func compounds(of texts: [String]) -> [Float] {
        let outputs = outputCount
        let parts = inParallel(texts.count, parts: Self.parts) { range in
            var (compounds, entries): ([Float], [Int]) = ([], [])
            Self.scan(texts, range, pipeline) { _, text in
                entries.removeAll(keepingCapacity: true)
                for word in text.words { entries.append(Int(vocabulary.feature(of: word.hash))) }
                for output in 0..<outputs {
                    compounds.append(text.compound { entries[$0] < 0 ? 0 : valences[entries[$0] * outputs + output] })
                }
            }
            return compounds
        }
        return parts.flatMap(\.self)
    }

    /// Calls `body` with the words of each text of a range.
    static func scan(
        _ texts: [String], _ range: Range<Int>, _ pipeline: TextPipeline,
        _ body: (_ index: Int, _ text: LexiconText) -> Void
    ) {
        var (buffer, text) = (TextBuffer(), LexiconText())
        for index in range {
            buffer.load(texts[index])
            pipeline.apply(to: &buffer)
            text.scan(buffer)
            body(index, text)
        }
    }
}
