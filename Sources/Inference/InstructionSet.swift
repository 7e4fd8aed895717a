import CKernels

/// The instruction sets that have kernels.
///
/// They are in the order of their speed: of all sets that one processor has, the last is the fastest.
public enum InstructionSet: String, Sendable, CaseIterable {
    /// Plain C, which runs on every processor and defines the results.
    case baseline
    /// SSE4.1 of x86-64.
    case sse41
    /// AVX2 and FMA of x86-64.
    case avx2
    /// AVX-VNNI of x86-64.
    case avxvnni
    /// AVX-512 VNNI of x86-64.
    case avx512vnni
    /// AMX of x86-64: products in tiles.
    case amx
    /// NEON of AArch64, with dot products.
    case neon

    /// The instruction sets that this processor has.
    public static var supported: [InstructionSet] { allCases.filter(\.isSupported) }

    /// The fastest instruction set that this processor has.
    public static var best: InstructionSet { allCases.last { $0.isSupported } ?? .baseline }

    /// Whether this processor has the instruction set.
    public var isSupported: Bool { kernels_named(rawValue) != nil }

    var kernels: UnsafePointer<kernels> {
        guard let table = kernels_named(rawValue) else { preconditionFailure("\(rawValue) does not run here") }
        return table
    }
}
