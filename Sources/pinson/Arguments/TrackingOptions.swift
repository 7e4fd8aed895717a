import ArgumentParser
import Foundation
import Tracking

/// Whether and where a command is recorded as a run.
struct TrackingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Record this run in an experiment of MLflow: on the server that MLFLOW_TRACKING_URI names, or in the folder \
            mlruns. The default is MLFLOW_EXPERIMENT_NAME; without both, nothing is recorded.
            """, valueName: "experiment"))
    var track: String?

    @Option(help: "The name of the recorded run. The default is that of the command.")
    var runName: String?

    /// Runs `body` with a recorder of its run if the user wants one, and records how it ended.
    func recording(_ command: String, _ body: (RunRecorder?) throws -> Void) throws {
        let variable = ProcessInfo.processInfo.environment["MLFLOW_EXPERIMENT_NAME"]
        guard let experiment = track ?? variable, !experiment.isEmpty || track != nil else { return try body(nil) }
        let recorder = try RunRecorder(experiment: experiment, name: runName ?? command)
        do {
            try body(recorder)
            recorder.finish(.finished)
        } catch {
            // A quality gate that says no is the result of a run that went well.
            recorder.finish((error as? ExitCode)?.rawValue == 1 ? .finished : .failed)
            throw error
        }
    }
}
