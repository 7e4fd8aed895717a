import Foundation
import Synchronization

/// The passwords and tokens that have been sent to one registry, which must not be printed.
///
/// A registry may repeat what it was sent, for example in the text of an error, as it is or in base64. The search works on
/// bytes, because a combining character after a secret would hide it from a search for characters.
final class Secrets: Sendable {
    /// Stands in place of a secret.
    static let mark = "[redacted]"

    /// A part of a long secret is recognized if it has at least this many bytes.
    private static let part = 16
    /// A shorter text is not searched for, because many ordinary words contain it.
    private static let shortest = 4

    private struct State {
        var whole: Set<[UInt8]> = []
        /// All parts of `Secrets.part` bytes of the long secrets.
        var parts: Set<ArraySlice<UInt8>> = []
    }

    private let state = Mutex(State())

    /// Remembers a password or a token, and the forms in which it may come back.
    func add(_ secret: String) {
        guard !secret.isEmpty else { return }
        let bytes = Array(secret.utf8)
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        var forms = [bytes]
        if let encoded = secret.addingPercentEncoding(withAllowedCharacters: allowed) {
            forms.append(Array(encoded.utf8))
        }
        forms += Self.base64(bytes)
        state.withLock { state in
            for form in forms where form.count >= Self.shortest {
                state.whole.insert(form)
                guard form.count >= Self.part else { continue }
                for start in 0...form.count - Self.part {
                    // A slice is equal to another one with the same bytes, wherever it starts.
                    state.parts.insert(form[start..<start + Self.part])
                }
            }
        }
    }

    /// Remembers a user name and a password, alone and as they are sent together.
    func add(user: String, password: String) {
        add(password)
        let pair = Array("\(user):\(password)".utf8)
        let encoded = Data(pair).base64EncodedString()
        add(encoded)
        state.withLock { state in
            state.whole.insert(pair)
            state.whole.formUnion(Self.base64(pair).filter { $0.count >= Self.shortest })
        }
    }

    /// Returns `text` with a mark in place of each secret.
    func redact(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var isSecret = [Bool](repeating: false, count: bytes.count)
        state.withLock { state in
            for form in state.whole where form.count <= bytes.count {
                for start in 0...bytes.count - form.count
                where bytes[start] == form[0] && bytes[start..<start + form.count].elementsEqual(form) {
                    for index in start..<start + form.count { isSecret[index] = true }
                }
            }
            guard !state.parts.isEmpty, bytes.count >= Self.part else { return }
            for start in 0...bytes.count - Self.part where state.parts.contains(bytes[start..<start + Self.part]) {
                for index in start..<start + Self.part { isSecret[index] = true }
            }
        }
        guard isSecret.contains(true) else { return text }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if !isSecret[index] {
                result.append(byte)
            } else if index == 0 || !isSecret[index - 1] {
                result += Self.mark.utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The letters of base64 that `bytes` decide, for each of the three places where they may start in a group.
    ///
    /// The first and the last letter may also depend on what stands before and after them. They are left out then.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { shift -> [[UInt8]] in
            let letters = Array(Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString().utf8)
            let first = (shift * 8 + 5) / 6
            let last = (shift + bytes.count) * 8 / 6
            guard first < last else { return [] }
            let core = Array(letters[first..<last])
            let forURLs = core.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }
            return core == forURLs ? [core] : [core, forURLs]
        }
    }
}

extension ContainerImageError {
    /// The same error with a changed text in every place.
    func mapped(_ change: (String) -> String) -> ContainerImageError {
        switch self {
        case .invalid(let what, let reason, let advice):
            .invalid(what: change(what), reason: change(reason), advice: change(advice))
        case .file(let path, let action, let reason): .file(path: path, action: action, reason: change(reason))
        case .missingLibraries: self
        case .mismatch(let what, let found, let expected):
            .mismatch(what: change(what), found: change(found), expected: change(expected))
        case .refused(let request, let status, let detail, let advice):
            .refused(request: change(request), status: status, detail: change(detail), advice: change(advice))
        case .unreachable(let request, let reason): .unreachable(request: change(request), reason: change(reason))
        case .tooSlow(let request, let got, let wanted):
            .tooSlow(request: change(request), got: change(got), wanted: change(wanted))
        }
    }
}
