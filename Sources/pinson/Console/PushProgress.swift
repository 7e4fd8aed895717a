import ContainerImage
import Foundation
import Synchronization

/// One line on stderr for each blob that is pushed.
///
/// On a terminal the lines show the progress; elsewhere a line is written when its blob is done.
final class PushProgress: Sendable {
    private struct State {
        var lines: [(digest: String, text: String)] = []
        var shown = 0
        var last = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let isTerminal = Terminal.canMoveCursor(STDERR_FILENO)

    func note(_ event: PushEvent) {
        state.withLock { state in
            switch event {
            case .sending(let descriptor, let sent):
                guard isTerminal else { return }
                let percent = descriptor.size == 0 ? 100 : Int(100 * sent / descriptor.size)
                set(descriptor, "\(percent) %", in: &state)
                guard .now - state.last > .milliseconds(100) else { return }
            case .done(let descriptor, let how):
                if !isTerminal { return say(line(descriptor, how.rawValue)) }
                set(descriptor, how.rawValue, in: &state)
            }
            draw(&state)
        }
    }

    /// Draws the final state, which stays on the terminal.
    func finish() { state.withLock { if isTerminal { draw(&$0) } } }

    private func line(_ descriptor: Descriptor, _ status: String) -> String {
        row(String(descriptor.digest.hex.prefix(12)), "\(decimal(descriptor.size)) bytes") + "  \(status)"
    }

    private func set(_ descriptor: Descriptor, _ status: String, in state: inout State) {
        let text = line(descriptor, status)
        if let index = state.lines.firstIndex(where: { $0.digest == descriptor.digest.hex }) {
            state.lines[index].text = text
        } else {
            state.lines.append((descriptor.digest.hex, text))
        }
    }

    private func draw(_ state: inout State) {
        let up = state.shown > 0 ? "\u{1B}[\(state.shown)A" : ""
        FileHandle.standardError.write(
            Data((up + state.lines.map { "\r\u{1B}[K\($0.text)\n" }.joined()).utf8))
        (state.shown, state.last) = (state.lines.count, .now)
    }
}
