/// Arithmetic on arrays of numbers with a fixed order of all sums.
enum Vector {
    /// The number of numbers whose products are added up as floats before they are added to a sum of doubles.
    private static let block = 4096
    private typealias Lanes = SIMD16<Float>

    /// The sum of the products of two arrays of the same size.
    static func dot(_ a: [Float], _ b: [Float]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                forEachBlock(a.count, { lanes(a, $0) * lanes(b, $0) }, { a[$0] * b[$0] })
            }
        }
    }

    /// Adds a multiple of `a` to `b`, and returns the sum of the products of the new `b` and `c`.
    static func add(_ factor: Float, _ a: [Float], to b: inout [Float], thenDot c: [Float]) -> Double {
        b.withUnsafeMutableBufferPointer { b in
            a.withUnsafeBufferPointer { a in
                c.withUnsafeBufferPointer { c in
                    forEachBlock(
                        a.count,
                        { index in
                            let sum = lanes(UnsafeBufferPointer(b), index) + factor * lanes(a, index)
                            UnsafeMutableRawBufferPointer(b).storeBytes(
                                of: sum, toByteOffset: index * MemoryLayout<Float>.size, as: Lanes.self)
                            return sum * lanes(c, index)
                        },
                        { index in
                            b[index] += factor * a[index]
                            return b[index] * c[index]
                        })
                }
            }
        }
    }

    /// Sums up what `wide` gives for every 16th index and `single` for the indices that are left.
    @inline(__always)
    private static func forEachBlock(_ count: Int, _ wide: (Int) -> Lanes, _ single: (Int) -> Float) -> Double {
        let end = count / Lanes.scalarCount * Lanes.scalarCount
        var total = 0.0
        for start in stride(from: 0, to: end, by: block) {
            var sum = Lanes(repeating: 0)
            for index in stride(from: start, to: min(start + block, end), by: Lanes.scalarCount) { sum += wide(index) }
            total += Double(sum.sum())
        }
        for index in end..<count { total += Double(single(index)) }
        return total
    }

    @inline(__always)
    private static func lanes(_ a: UnsafeBufferPointer<Float>, _ index: Int) -> Lanes {
        UnsafeRawBufferPointer(a).loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.size, as: Lanes.self)
    }

    /// The sum of the products of two arrays of the same size.
    static func dot(_ a: [Float], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sums = (0.0, 0.0, 0.0, 0.0)
                let end = a.count / 4 * 4
                for index in stride(from: 0, to: end, by: 4) {
                    sums.0 += Double(a[index]) * b[index]
                    sums.1 += Double(a[index + 1]) * b[index + 1]
                    sums.2 += Double(a[index + 2]) * b[index + 2]
                    sums.3 += Double(a[index + 3]) * b[index + 3]
                }
                for index in end..<a.count { sums.0 += Double(a[index]) * b[index] }
                return (sums.0 + sums.1) + (sums.2 + sums.3)
            }
        }
    }

    /// The sum of the products of two arrays of the same size.
    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sums = SIMD8<Double>(repeating: 0)
                let end = a.count / 8 * 8
                for index in stride(from: 0, to: end, by: 8) { sums += lanes(a, index) * lanes(b, index) }
                return (end..<a.count).reduce(sums.sum()) { $0 + a[$1] * b[$1] }
            }
        }
    }

    @inline(__always)
    private static func lanes(_ a: UnsafeBufferPointer<Double>, _ index: Int) -> SIMD8<Double> {
        UnsafeRawBufferPointer(a).loadUnaligned(
            fromByteOffset: index * MemoryLayout<Double>.size, as: SIMD8<Double>.self)
    }

    /// Adds a multiple of `a` to `b`.
    static func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
        b.withUnsafeMutableBufferPointer { b in
            a.withUnsafeBufferPointer { a in for index in 0..<a.count { b[index] += factor * a[index] } }
        }
    }

    /// Adds a multiple of `a` to `b`.
    static func add(_ factor: Double, _ a: [Float], to b: inout [Double]) {
        b.withUnsafeMutableBufferPointer { b in
            a.withUnsafeBufferPointer { a in for index in 0..<a.count { b[index] += factor * Double(a[index]) } }
        }
    }

    /// Multiplies all numbers by a factor.
    static func scale<Number: BinaryFloatingPoint>(_ a: inout [Number], by factor: Number) {
        a.withUnsafeMutableBufferPointer { a in for index in 0..<a.count { a[index] *= factor } }
    }

    /// `a` − `b`, rounded to floats.
    static func difference(_ a: [Double], _ b: [Double]) -> [Float] {
        [Float](unsafeUninitializedCapacity: a.count) { result, count in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in for index in 0..<a.count { result[index] = Float(a[index] - b[index]) }
                }
            }
            count = a.count
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
