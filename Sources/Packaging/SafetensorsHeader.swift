import Foundation
internal import JSON

/// The header of a safetensors file: where each array lies.
///
/// - Source: huggingface/safetensors README, "Format".
struct SafetensorsHeader {
    /// One array.
    struct Entry {
        var name: String
        var dtype: String
        var shape: [Int]
        /// The position of the array in the data.
        var bytes: Range<Int>
    }

    /// The arrays, in the order of the data.
    let entries: [Entry]
    /// The strings under `__metadata__`.
    let metadata: [String: String]
    /// The number of bytes before the data.
    let length: Int

    static let longest = 100_000_000

    /// Reads a header and checks that the arrays fill the data without gaps.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - file: All bytes of the file.
    /// - Throws: `PackagingError` if the header is not valid.
    init(path: String, _ file: Data) throws {
        func malformed(_ reason: String) -> PackagingError { .malformed(path: path, reason: reason) }
        guard file.count >= 8 else { throw malformed("has \(file.count) bytes, but a safetensors file has at least 8") }
        let count = file.prefix(8).withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard count <= UInt64(min(file.count - 8, Self.longest)) else {
            throw malformed("claims a header of \(count) bytes, but the file has \(file.count)")
        }
        length = 8 + Int(count)
        let header = Array(file[file.startIndex + 8..<file.startIndex + length])
        guard let members = try? JSON(parsing: header).members else {
            throw malformed("has a header that is not a JSON object")
        }
        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        for member in members {
            if member.key == "__metadata__" {
                for entry in member.value.members ?? [] { metadata[entry.key] = entry.value.string }
            } else {
                entries.append(try Entry(member, path: path, dataCount: file.count - length))
            }
        }
        self.metadata = metadata
        self.entries = entries.sorted {
            ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
        }
        try checkPlaces(path: path, dataCount: file.count - length)
    }

    /// Checks that each array starts where the one before it ends, and that nothing follows the last one.
    private func checkPlaces(path: String, dataCount: Int) throws {
        func malformed(_ reason: String) -> PackagingError { .malformed(path: path, reason: reason) }
        var names: Set<[UInt8]> = []
        var next = 0
        for entry in entries {
            guard names.insert(Array(entry.name.utf8)).inserted else {
                throw malformed("has the tensor '\(entry.name)' twice")
            }
            guard entry.bytes.lowerBound >= next else {
                throw malformed("places the tensor '\(entry.name)' over the end of the tensor before it")
            }
            guard entry.bytes.lowerBound == next else {
                throw malformed("has a gap of \(entry.bytes.lowerBound - next) bytes before the tensor '\(entry.name)'")
            }
            next = entry.bytes.upperBound
        }
        guard next == dataCount else { throw malformed("has \(dataCount - next) bytes after its last tensor") }
    }
}

extension SafetensorsHeader.Entry {
    fileprivate init(_ member: JSON.Member, path: String, dataCount: Int) throws {
        func integers(_ key: String) -> [Int]? {
            guard let values = member.value[key]?.elements else { return nil }
            let integers = values.compactMap(\.integer)
            return integers.count == values.count ? integers : nil
        }
        guard let dtype = member.value["dtype"]?.string, let shape = integers("shape"),
            let offsets = integers("data_offsets"), offsets.count == 2, shape.allSatisfy({ $0 >= 0 })
        else {
            throw PackagingError.malformed(
                path: path,
                reason: "has a header entry for the tensor '\(member.key)' that is not {dtype, shape, data_offsets}")
        }
        guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataCount else {
            throw PackagingError.malformed(
                path: path,
                reason:
                    "places the tensor '\(member.key)' at bytes \(offsets[0])..<\(offsets[1]), but the data has \(dataCount)"
            )
        }
        self.init(name: member.key, dtype: dtype, shape: shape, bytes: offsets[0]..<offsets[1])
    }
}
