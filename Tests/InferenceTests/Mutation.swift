import Fixtures
import Foundation

/// Damages files in ways that readers are likely to stumble over.
enum Mutation {
    /// Changes a few bytes, or cuts, repeats or removes a part.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - limit: The end of the part in which most of the changes are.
    ///   - random: Makes the choices.
    static func damage(_ bytes: inout Data, mostlyBefore limit: Int, _ random: inout Seeded) {
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let end = Int.random(in: 0..<8, using: &random) == 0 ? bytes.count : min(limit, bytes.count)
            let index = Int.random(in: 0..<max(end, 1), using: &random)
            let length = min(Int.random(in: 1...16, using: &random), bytes.count - index)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: bytes.removeLast(bytes.count - index)
            case 1: bytes.removeSubrange(index..<index + length)
            case 2: bytes.insert(contentsOf: Data(bytes[index..<index + length]), at: index)
            case 3: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 4: bytes.replaceSubrange(index..<index + length, with: Data(repeating: 0xFF, count: length))
            case 5: bytes.replaceSubrange(index..<index + length, with: Data(count: length))
            default: bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
        }
    }

    /// A damaged copy of a file of a checkpoint: in half of the cases a value of its JSON has changed, else its bytes.
    static func damaged(_ original: Data, _ name: String, _ random: inout Seeded) throws -> Data {
        let isSafetensors = name.hasSuffix(".safetensors")
        let length =
            isSafetensors
            ? Int(original.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }) : original.count
        let start = isSafetensors ? 8 : 0
        guard Bool.random(using: &random) else {
            var bytes = original
            if isSafetensors, Bool.random(using: &random) {
                changeWeights(&bytes, from: start + length, &random)
            } else {
                damage(&bytes, mostlyBefore: start + length, &random)
            }
            return bytes
        }
        var value = try JSONSerialization.jsonObject(with: original[start..<start + length])
        for _ in 0..<Int.random(in: 1...2, using: &random) { value = changed(value, &random) }
        let json = try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys])
        guard isSafetensors else { return json }
        return withUnsafeBytes(of: UInt64(json.count)) { Data($0) } + json + original[(start + length)...]
    }

    /// Changes some float32 after `start` to numbers that are unusual.
    private static func changeWeights(_ bytes: inout Data, from start: Int, _ random: inout Seeded) {
        let odd: [Float] = [0, -0, 3e38, -3e38, .leastNonzeroMagnitude, 1e-38, 65504, 1e10]
        for _ in 0..<Int.random(in: 1...64, using: &random) {
            let index = start + 4 * Int.random(in: 0..<(bytes.count - start) / 4, using: &random)
            let isRare = Int.random(in: 0..<100, using: &random) == 0
            let value = isRare ? Float.nan : odd.randomElement(using: &random) ?? 0
            withUnsafeBytes(of: value) { bytes.replaceSubrange(index..<index + 4, with: $0) }
        }
    }

    /// The same JSON with another value in one place.
    private static func changed(_ value: Any, _ random: inout Seeded) -> Any {
        if Int.random(in: 0..<12, using: &random) > 0 {
            if var object = value as? [String: Any], let key = object.keys.sorted().randomElement(using: &random) {
                if Int.random(in: 0..<8, using: &random) == 0 {
                    object[key] = nil
                } else {
                    object[key] = changed(object[key] ?? NSNull(), &random)
                }
                return object
            }
            if var array = value as? [Any], let index = array.indices.randomElement(using: &random) {
                array[index] = changed(array[index], &random)
                return array
            }
            if let number = value as? Int {
                let near = [number &- 1, number &+ 1, number &* 2, number / 2, 0 &- number, 0, 1]
                return near.randomElement(using: &random) ?? 0
            }
        }
        let odd: [Any] = [
            NSNull(), true, 0, -1, 1.5, 1e300, 65536, 16_777_216, 1 << 53, 9_223_372_036_854_775_807 as Int, "", "0",
            "é", "e\u{301}", "\u{600}\"", "gelu", "[CLS]", "BertModel", String(repeating: "a", count: 5000), [Any](),
            [1, 2], [String: Any](), ["0": "x"], ["type": "WordPiece"],
        ]
        return odd.randomElement(using: &random) ?? NSNull()
    }
}
