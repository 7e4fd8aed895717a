import Foundation
import Training

/// The line on stderr that shows the loss, the rate and the time left of a training.
///
/// On a terminal it is drawn again and again. Elsewhere a line is written every minute.
struct StepLine {
    let total: Int
    private let first: Int
    private let isTerminal = Terminal.canMoveCursor(STDERR_FILENO)
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isShown = false

    /// Starts after a number of steps.
    init(total: Int, after first: Int) { (self.total, self.first) = (total, first) }

    /// Shows a step that was made.
    mutating func show(_ step: FineTuner.Step, number: Int, _ progress: TrainingProgress) {
        let now = ContinuousClock.now
        guard now - last > (isTerminal ? .milliseconds(300) : .seconds(60)) else { return }
        last = now
        let perStep = (now - start) / .seconds(1) / Double(number - first)
        let line =
            "step \(decimal(number)) of \(decimal(total))  loss \(fixed(progress.recentLoss(50), 4))  "
            + "rate \(String(format: "%.2g", step.rate))  \(fixed(1 / perStep, 2)) steps/s  "
            + "\(Self.duration(perStep * Double(total - number))) left  \(progress.sparkline(24))"
        guard isTerminal else { return say(line) }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
        isShown = true
    }

    /// Removes the line, so that others can be written.
    mutating func clear() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        isShown = false
    }

    /// A time such as 45 s, 12 min or 2 h 5 min.
    static func duration(_ seconds: Double) -> String {
        let minutes = Int(seconds / 60)
        return minutes >= 60
            ? "\(minutes / 60) h \(minutes % 60) min" : minutes > 2 ? "\(minutes) min" : "\(Int(seconds)) s"
    }
}
