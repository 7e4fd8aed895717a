import Foundation

extension VectorFile {
    /// A word of a file, with its numbers, which are not read yet.
    public struct Row {
        /// The bytes of the word, which may be cut inside a character.
        public let word: UnsafeBufferPointer<UInt8>
        /// The number of the vector, from 1.
        public let number: Int
        /// The share of the file that lies before the vector.
        public let share: Double
        fileprivate let numbers: UnsafeBufferPointer<UInt8>
        fileprivate let file: VectorFile

        /// Reads the numbers.
        ///
        /// - Parameter values: Receives as many numbers as the file has dimensions.
        /// - Throws: `VectorFileError.malformed` if something is not a finite number.
        public func read(into values: UnsafeMutableBufferPointer<Float>) throws(VectorFileError) {
            guard file.format != .binary else {
                let bytes = UnsafeRawBufferPointer(numbers)
                for index in 0..<file.width {
                    let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
                    values[index] = Float(bitPattern: bits)
                    guard values[index].isFinite else {
                        throw file.malformed(number, "dimension \(index + 1) is not finite")
                    }
                }
                return
            }
            var (index, end) = (0, 0)
            while end < numbers.count {
                while numbers[end].isSpaceInLine { end += 1 }
                let start = end
                while end < numbers.count, !numbers[end].isSpaceInLine { end += 1 }
                guard let value = Float(decimal: UnsafeBufferPointer(rebasing: numbers[start..<end])) else {
                    let text = String(decoding: numbers[start..<min(end, start + 20)], as: UTF8.self)
                    throw file.malformed(number, "'\(text)' is not a finite number")
                }
                values[index] = value
                index += 1
                end += 1
            }
        }
    }

    fileprivate func malformed(_ number: Int, _ reason: String) -> VectorFileError {
        .malformed(path: path, number: number, reason: reason)
    }

    /// Calls `body` with each word, in the order of the file.
    ///
    /// - Parameter body: Receives a word. Its numbers are read only if they are asked for.
    /// - Throws: `VectorFileError` if a vector is malformed or cut off, and what `body` throws.
    /// - Complexity: O(bytes of the file).
    public func forEachRow(_ body: (Row) throws(VectorFileError) -> Void) throws(VectorFileError) {
        var (place, number) = (start, 0)
        while let parts = try next(&place, number + 1) {
            number += 1
            try body(
                Row(
                    word: UnsafeBufferPointer(rebasing: file.bytes[parts.word]), number: number,
                    share: Double(parts.word.lowerBound) / Double(file.bytes.count),
                    numbers: UnsafeBufferPointer(rebasing: file.bytes[parts.numbers]), file: self))
        }
        if let count, number != count { throw .wrongCount(path: path, found: number, expected: count) }
    }

    /// Finds the next vector, or returns nil at the end.
    private func next(
        _ place: inout Int, _ number: Int
    ) throws(VectorFileError) -> (word: Range<Int>, numbers: Range<Int>)? {
        while place < file.bytes.count, file.bytes[place] == 0x0A { place += 1 }
        guard place < file.bytes.count else { return nil }
        return format == .binary ? try nextInBinary(&place, number) : try nextLine(&place, number)
    }

    private func nextInBinary(
        _ place: inout Int, _ number: Int
    ) throws(VectorFileError) -> (word: Range<Int>, numbers: Range<Int>)? {
        let rest = file.bytes[place..<min(place + Self.longestWord, file.bytes.count)]
        if number > count ?? .max { throw malformed(number, "the file goes on after the last vector") }
        guard let space = rest.firstIndex(of: 0x20), file.bytes.count - space > 4 * width else {
            throw malformed(
                number, "the file ends within it, or the word is too long. Perhaps it was not copied to its end")
        }
        let word = place..<space
        place = space + 1 + 4 * width
        return (word, space + 1..<place)
    }

    /// The most bytes of a word in a binary file.
    private static let longestWord = 4096

    /// Divides a line.
    ///
    /// A word may hold spaces, so the numbers are counted from the end.
    private func nextLine(
        _ place: inout Int, _ number: Int
    ) throws(VectorFileError) -> (word: Range<Int>, numbers: Range<Int>)? {
        let bytes = file.bytes
        let line = place..<bytes.endOfLine(from: place)
        place = line.upperBound + 1
        var end = line.upperBound
        while end > line.lowerBound, bytes[end - 1].isSpaceInLine { end -= 1 }
        var (start, found) = (end, 0)
        while found < width {
            while start > line.lowerBound, bytes[start - 1].isSpaceInLine { start -= 1 }
            while start > line.lowerBound, !bytes[start - 1].isSpaceInLine { start -= 1 }
            guard start > line.lowerBound else {
                throw malformed(number, "the line has \(found) numbers after its word, expected \(width)")
            }
            found += 1
        }
        return (line.lowerBound..<start - 1, start..<end)
    }
}
