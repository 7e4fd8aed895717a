import Dispatch
import Glibc
import NIOConcurrencyHelpers

/// Writes the lines of the log in order, on a separate thread.
///
/// If the file is blocked, for example because nobody reads the pipe, the function keeps answering requests. When too
/// many lines wait, new ones are dropped. Their number is logged as soon as there is room again.
final class LogFile: Sendable {
    private struct State {
        var waiting = 0
        var dropped = 0
    }

    private let descriptor: Int32
    private let state = NIOLockedValueBox(State())
    private let queue = DispatchQueue(label: "log")

    /// The number of lines that may wait.
    static let limit = 10_000

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func append(_ line: String) {
        let dropped = state.withLockedValue { state -> Int? in
            guard state.waiting < Self.limit else {
                state.dropped += 1
                return nil
            }
            state.waiting += 1
            defer { state.dropped = 0 }
            return state.dropped
        }
        guard let dropped else { return }
        queue.async { [self] in
            if dropped > 0 {
                write(
                    "{\"severity\":\"WARNING\",\"message\":\"\(dropped) log lines were dropped because the log was blocked\"}\n"
                )
            }
            write(line)
            state.withLockedValue { $0.waiting -= 1 }
        }
    }

    /// Waits until all lines are written, but at most half a second, because the file may be blocked.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .milliseconds(500))
    }

    private func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }  // Nobody reads the log any more. The function goes on.
                rest = rest.dropFirst(count)
            }
        }
    }
}
