import CKernels
import ModelFile

/// The quantized form of the rows that the next products read.
///
/// The values are uint8, with a scale and a zero point for each row.
final class QuantizedRows {
    private let q: UnsafeMutablePointer<UInt8>
    private let scale: UnsafeMutablePointer<Float>
    private let zero: UnsafeMutablePointer<Int32>

    /// Allocates room for `capacity` rows of `stride` values.
    init(capacity: Int, stride: Int) {
        q = .allocate(capacity: capacity * stride)
        scale = .allocate(capacity: capacity)
        zero = .allocate(capacity: capacity)
    }

    deinit {
        q.deallocate()
        scale.deallocate()
        zero.deallocate()
    }

    /// Quantizes some rows of `x`, (rows, width), for all layers that read them next.
    func quantize(_ x: Matrix, rows: Range<Int>, width: Int, _ kernels: UnsafePointer<kernels>) {
        var quantized = self.rows(rows, width: width)
        kernels.pointee.quantize_rows(&quantized, x.start + rows.lowerBound * x.stride, x.stride, width)
    }

    /// The rows as the kernels take them.
    func rows(_ rows: Range<Int>, width: Int) -> kernels_q8_rows {
        let (first, stride) = (rows.lowerBound, width.roundedUp(to: 8))
        return kernels_q8_rows(
            q: q + first * stride, scale: scale + first, zero: zero + first, m: rows.count, stride: stride)
    }
}
