import ArgumentParser

/// The option that makes the scores of a teacher more equal.
struct TemperatureOption: ParsableArguments {
    @Option(
        help: """
            The divisor of the logits of teacher and student when the teacher is learned. Above 1, the less probable classes \
            count more.
            """)
    var temperature = 2.0

    func validate() throws {
        guard temperature > 0, temperature <= 100 else {
            throw ValidationError(
                "The value '\(temperature)' is invalid for '--temperature <temperature>': expected above 0 and at most 100."
            )
        }
    }
}
