import CKernels

/// Rows of float32 in a buffer; `stride` floats from one to the next.
struct Matrix {
    let start: UnsafeMutablePointer<Float>
    let stride: Int

    /// The same rows from `row` on.
    func from(row: Int) -> Matrix { Matrix(start: start + row * stride, stride: stride) }
}

/// The buffers of one worker, allocated once: a forward pass allocates nothing.
///
/// Not shared between threads: each worker has its own.
public final class Workspace {
    /// The most tokens, of all texts together, that go through the model at once.
    public let capacity: Int

    let kernels: UnsafePointer<kernels>
    let hidden, residual, query, key, value, context, inner: Matrix
    /// Pooled rows, before and after the head's first layer.
    let pooled, projected: Matrix
    /// Keys and weights of `attention`.
    let scratch: UnsafeMutablePointer<Float>
    private let q: UnsafeMutablePointer<UInt8>
    private let scale: UnsafeMutablePointer<Float>
    private let zero: UnsafeMutablePointer<Int32>
    private let floats: UnsafeMutableBufferPointer<Float>

    /// - Parameters:
    ///   - width: of the hidden states; `inner` that of the feed-forward layer.
    ///   - heads: a divisor of `width`.
    init(capacity: Int, width: Int, inner innerWidth: Int, heads: Int, instructionSet: InstructionSet) {
        self.capacity = capacity
        kernels = instructionSet.kernels
        let stride = width.roundedUp(to: 16)
        let innerStride = innerWidth.roundedUp(to: 16)
        let scratchCount = kernels_attention_scratch(capacity, width / heads)
        floats = .allocate(capacity: capacity * (8 * stride + innerStride + 1) + scratchCount)
        q = .allocate(capacity: capacity * max(stride, innerStride))
        zero = .allocate(capacity: capacity)

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
        scratch = take(scratchCount)
        scale = take(capacity)
    }

    deinit {
        floats.deallocate()
        q.deallocate()
        zero.deallocate()
    }

    /// Quantizes the first `rows` rows of `x`, for every layer that reads them next.
    func quantize(_ x: Matrix, rows: Int, width: Int) {
        var quantized = quantizedRows(rows, width: width)
        kernels.pointee.quantize_rows(&quantized, x.start, x.stride, width)
    }

    func quantizedRows(_ rows: Int, width: Int) -> kernels_q8_rows {
        kernels_q8_rows(q: q, scale: scale, zero: zero, m: rows, stride: width.roundedUp(to: 4))
    }
}
