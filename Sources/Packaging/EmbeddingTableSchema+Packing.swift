import ModelFile

extension EmbeddingTableSchema {
    /// The tensors of a table.
    ///
    /// A number is rounded to the nearest integer times the factor, and the largest number of a row, or of the table,
    /// becomes 127.
    ///
    /// - Parameters:
    ///   - hashes: The hash of each row, in ascending order.
    ///   - values: The numbers, (rows, width).
    /// - Returns: The tensors, in file order.
    func newTensors(_ hashes: [UInt64], _ values: [Float]) -> [ModelFile.NewTensor] {
        let rows = values.count / width
        let quantized =
            scaling == .row
            ? QuantizedRows(values, rows: rows, columns: width)
            : QuantizedRows(values, rows: 1, columns: values.count)
        let integers = quantized.values.map { UInt8(bitPattern: $0) }
        return table.newTensors(hashes) + [
            .init(weight) { padded(integers, to: weight.byteCount) },
            .init(scale) { padded(littleEndianBytes(quantized.scales), to: scale.byteCount) },
        ]
    }
}
