import CKernels
import Glibc

/// The instruction sets that have kernels; of those a processor can have together, the fastest last.
public enum InstructionSet: String, Sendable, CaseIterable {
    case baseline, sse41, avx2, avxvnni, avx512vnni, amx, neon

    /// The fastest one of this CPU.
    public static var best: InstructionSet {
        allCases.last { $0.isSupported } ?? .baseline
    }

    public var isSupported: Bool { kernels_named(rawValue) != nil }

    /// The one that the environment variable `PINSON_ISA` names, or else the fastest of this CPU.
    public static func fromEnvironment() throws(UnsupportedInstructionSet) -> InstructionSet {
        let name = getenv("PINSON_ISA").map { String(cString: $0) } ?? ""
        if name.isEmpty { return best }
        guard let set = InstructionSet(rawValue: name), set.isSupported else {
            throw UnsupportedInstructionSet(name: name)
        }
        return set
    }

    var kernels: UnsafePointer<kernels> {
        guard let table = kernels_named(rawValue) else { preconditionFailure("\(rawValue) does not run here") }
        return table
    }
}

/// `PINSON_ISA` names an instruction set that is unknown or that this CPU lacks.
public struct UnsupportedInstructionSet: Error, Equatable, CustomStringConvertible {
    public let name: String

    public var description: String {
        let usable = InstructionSet.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
        return "PINSON_ISA is '\(name)', expected one that this CPU has: \(usable). Unset it to take the fastest."
    }
}
