import Foundation

/// One line on stderr with the progress of a long task.
///
/// It appears if stderr is a terminal and the task takes more than a second.
struct Progress {
    let unit: String
    let total: Int?
    private var done = 0
    private var shown = false
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private let isTerminal = Terminal.canMoveCursor(STDERR_FILENO)

    init(unit: String, total: Int? = nil) {
        self.unit = unit
        self.total = total
    }

    /// Counts finished items, and updates the line.
    ///
    /// - Parameters:
    ///   - count: The number of items that were finished.
    ///   - share: The part of the whole that is done, if the total is not known.
    mutating func advance(by count: Int, share: Double? = nil) {
        done += count
        let now = ContinuousClock.now
        guard isTerminal, now - start > .seconds(1), now - last > .milliseconds(200) else { return }
        last = now
        shown = true
        let seconds = (now - start) / .seconds(1)
        let rate = Double(done) / seconds
        var line = "\r\u{1B}[K\(decimal(done))"
        if let total {
            line += " of \(decimal(total)) \(unit), \(decimal(Int(rate)))/s, \(Int(Double(total - done) / rate)) s left"
        } else {
            line += " \(unit), \(decimal(Int(rate)))/s"
            if let share, share > 0 { line += ", \(Int(seconds / share * (1 - share))) s left" }
        }
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// Removes the line.
    func finish() {
        if shown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
