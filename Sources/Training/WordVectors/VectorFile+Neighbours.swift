import Foundation

extension VectorFile {
    /// A word that is near to a direction.
    public struct Neighbour: Sendable, Equatable {
        /// The word.
        public let word: String
        /// The cosine of the angle between its vector and the direction, from -1 to 1.
        public let similarity: Float
    }

    /// Reads the vectors of some words, scaled to the length 1.
    ///
    /// - Parameters:
    ///   - words: The words.
    ///   - progress: Receives the share of the file that has been read.
    /// - Returns: The first vector of each word that the file has.
    /// - Throws: `VectorFileError` if the file is damaged.
    public func directions(
        of words: [String], _ progress: (Double) -> Void = { _ in }
    ) throws(VectorFileError) -> [String: [Float]] {
        var missing = Dictionary(words.map { (Array($0.utf8), $0) }) { first, _ in first }
        var found: [String: [Float]] = [:]
        var row = [Float](repeating: 0, count: width)
        try forEachRow { (entry) throws(VectorFileError) in
            if entry.number % Self.step == 0 { progress(entry.share) }
            guard !missing.isEmpty, let word = missing.removeValue(forKey: Array(entry.word)) else { return }
            try row.read(entry)
            found[word] = Self.unit(row)
        }
        return found
    }

    /// Finds the words whose vectors are nearest to a direction.
    ///
    /// - Parameters:
    ///   - direction: The direction, (width).
    ///   - count: The number of words to find.
    ///   - others: Words that are left out.
    ///   - progress: Receives the share of the file that has been read.
    /// - Returns: The words, the nearest one first.
    /// - Throws: `VectorFileError` if the file is damaged.
    /// - Complexity: O(bytes of the file).
    public func neighbours(
        of direction: [Float], count: Int, leavingOut others: [String], _ progress: (Double) -> Void = { _ in }
    ) throws(VectorFileError) -> [Neighbour] {
        let (direction, others) = (Self.unit(direction), Set(others.map { Array($0.utf8) }))
        var nearest: [Neighbour] = []
        var row = [Float](repeating: 0, count: width)
        try forEachRow { (entry) throws(VectorFileError) in
            if entry.number % Self.step == 0 { progress(entry.share) }
            try row.read(entry)
            let length = Vector.dot(row, row).squareRoot()
            guard length > 0 else { return }
            let similarity = Float(Vector.dot(row, direction) / length)
            if nearest.count == count, let last = nearest.last, last.similarity >= similarity { return }
            guard !others.contains(Array(entry.word)) else { return }
            let place = nearest.firstIndex { $0.similarity < similarity } ?? nearest.count
            let word = String(decoding: entry.word, as: UTF8.self)
            nearest.insert(Neighbour(word: word, similarity: similarity), at: place)
            if nearest.count > count { nearest.removeLast() }
        }
        return nearest
    }

    /// The number of vectors between two reports about the progress.
    private static let step = 4096

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = Float(Vector.dot(vector, vector).squareRoot())
        return length > 0 ? vector.map { $0 / length } : vector
    }
}
