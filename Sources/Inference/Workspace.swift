import CKernels

/// Rows of float32 in a buffer; `stride` floats from one to the next.
struct Matrix {
    let start: UnsafeMutablePointer<Float>
    let stride: Int

    /// The same rows from `row` on.
    func from(row: Int) -> Matrix { Matrix(start: start + row * stride, stride: stride) }
}

/// The buffers of one worker, allocated once: a forward pass writes its rows nowhere else.
///
/// Not shared between threads: each worker has its own.
public final class Workspace {
    /// The most tokens, of all texts together, that go through the model at once.
    public let capacity: Int
    /// The threads that work on a pass: at most as many as the workspace was made with.
    public var threads: Int { didSet { precondition((1...team.count).contains(threads)) } }

    private let team: Team
    private let barrier = Barrier()
    let kernels: UnsafePointer<kernels>
    let hidden, residual, query, key, value, context, inner: Matrix
    /// Pooled rows, before and after the head's first layer.
    let pooled, projected: Matrix
    /// Keys and weights of `attention`, once for each thread.
    private let scratch: UnsafeMutablePointer<Float>
    private let scratchCount: Int
    private let q: UnsafeMutablePointer<UInt8>
    private let scale: UnsafeMutablePointer<Float>
    private let zero: UnsafeMutablePointer<Int32>
    private let floats: UnsafeMutableBufferPointer<Float>

    /// - Parameters:
    ///   - width: of the hidden states; `inner` that of the feed-forward layer.
    ///   - heads: a divisor of `width`.
    init(capacity: Int, width: Int, inner innerWidth: Int, heads: Int, threads: Int, instructionSet: InstructionSet) {
        self.capacity = capacity
        kernels = instructionSet.kernels
        let stride = width.roundedUp(to: 16)
        let innerStride = innerWidth.roundedUp(to: 16)
        scratchCount = kernels_attention_scratch(capacity, width / heads)
        self.threads = threads
        team = Team(count: threads)
        floats = .allocate(capacity: capacity * (8 * stride + innerStride + 1) + threads * scratchCount)
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
        scratch = take(threads * scratchCount)
        scale = take(capacity)
    }

    deinit {
        floats.deallocate()
        q.deallocate()
        zero.deallocate()
    }

    /// What one thread does of each step: a part of its rows or columns.
    struct Share {
        let member: Int
        let count: Int
        fileprivate let barrier: Barrier

        init(member: Int, count: Int, barrier: Barrier = Barrier()) {
            (self.member, self.count, self.barrier) = (member, count, barrier)
        }

        /// Ends a step: waits until every thread has done its part.
        func join() { barrier.wait(for: count) }

        /// Whether this thread does what one alone must do.
        var isFirst: Bool { member == 0 }

        /// This thread's part of 0..<`total`, in multiples of `step`.
        func part(of total: Int, step: Int = 1) -> Range<Int> {
            let steps = (total + step - 1) / step
            return min(total, steps * member / count * step)..<min(total, steps * (member + 1) / count * step)
        }
    }

    /// Calls `body` once on each thread, for a whole pass, and returns when all are done.
    ///
    /// One fork a pass and a barrier a step: waking a thread and telling it what to do takes ten times as long as meeting it.
    func inParallel(_ body: @escaping (Share) -> Void) {
        let (threads, barrier) = (threads, barrier)
        guard threads > 1 else { return body(Share(member: 0, count: 1, barrier: barrier)) }
        team.run { member in
            if member < threads { body(Share(member: member, count: threads, barrier: barrier)) }
        }
    }

    /// The scratch of one thread.
    func scratch(of share: Share) -> UnsafeMutablePointer<Float> { scratch + share.member * scratchCount }

    /// Quantizes some rows of `x`, for every layer that reads them next.
    func quantize(_ x: Matrix, rows: Range<Int>, width: Int) {
        var quantized = quantizedRows(rows, width: width)
        kernels.pointee.quantize_rows(&quantized, x.start + rows.lowerBound * x.stride, x.stride, width)
    }

    func quantizedRows(_ rows: Range<Int>, width: Int) -> kernels_q8_rows {
        let (first, stride) = (rows.lowerBound, width.roundedUp(to: 8))
        return kernels_q8_rows(
            q: q + first * stride, scale: scale + first, zero: zero + first, m: rows.count, stride: stride)
    }
}
