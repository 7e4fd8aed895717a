/// Floats in memory that kernels read and write.
typealias Floats = UnsafeMutablePointer<Float>
/// Packed words of a matrix, as `CTraining` documents them.
typealias Words = UnsafeMutablePointer<UInt32>

/// An array at a fixed place in memory, which is freed with its owner.
///
/// Several threads may use different parts of it at the same time.
final class Storage<Element: BitwiseCopyable>: @unchecked Sendable {
    let count: Int
    let start: UnsafeMutablePointer<Element>

    /// Allocates an array whose elements are all `value`.
    init(_ count: Int, repeating value: Element) {
        self.count = count
        start = .allocate(capacity: max(1, count))
        start.initialize(repeating: value, count: count)
    }

    deinit { start.deallocate() }

    /// All elements.
    var elements: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Replaces all elements by those of an array of the same size.
    func set(_ elements: [Element]) {
        precondition(elements.count == count, "\(elements.count) elements for \(count) places")
        elements.withUnsafeBufferPointer { if let from = $0.baseAddress { start.update(from: from, count: count) } }
    }
}
