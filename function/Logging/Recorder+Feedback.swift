import Feedback
import JSON
import Telemetry

extension Recorder {
    /// A report was kept on the volume, or has no other place than the log.
    func reported(_ record: FeedbackRecord, isDurable: Bool, trace: Trace?) {
        count {
            $0.countReport(isDurable: isDurable, isIncorrect: record.isCorrect == false)
            $0.activity.add(record, isDurable: isDurable)
        }
        tell(record, trace: trace)
        guard !isDurable, case .object(let members) = record.json else { return }
        // Rules of other systems look for this message and these members.
        let kept = members.filter { $0.key != "time" }
        log.write(
            .warning, "prediction_feedback_reported", Dictionary(kept.map { ($0.key, $0.value) }) { $1 }, trace: trace,
            project: settings.project)
    }

    /// A report was not kept.
    func reportRefused() { count { $0.countRefusedReport() } }

    /// A report was erased.
    func erased(_ id: FeedbackID) {
        count {
            $0.countErasure()
            $0.activity.erase(id)
        }
    }

    /// A group of reports was written.
    func committed() { count { $0.countCommit() } }

    /// The volume has refused a group of reports.
    func feedbackFailed(_ failure: FeedbackFailure) {
        guard case .refused(let error) = failure else { return }
        write(.error, "Reports cannot be kept. \(error)", [:], exception: "FileError")
    }
}
