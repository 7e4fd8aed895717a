import CKernels
import ModelFile

/// The memory that the passes of one worker write to, and the threads that work on a pass.
///
/// The memory is allocated once. A workspace is never shared: each worker has its own.
final class Workspace {
    /// The most tokens in one pass, counted over all texts.
    let capacity: Int
    let kernels: UnsafePointer<kernels>
    let team: Team
    let quantized: QuantizedRows
    /// Intermediate results of a layer, (tokens, width); `inner` has the width of the feed-forward layers.
    let hidden, residual, query, key, value, context, inner: Matrix
    /// The pooled rows, before and after the dense layer of the head, (texts, width).
    let pooled, projected: Matrix
    /// The keys and weights of `attention`, once for each thread.
    private let scratch: UnsafeMutablePointer<Float>
    private let scratchCount: Int
    private let floats: UnsafeMutableBufferPointer<Float>

    /// Allocates memory for passes of a transformer.
    ///
    /// - Parameters:
    ///   - schema: The sizes of the transformer.
    ///   - options: The most tokens and threads of a pass, and the instruction set.
    init(_ schema: TransformerSchema, _ options: WorkerOptions) {
        capacity = max(options.tokens, schema.maxTokens)
        kernels = options.instructionSet.kernels
        team = Team(count: options.threads)
        let stride = max(schema.width, schema.embeddingWidth).roundedUp(to: 16)
        let innerStride = max(schema.inner, schema.labels).roundedUp(to: 16)
        quantized = QuantizedRows(capacity: capacity, stride: max(stride, innerStride))
        scratchCount = kernels_attention_scratch(capacity, schema.width / schema.heads)
        floats = .allocate(capacity: capacity * (8 * stride + innerStride) + options.threads * scratchCount)

        var next = floats.baseAddress.unsafelyUnwrapped
        func take(_ count: Int) -> UnsafeMutablePointer<Float> {
            defer { next += count }
            return next
        }
        hidden = Matrix(start: take(capacity * stride), stride: stride)
        residual = Matrix(start: take(capacity * stride), stride: stride)
        query = Matrix(start: take(capacity * stride), stride: stride)
        key = Matrix(start: take(capacity * stride), stride: stride)
        value = Matrix(start: take(capacity * stride), stride: stride)
        context = Matrix(start: take(capacity * stride), stride: stride)
        pooled = Matrix(start: take(capacity * stride), stride: stride)
        projected = Matrix(start: take(capacity * stride), stride: stride)
        inner = Matrix(start: take(capacity * innerStride), stride: innerStride)
        scratch = take(options.threads * scratchCount)
    }

    deinit { floats.deallocate() }

    /// The scratch memory of one thread.
    func scratch(of share: Share) -> UnsafeMutablePointer<Float> { scratch + share.member * scratchCount }
}
