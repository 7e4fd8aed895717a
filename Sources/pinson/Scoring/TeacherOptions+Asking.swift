import Training

extension TeacherOptions {
    /// Asks the teachers about labelled and unlabelled texts, or returns nil if there are none.
    ///
    /// - Parameters:
    ///   - sets: The labelled texts.
    ///   - labelled: Reads the file of texts without labels.
    ///   - temperature: The temperature of the scores.
    ///   - stored: Where the scores are kept.
    /// - Returns: What a model learns from the teachers.
    /// - Throws: `DataError` if the texts cannot be read, `ModelFileError` if a teacher cannot be opened, and
    ///   `ComparisonError` if it has other labels.
    func lesson(
        _ sets: TrainingData, _ labelled: LabelledData, temperature: Double = 1, _ stored: StoredRows = StoredRows()
    ) throws -> Lesson? {
        guard !teachers.isEmpty else { return nil }
        let texts = try unlabelled.map {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: false).map(\.text)
        }
        return try Lesson(
            teachers.map { try Teacher($0, labels: sets.labels) }, weight: teacherWeight, temperature: temperature,
            sets, unlabelled: texts ?? [], stored)
    }
}
