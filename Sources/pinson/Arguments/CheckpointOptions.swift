import ArgumentParser

/// The options of a training that goes on after an interruption.
struct CheckpointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder for the state of the training, from which it goes on after an interruption.", valueName: "folder"),
        completion: .directory)
    var checkpointDir: String?

    @Option(help: "The number of minutes between two checkpoints.")
    var checkpointMinutes = 10.0

    func validate() throws {
        guard checkpointMinutes >= 0, checkpointMinutes < 1e5 else {
            throw ValidationError(
                "The value '\(checkpointMinutes)' is invalid for '--checkpoint-minutes <checkpoint-minutes>': expected 0 or more."
            )
        }
    }

    /// The time between two checkpoints.
    var interval: Duration { .seconds(60 * checkpointMinutes) }
}
