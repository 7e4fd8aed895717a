import Training

/// What a model learns from teachers: labelled texts and texts without labels, with the probabilities of their classes.
struct Lesson {
    /// The texts, of which those without labels have the label that the teachers give them.
    let sets: TrainingData
    /// The probabilities of the teachers for each text to learn from, and how much they count.
    let teaching: SoftTargets.Teaching

    /// Asks teachers, whose mean counts.
    ///
    /// Texts without labels that are empty, that occur twice, or that are among the labelled texts are left out.
    ///
    /// - Parameters:
    ///   - teachers: The teachers, at least one.
    ///   - weight: The weight of the scores of labelled texts, from 0 to 1; the labels have the rest.
    ///   - temperature: The temperature of the scores.
    ///   - labelled: The labelled texts.
    ///   - unlabelled: Texts without labels.
    ///   - stored: Where the scores are kept.
    /// - Throws: `NotFiniteError` if a teacher has no answer for a text.
    init(
        _ teachers: [Teacher], weight: Double, temperature: Double, _ labelled: TrainingData, unlabelled: [String],
        _ stored: StoredRows
    ) throws {
        var known = Set(labelled.training.texts).union(labelled.heldOut.texts)
        let new = unlabelled.filter { !$0.allSatisfy(\.isWhitespace) && known.insert($0).inserted }
        let texts = labelled.training.texts + new
        say(
            "asking the teacher about \(decimal(texts.count)) texts"
                + (unlabelled.isEmpty ? "" : ", \(decimal(new.count)) of them without a label"))
        let classes = labelled.labels.count
        var mean = [Double](repeating: 0, count: texts.count * classes)
        for teacher in teachers {
            let found = try teacher.probabilities(texts, temperature: temperature, stored)
            for index in mean.indices { mean[index] += found[index] / Double(teachers.count) }
        }
        var sets = labelled
        sets.training.texts = texts
        sets.training.labels += (labelled.training.count..<texts.count).map { text in
            (0..<classes).max { mean[text * classes + $0] < mean[text * classes + $1] } ?? 0
        }
        self.sets = sets
        teaching = .init(
            probabilities: mean,
            shares: texts.indices.map { $0 < labelled.training.count ? weight : 1 }, temperature: temperature)
    }

    /// The probabilities of the labels and of the teachers together, (texts, classes).
    var mixed: [Double] {
        let classes = sets.labels.count
        return sets.training.labels.enumerated().flatMap { text, label in
            (0..<classes).map { index in
                let share = teaching.shares[text]
                return share * teaching.probabilities[text * classes + index] + (index == label ? 1 - share : 0)
            }
        }
    }
}
