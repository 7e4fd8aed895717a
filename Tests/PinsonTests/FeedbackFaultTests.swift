import Fixtures
import Foundation
import Testing

/// Reports while the function is killed: nothing that was acknowledged is lost.
///
/// FEEDBACK_ROUNDS=1000 kills the function more often.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct FeedbackFaultTests {
    @Test func aFunctionThatIsKilledLosesNothingThatItAcknowledged() throws {
        let rounds = Int(ProcessInfo.processInfo.environment["FEEDBACK_ROUNDS"] ?? "") ?? 30
        try Workplace.withFolder { folder in
            let volume = folder.appendingPathComponent("volume")
            try FileManager.default.createDirectory(at: volume, withIntermediateDirectories: true)
            let reporter = FeedbackReporter()
            try reporter.report(rounds: rounds, to: volume, logs: folder)
            try reporter.expectNothingIsLost(on: volume, least: rounds / 2)
        }
    }
}
