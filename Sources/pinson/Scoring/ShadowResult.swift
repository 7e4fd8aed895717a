import ContainerImage
import Foundation

/// What `pinson compare --shadow` prints.
struct ShadowResult {
    /// The file with the text of `/metrics`, or `-`.
    let path: String
    let json: Bool

    /// Reads the file and prints the comparison.
    ///
    /// - Throws: `ShadowError` if the file cannot be read or says nothing about a shadow model.
    func show() throws {
        let place = path == "-" ? "standard input" : path
        guard
            let data = path == "-"
                ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        else { throw ShadowError(place: place, problem: "the file does not exist or cannot be read.") }
        guard let comparison = ShadowComparison(metrics: String(decoding: data, as: UTF8.self)) else {
            throw ShadowError(
                place: place,
                problem:
                    "there are no metrics of a shadow model. Start the function with SHADOW_MODEL_PATH, and save the "
                    + "text of its /metrics.")
        }
        if json { try printJSON(comparison) } else { show(comparison) }
    }

    private func show(_ comparison: ShadowComparison) {
        print("\(comparison.shadow) beside \(comparison.model), which answers".singleLine)
        print(row("texts compared", decimal(comparison.compared)))
        print(row("not compared", decimal(comparison.dropped)))
        guard let share = comparison.share else {
            return print("  Nothing was compared yet. Send texts to the function, and read its metrics again.")
        }
        let interval = String(format: "  (%.2f %% to %.2f %%)", share.low * 100, share.high * 100)
        print(row("different labels", decimal(comparison.disagreed)))
        print(row("their share", fixed(share.value * 100, 2) + " %") + interval)
        for pair in comparison.disagreements {
            print(row("  \(pair.label) → \(pair.shadow)".singleLine, decimal(pair.texts)))
        }
        if let difference = comparison.scoreDifference {
            print(row("mean score difference", fixed(difference, 4)))
        }
        if let seconds = comparison.shadowSeconds {
            print(row("shadow, mean per text", fixed(seconds * 1000, 2) + " ms"))
        }
        if let seconds = comparison.answerSeconds {
            print(row("answer, mean per request", fixed(seconds * 1000, 2) + " ms"))
        }
        print("  The shadow model computes while nothing else does, so its time is not that of a model that answers.")
    }
}

/// The metrics of a shadow model cannot be read.
struct ShadowError: Error, CustomStringConvertible {
    let place: String
    let problem: String

    var description: String { "\(place): \(problem)" }
}
