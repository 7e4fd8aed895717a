import ArgumentParser

/// The options of larger models whose scores are learned too.
struct TeacherOptions: ParsableArguments {
    @Option(
        name: .customLong("teacher"),
        help: ArgumentHelp(
            """
            A larger model with the same labels, whose scores are learned too. For logistic, average, ensemble, head, lstm and \
            fine-tune. Repeat it to learn the mean of several models.
            """, valueName: "model.gguf"), completion: .file(extensions: ["gguf"]))
    var teachers: [String] = []

    @Option(help: "The weight of the scores of the teacher; the labels have the rest.")
    var teacherWeight = 0.7

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file of texts without labels, which are learned with the scores of the teacher.",
            valueName: "file"), completion: .file())
    var unlabelled: String?

    func validate() throws {
        guard (0...1).contains(teacherWeight) else {
            throw ValidationError(
                "The value '\(teacherWeight)' is invalid for '--teacher-weight <teacher-weight>': expected 0 to 1.")
        }
        guard unlabelled == nil || !teachers.isEmpty else {
            throw ValidationError("'--unlabelled <file>' needs '--teacher <model.gguf>', which gives the texts scores.")
        }
    }
}
