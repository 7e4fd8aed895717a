/// The two vectors of each word that word2vec learns: one for the word as context, which is the result, and one for the
/// word as what is predicted.
///
/// The rows are padded with zeros to a multiple of 16 numbers.
final class VectorTables {
    let stride: Int
    let rows: Int
    /// The vectors of words, (rows, stride).
    let input: UnsafeMutablePointer<Float>
    /// The vectors of words as neighbours, (rows, stride).
    let output: UnsafeMutablePointer<Float>

    /// Creates the tables: random numbers for the context, and zeros for what is predicted.
    init(rows: Int, width: Int, _ random: inout SplitMix64) {
        self.rows = rows
        stride = (width + 15) / 16 * 16
        (input, output) = (Self.zeros(rows * stride), Self.zeros(rows * stride))
        for row in 0..<rows {
            for column in 0..<width {
                let unit = Float(random.next() >> 40) * 0x1p-24
                input[row * stride + column] = (unit - 0.5) / Float(width)
            }
        }
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
        let floats = memory.bindMemory(to: Float.self, capacity: count)
        floats.initialize(repeating: 0, count: count)
        return floats
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }
}
