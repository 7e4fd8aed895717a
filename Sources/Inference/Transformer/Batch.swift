import Text

/// The tokens of several texts in sequence, without padding.
struct Batch {
    /// The ids of all texts.
    private(set) var ids: [Int32] = []
    /// The position of each text in `ids`, and the number of ids at the end.
    private(set) var starts = [0]

    /// The number of texts.
    var texts: Int { starts.count - 1 }

    /// The positions of the tokens of one text.
    func rows(of text: Int) -> Range<Int> { starts[text]..<starts[text + 1] }

    mutating func append(_ ids: [Int32]) {
        self.ids += ids
        starts.append(self.ids.count)
    }

    mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
    }
}

extension Tokenizer {
    /// Tokenizes texts and groups them into batches that fit into a pass.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - pipeline: Changes each text first.
    ///   - limit: The most tokens of a text.
    ///   - capacity: The most tokens of a batch, at least `limit`.
    ///   - body: Handles one batch, and the encoding of each of its texts.
    func forEachBatch(
        of texts: [String], _ pipeline: TextPipeline, limit: Int, capacity: Int,
        _ body: (Batch, [TokenizedText]) -> Void
    ) {
        var batch = Batch()
        var encodings: [TokenizedText] = []
        for text in texts {
            let encoding = encode(pipeline.apply(to: text), limit: limit)
            if batch.texts > 0, batch.ids.count + encoding.ids.count > capacity {
                body(batch, encodings)
                batch.removeAll()
                encodings.removeAll(keepingCapacity: true)
            }
            batch.append(encoding.ids)
            encodings.append(encoding)
        }
        if batch.texts > 0 { body(batch, encodings) }
    }
}
