import Feedback
import Foundation
import Validation

/// The terminal screen: draws the session, and gives it the keys.
struct ReviewLoop {
    let place: ReviewPlace
    private let hasColours = Terminal.hasColours()

    init(_ place: ReviewPlace) { self.place = place }

    /// Works until the annotator quits.
    ///
    /// - Throws: `FileError` if the last line of the journal cannot be written when the terminal is gone.
    func run(_ session: Session, on terminal: RawTerminal) throws {
        var session = session
        var keys = KeyReader()
        var isTooSmall = draw(&session, terminal)
        while true {
            let pressed: [Key]
            // A lone Esc is the key; more bytes that follow it at once belong to another key.
            switch terminal.next(timeout: keys.isWaiting ? 50 : -1) {
            case .bytes(let bytes): pressed = keys.keys(bytes)
            case .silence: pressed = keys.flush()
            case .changed: pressed = []
            case .end:
                if case .quit(let entry?) = session.interrupt(at: .now) {
                    try place.journal.append([.entry(entry)])
                }
                return
            }
            for key in pressed {
                if isTooSmall, key != .interrupt, key != .character("q") { continue }
                if try press(isTooSmall ? .interrupt : key, &session) { return }
            }
            isTooSmall = draw(&session, terminal)
        }
    }

    /// Handles a key, and returns whether the annotator quits.
    private func press(_ key: Key, _ session: inout Session) throws -> Bool {
        var next = session
        let effect = next.press(key, at: .now)
        do {
            switch effect {
            case .none: break
            case .record(let entry): try place.journal.append([.entry(entry)])
            case .quit(let entry):
                if let entry { try place.journal.append([.entry(entry)]) }
                return true
            }
            session = next
        } catch {
            session.refuse("Not saved, so nothing has changed. \(error)")
        }
        return false
    }

    /// Draws the screen, and returns whether the window is too small to decide.
    private func draw(_ session: inout Session, _ terminal: RawTerminal) -> Bool {
        let size = terminal.size
        let evidence = session.item.map { place.evidence($0, session) } ?? .init()
        let screen = ReviewScreen(session, evidence, .init(columns: size.columns, rows: size.rows))
        session.limitScroll(to: screen.lastScroll)
        // If the terminal is gone, the next wait says so.
        try? StandardOutput.write(screen.sequences(hasColours: hasColours))
        return screen.isTooSmall
    }
}
