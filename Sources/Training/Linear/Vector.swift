/// Arithmetic on arrays of numbers with a fixed order of all sums.
enum Vector {
    /// The sum of the products of two arrays of the same size.
    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
                let wide = a.count / MemoryLayout<SIMD8<Double>>.size * MemoryLayout<SIMD8<Double>>.size
                var sums = SIMD8<Double>(repeating: 0)
                for offset in stride(from: 0, to: wide, by: MemoryLayout<SIMD8<Double>>.size) {
                    sums +=
                        a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
                        * b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
                }
                var total = sums.sum()
                for offset in stride(from: wide, to: a.count, by: MemoryLayout<Double>.size) {
                    total +=
                        a.loadUnaligned(fromByteOffset: offset, as: Double.self)
                        * b.loadUnaligned(fromByteOffset: offset, as: Double.self)
                }
                return total
            }
        }
    }

    /// Adds a multiple of `a` to `b`.
    static func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
        b.withUnsafeMutableBufferPointer { b in
            a.withUnsafeBufferPointer { a in for index in 0..<a.count { b[index] += factor * a[index] } }
        }
    }

    /// Multiplies all numbers by a factor.
    static func scale(_ a: inout [Double], by factor: Double) {
        a.withUnsafeMutableBufferPointer { a in for index in 0..<a.count { a[index] *= factor } }
    }

    /// Replaces `b` by `a` − `b`.
    static func subtract(_ b: inout [Double], from a: [Double]) {
        b.withUnsafeMutableBufferPointer { b in
            a.withUnsafeBufferPointer { a in for index in 0..<a.count { b[index] = a[index] - b[index] } }
        }
    }

    /// The largest absolute value.
    static func largest(_ a: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in
            var largest = 0.0
            for index in 0..<a.count { largest = max(largest, abs(a[index])) }
            return largest
        }
    }
}
