/// The names of all tensors of a classifier, and those of the base from which they come.
struct BaseTensors {
    private(set) var tensors: [BaseCheckpoint.Tensor] = []
    private let checkpoint: Checkpoint

    init(_ checkpoint: Checkpoint, layers: [Int], labels: Int, keepsClassifier: Bool) {
        self.checkpoint = checkpoint
        let sizes = checkpoint.configuration
        let isDistilled = sizes.architecture == .distilbertClassifier
        let root = isDistilled ? "distilbert." : "bert."
        let hasRoot = checkpoint.shape(of: "\(root)embeddings.word_embeddings.weight") != nil
        func names(_ root: String) -> CheckpointNames {
            isDistilled ? .distilbert(root) : .bert(root, dense: "\(root)pooler.dense")
        }
        let (new, old) = (names(root), names(hasRoot ? root : ""))
        let (width, inner) = (sizes.width, sizes.inner)

        add(new.tokens, old.tokens, [sizes.vocabulary, width])
        add(new.positions, old.positions, [sizes.positions, width])
        if let name = new.segments, let source = old.segments { add(name, source, [sizes.segments, width]) }
        addParts(new.embeddingsNorm, old.embeddingsNorm, [width], [width])
        for (index, layer) in layers.enumerated() {
            let (to, from) = (new.layer(index), old.layer(layer))
            let attention = [(to.query, from.query), (to.key, from.key), (to.value, from.value)]
            for (name, source) in attention { add("\(name).weight", "\(source).weight", [width, width]) }
            for (name, source) in attention { add("\(name).bias", "\(source).bias", [width]) }
            addParts(to.output, from.output, [width, width], [width])
            addParts(to.attentionNorm, from.attentionNorm, [width], [width])
            addParts(to.up, from.up, [inner, width], [inner])
            addParts(to.down, from.down, [width, inner], [width])
            addParts(to.outputNorm, from.outputNorm, [width], [width])
        }
        let hasDense = checkpoint.shape(of: "\(old.dense).weight") == [width, width]
        addParts(new.dense, hasDense ? old.dense : nil, [width, width], [width])
        addParts(new.classifier, keepsClassifier ? old.classifier : nil, [labels, width], [labels])
    }

    private mutating func add(_ name: String, _ source: String?, _ shape: [Int]) {
        tensors.append(.init(name: name, source: source, shape: shape))
    }

    private mutating func addParts(_ name: String, _ source: String?, _ weight: [Int], _ bias: [Int]) {
        add("\(name).weight", source.map { "\($0).weight" }, weight)
        add("\(name).bias", source.map { "\($0).bias" }, bias)
    }
}
