import CKernels
import Glibc
import ModelFile

/// The classification head of a transformer: an optional dense layer, then the classifier.
struct Head: Sendable {
    private let kind: TransformerSchema.Head
    private let width: Int
    private let labels: Int
    private let dense: Linear?
    private let classifier: Linear

    /// Opens the head, or returns nil if the schema has none.
    init?(_ file: ModelFile, _ schema: TransformerSchema) throws(ModelFileError) {
        guard let classifier = schema.classifier else { return nil }
        self.classifier = try Linear(file, classifier)
        if let dense = schema.dense { self.dense = try Linear(file, dense) } else { dense = nil }
        kind = schema.head
        width = schema.width
        labels = schema.labels
    }

    /// Computes the logits from the pooled rows that `Transformer.pool` left in the workspace.
    ///
    /// - Returns: The logits of each text, (texts, labels). They are valid until the next pass.
    func logits(of texts: Int, threads: Int, _ workspace: Workspace) -> Matrix {
        guard let dense else {
            classifier(workspace.pooled, rows: texts, into: workspace.inner, workspace)
            return workspace.inner
        }
        workspace.team.run(threads: threads) { share in
            let columns = share.part(of: width, step: 16)
            dense(workspace.pooled, rows: texts, into: workspace.projected, columns: columns, workspace)
        }
        for text in 0..<texts {
            let row = workspace.projected.from(row: text).start
            switch kind {
            case .tanh: for i in 0..<width { row[i] = tanhf(row[i]) }
            case .gelu: workspace.kernels.pointee.gelu(row, width)
            default: for i in 0..<width { row[i] = max(row[i], 0) }
            }
        }
        classifier(workspace.projected, rows: texts, into: workspace.inner, workspace)
        return workspace.inner
    }

    /// One row of logits as an array.
    func values(of logits: Matrix, row: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: logits.from(row: row).start, count: labels))
    }
}
