import CKernels
import ModelFile

/// The vectors of words in the mapped file, as floats or as integers with a factor for each row.
struct WordVectors: Sendable {
    let width: Int
    private let weights: Tensor
    private let scales: Tensor?

    init(_ file: ModelFile, _ schema: RecurrentSchema) throws(ModelFileError) {
        width = schema.width
        weights = try file.tensor(schema.vectors)
        scales = schema.isQuantized ? try file.tensor(schema.vectorScale) : nil
    }

    /// Copies rows for a product: integers as they are, into the quantized rows, and floats into `x`.
    ///
    /// The integers need no rounding, because a quantized row has a factor and a zero point of its own: 128 for them all.
    ///
    /// - Parameters:
    ///   - ids: The rows of the table.
    ///   - places: The row to write for each of them.
    ///   - x: Receives floats, (rows, width).
    ///   - quantized: Receives integers.
    func copy(_ ids: [Int32], to places: [Int], _ x: Matrix, _ quantized: QuantizedRows) {
        guard let scales else {
            let from = weights.address(of: Float.self)
            for (id, place) in zip(ids, places) {
                x.from(row: place).start.update(from: from + Int(id) * width, count: width)
            }
            return
        }
        let (from, scale) = (weights.address(of: Int8.self), scales.address(of: Float.self))
        let rows = quantized.rows(0..<ids.count, width: width)
        for (id, place) in zip(ids, places) {
            let (row, values) = (rows.q + place * rows.stride, from + Int(id) * width)
            for index in 0..<width { row[index] = UInt8(bitPattern: values[index]) ^ 0x80 }
            for index in width..<rows.stride { row[index] = 0x80 }
            rows.scale[place] = scale[Int(id)]
            rows.zero[place] = 128
        }
    }
}
