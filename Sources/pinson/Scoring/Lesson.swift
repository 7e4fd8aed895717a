import Training

/// What a model learns from a teacher: labelled texts and texts without labels, with the probabilities of their classes.
struct Lesson {
    /// The texts, of which those without labels have the label that the teacher gives them.
    let sets: TrainingData
    /// The probability of each class of each text to learn from, (texts, classes).
    let soft: [Double]

    /// Asks a teacher.
    ///
    /// Texts without labels that are empty, that occur twice, or that are among the labelled texts are left out.
    ///
    /// - Parameters:
    ///   - teacher: The teacher.
    ///   - weight: The weight of the scores of labelled texts, from 0 to 1; the labels have the rest.
    ///   - labelled: The labelled texts.
    ///   - unlabelled: Texts without labels.
    /// - Throws: `NotFiniteError` if the teacher has no answer for a text.
    init(_ teacher: Teacher, weight: Double, _ labelled: TrainingData, unlabelled: [String]) throws {
        var known = Set(labelled.training.texts).union(labelled.heldOut.texts)
        let new = unlabelled.filter { !$0.allSatisfy(\.isWhitespace) && known.insert($0).inserted }
        say(
            "asking the teacher about \(decimal(labelled.training.count + new.count)) texts"
                + (unlabelled.isEmpty ? "" : ", \(decimal(new.count)) of them without a label"))
        let classes = labelled.labels.count
        var sets = labelled
        var soft = try teacher.probabilities(labelled.training.texts + new)
        for (text, label) in labelled.training.labels.enumerated() {
            for index in 0..<classes {
                soft[text * classes + index] *= weight
                if index == label { soft[text * classes + index] += 1 - weight }
            }
        }
        sets.training.texts += new
        sets.training.labels += new.indices.map { text in
            let first = (labelled.training.count + text) * classes
            return (0..<classes).max { soft[first + $0] < soft[first + $1] } ?? 0
        }
        (self.sets, self.soft) = (sets, soft)
    }
}
