/// An array of floating-point numbers, as `numpy.save` writes it.
///
/// - Source: `numpy.lib.format` of NumPy, "The .npy format", versions 1 to 3.
struct NumPyArray {
    /// The extents, outermost first.
    let shape: [Int]
    /// The elements, row-major.
    let values: [Double]

    /// Reads an array.
    ///
    /// - Parameter bytes: The file.
    /// - Throws: A `Problem` if this is not an array of float64 or float32 in row-major order.
    init(_ bytes: [UInt8]) throws(Problem) {
        guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
            throw "is not an array of NumPy"
        }
        guard (1...3).contains(bytes[6]) else { throw "has the version \(bytes[6]) of NumPy's format" }
        let lengthBytes = bytes[6] == 1 ? 2 : 4
        let start = 8 + lengthBytes
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        guard length <= bytes.count - start else { throw "is cut off" }
        let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
        let form = /\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\), \}\s*/
        guard let match = header.wholeMatch(of: form) else {
            throw "has a header that is not the one of an array of numbers"
        }
        let size = match.1 == "<f8" ? 8 : match.1 == "<f4" ? 4 : 0
        guard size > 0 else { throw "has elements of the type '\(match.1.prefix(20))', expected '<f8' or '<f4'" }
        let extents = match.3.split(separator: ",").map { Int($0.drop { $0 == " " }) ?? -1 }
        guard match.2 == "False" || extents.count < 2 else { throw "is in column-major order, expected row-major" }
        var count = 1
        for extent in extents {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { throw "has extents that are too large" }
            count = product
        }
        let data = bytes[(start + length)...]
        guard count <= data.count, data.count == count * size else {
            throw "has \(data.count) bytes of data, but its shape needs \(count) elements of \(size) bytes"
        }
        shape = extents
        values = data.withUnsafeBytes { raw in
            (0..<count).map { index in
                let offset = index * size
                return size == 8
                    ? Double(
                        bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                    : Double(
                        Float(
                            bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                        ))
            }
        }
    }

    /// What is wrong with an array, as the second half of a sentence.
    struct Problem: Error, ExpressibleByStringInterpolation {
        let text: String

        init(stringLiteral text: String) { self.text = text }
    }
}
