extension SparseMatrix {
    /// Multiplies rows by weights, changes the outputs of each row, and adds the products of the row with them to sums.
    ///
    /// - Parameters:
    ///   - part: The rows.
    ///   - position: The weights, (columns, outputs), followed by the bias of each output.
    ///   - outputs: The number of outputs.
    ///   - sums: Receives the sums in the order of `position`.
    ///   - change: Receives the index of a row and its outputs, which it changes.
    /// - Complexity: O(numbers of the rows · `outputs`).
    @inline(__always)
    func project(
        _ part: Range<Int>, _ position: [Double], outputs: Int, addingTo sums: inout [Double],
        _ change: (_ row: Int, _ outputs: UnsafeMutableBufferPointer<Double>) -> Void
    ) {
        let bias = columnCount * outputs
        withUnsafeTemporaryAllocation(of: Double.self, capacity: outputs) { scores in
            position.withUnsafeBufferPointer { position in
                sums.withUnsafeMutableBufferPointer { sums in
                    forEachRow(in: part) { row, columns, values in
                        for output in 0..<outputs {
                            scores.initializeElement(at: output, to: position[bias + output])
                        }
                        if outputs == 1 {
                            scores[0] += Self.dot(columns, values, position)
                        } else {
                            for index in columns.indices {
                                let (column, number) = (Int(columns[index]) * outputs, Double(values[index]))
                                for output in 0..<outputs { scores[output] += number * position[column + output] }
                            }
                        }
                        change(row, scores)
                        for output in 0..<outputs { sums[bias + output] += scores[output] }
                        if outputs == 1 {
                            let score = scores[0]
                            for index in columns.indices { sums[Int(columns[index])] += Double(values[index]) * score }
                        } else {
                            for index in columns.indices {
                                let (column, number) = (Int(columns[index]) * outputs, Double(values[index]))
                                for output in 0..<outputs { sums[column + output] += number * scores[output] }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The sum of the products of a row with weights, in four sums that do not wait for each other.
    @inline(__always)
    private static func dot(
        _ columns: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Float>,
        _ weights: UnsafeBufferPointer<Double>
    ) -> Double {
        var sums = SIMD4<Double>(repeating: 0)
        let end = columns.count & ~3
        for index in stride(from: 0, to: end, by: 4) {
            for lane in 0..<4 { sums[lane] += Double(values[index + lane]) * weights[Int(columns[index + lane])] }
        }
        for index in end..<columns.count { sums[0] += Double(values[index]) * weights[Int(columns[index])] }
        return sums.sum()
    }

    /// Calls `body` with the index, the columns and the numbers of each row of a range.
    @inline(__always)
    private func forEachRow(
        in part: Range<Int>,
        _ body: (_ row: Int, _ columns: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Float>) -> Void
    ) {
        columns.withUnsafeBufferPointer { columns in
            values.withUnsafeBufferPointer { values in
                for row in part {
                    let range = range(of: row)
                    body(row, .init(rebasing: columns[range]), .init(rebasing: values[range]))
                }
            }
        }
    }
}
