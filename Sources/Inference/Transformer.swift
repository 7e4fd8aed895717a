import CKernels
import Glibc
import ModelFile

/// BERT and DistilBERT: an encoder of identical layers, pooled into one row per text, with a head on top.
///
/// The forward pass takes the tokens of several texts one behind the other, without padding: a linear layer works on
/// all rows at once, attention on the rows of one text, and every row is computed from its own text alone, so that
/// an answer has the same bits whatever batch it arrives in.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805; Sanh et al. 2019, arXiv:1910.01108.
struct Transformer: Sendable {
    /// Sizes, as the file's metadata has them.
    struct Shape: Sendable, Equatable {
        var vocabulary: Int
        var width: Int
        var layers: Int
        var heads: Int
        var inner: Int
        var maxTokens: Int
        var labels: Int
    }

    enum Pooling: String, Sendable { case first, mean }

    /// What stands between the pooled row and the classifier; `none` where there is no classifier.
    enum Head: String, Sendable { case tanh, relu, none }

    let shape: Shape
    let pooling: Pooling
    let head: Head
    private let epsilon: Float
    private let embeddings: Embeddings
    private let layers: [Layer]
    private let pooler: Linear?
    private let classifier: Linear?

    init(_ file: ModelFile, labels: Int, maxTokens: Int) throws(ModelFileError) {
        let metadata = file.metadata
        let prefix = "pinson.transformer"
        shape = Shape(
            vocabulary: try metadata.integer("\(prefix).vocabulary", in: 1...(1 << 24)),
            width: try metadata.integer("\(prefix).width", in: 1...(1 << 14)),
            layers: try metadata.integer("\(prefix).layers", in: 1...256),
            heads: try metadata.integer("\(prefix).heads", in: 1...256),
            inner: try metadata.integer("\(prefix).inner", in: 1...(1 << 16)),
            maxTokens: maxTokens, labels: labels)
        guard shape.width % shape.heads == 0 else {
            throw .invalid(
                path: file.path, reason: "its width \(shape.width) is no multiple of its \(shape.heads) heads")
        }
        epsilon = try metadata.float("\(prefix).epsilon")
        guard epsilon.isFinite, epsilon >= 0 else {
            throw .invalid(path: file.path, reason: "its epsilon is \(epsilon), expected 0 or more")
        }
        pooling = try file.choice("\(prefix).pooling")
        head = try file.choice("\(prefix).head")
        embeddings = try Embeddings(file, shape)
        var layers: [Layer] = []
        for index in 0..<shape.layers { layers.append(try Layer(file, "layer.\(index)", shape)) }
        self.layers = layers
        pooler = head == .none ? nil : try Linear(file, "pooler", inputs: shape.width, outputs: shape.width)
        classifier = head == .none ? nil : try Linear(file, "classifier", inputs: shape.width, outputs: labels)
    }

    func makeWorkspace(tokens: Int, threads: Int, _ instructionSet: InstructionSet) -> Workspace {
        Workspace(
            capacity: max(tokens, shape.maxTokens), width: shape.width, inner: max(shape.inner, shape.labels),
            heads: shape.heads, threads: threads, instructionSet: instructionSet)
    }

    /// Called with each intermediate result of a forward pass: its name, rows and width.
    typealias Observer = (_ name: String, _ values: Matrix, _ rows: Int, _ width: Int) -> Void

    /// Pools each text into one row of `workspace.pooled`.
    ///
    /// - Parameters:
    ///   - ids: of all texts, one behind the other; each in 0..<vocabulary, at most `workspace.capacity`.
    ///   - starts: where each text starts in `ids`, and the count of `ids` at the end.
    ///   - observe: if given, the last layer computes all rows, also those that pooling leaves out.
    func pool(_ ids: [Int32], starts: [Int], _ workspace: Workspace, observe: Observer? = nil) {
        precondition(ids.count <= workspace.capacity, "\(ids.count) tokens, room for \(workspace.capacity)")
        let texts = starts.count - 1
        withoutActuallyEscaping(observe ?? { _, _, _, _ in }) { observer in
            let observe = observe == nil ? nil : observer
            workspace.inParallel { share in encode(ids, starts: starts, share, workspace, observe: observe) }
        }
        for text in 0..<texts {
            let pooled = workspace.pooled.from(row: text)
            switch pooling {
            case .first:
                let row = observe == nil ? text : starts[text]
                pooled.start.update(from: workspace.hidden.from(row: row).start, count: shape.width)
            case .mean:
                mean(of: workspace.hidden.from(row: starts[text]), rows: starts[text + 1] - starts[text], into: pooled)
            }
        }
    }

    /// One thread's part of all layers.
    private func encode(
        _ ids: [Int32], starts: [Int], _ share: Workspace.Share, _ workspace: Workspace, observe: Observer?
    ) {
        let part = share.part(of: ids.count)
        embeddings(ids, starts: starts, part: part, epsilon: epsilon, into: workspace.hidden, workspace)
        layers[0].prepare(part, workspace)
        share.join()
        if share.isFirst { observe?("hidden.0", workspace.hidden, ids.count, shape.width) }
        for (index, layer) in layers.enumerated() {
            // Beyond the keys and values of the last layer, only the row that is pooled counts.
            let isLast = index == layers.count - 1
            let firstOnly = pooling == .first && isLast && observe == nil
            let observeLayer: Observer? = observe.map { observe in { observe("\($0).\(index)", $1, $2, $3) } }
            layer(
                starts: starts, firstOnly: firstOnly, heads: shape.heads, epsilon: epsilon,
                next: isLast ? nil : layers[index + 1], share, workspace, observe: observeLayer)
            if share.isFirst {
                let rows = firstOnly ? starts.count - 1 : ids.count
                observe?("hidden.\(index + 1)", workspace.hidden, rows, shape.width)
            }
        }
    }

    /// The logits of each text, (texts, labels), from what `pool` left.
    func classify(texts: Int, _ workspace: Workspace) -> Matrix {
        guard let pooler, let classifier else { preconditionFailure("a model without a head has no logits") }
        workspace.inParallel { share in
            let columns = share.part(of: shape.width, step: 16)
            pooler(workspace.pooled, rows: texts, into: workspace.projected, columns: columns, workspace)
        }
        for text in 0..<texts {
            let row = workspace.projected.from(row: text).start
            for i in 0..<shape.width { row[i] = head == .tanh ? tanhf(row[i]) : max(row[i], 0) }
        }
        classifier(workspace.projected, rows: texts, into: workspace.inner, workspace)
        return workspace.inner
    }

    private func mean(of rows: Matrix, rows count: Int, into out: Matrix) {
        for i in 0..<shape.width {
            var sum: Float = 0
            for row in 0..<count { sum += rows.start[row * rows.stride + i] }
            out.start[i] = sum / Float(count)
        }
    }
}

extension ModelFile {
    /// The metadata string `key` as a case of `T`.
    func choice<T: RawRepresentable<String>>(_ key: String) throws(ModelFileError) -> T {
        let name = try metadata.string(key)
        guard let choice = T(rawValue: name) else {
            throw .invalid(path: path, reason: "'\(key)' is '\(name)', which this build does not know")
        }
        return choice
    }
}
