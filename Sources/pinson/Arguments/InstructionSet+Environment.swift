import ArgumentParser
import Foundation
import Inference

extension InstructionSet {
    /// The instruction set that the environment variable `PINSON_ISA` names, or the fastest one of this processor.
    ///
    /// - Throws: `ValidationError` if this processor does not have it.
    static func chosenByUser() throws -> InstructionSet {
        guard let name = ProcessInfo.processInfo.environment["PINSON_ISA"], !name.isEmpty else { return .best }
        guard let set = InstructionSet(rawValue: name), set.isSupported else {
            let allowed = supported.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "The environment variable PINSON_ISA is '\(name)', but this processor supports \(allowed). "
                    + "Change it, or remove it to use the fastest.")
        }
        return set
    }
}
