import CTraining

/// The kernels that a training uses, and the threads that it divides its work among.
///
/// Results do not depend on the number of threads.
public struct Arithmetic: @unchecked Sendable {
    /// The precision of the factors of matrix products.
    ///
    /// Sums are always in float32.
    public enum Precision: String, CaseIterable, Sendable {
        /// 32 bits.
        case float32
        /// The upper 16 bits of a float32, rounded.
        case bfloat16
    }

    /// The name of the instruction set.
    public let name: String
    /// The number of threads.
    public let threads: Int
    let kernels: training_kernels

    /// The fastest kernels with a precision that run on this CPU.
    ///
    /// - Parameters:
    ///   - precision: The precision of products. Nil takes bfloat16 if the CPU has instructions for it.
    ///   - threads: The number of threads, at least 1.
    public init(_ precision: Precision?, threads: Int) {
        let names = Self.names.filter { name in
            switch precision {
            case .bfloat16: name.hasSuffix("bf16")
            case .float32: !name.hasSuffix("bf16")
            case nil: name != "baseline-bf16"
            }
        }
        // Every CPU runs the plain loops, which are last.
        self = names.lazy.compactMap { Self(named: $0, threads: threads) }.first ?? Self(plain: threads)
    }

    /// The kernels of one instruction set, or nil if this CPU cannot run them.
    ///
    /// - Parameters:
    ///   - name: The name of the instruction set.
    ///   - threads: The number of threads, at least 1.
    public init?(named name: String, threads: Int) {
        guard let table = training_kernels_named(name) else { return nil }
        (self.name, self.threads, kernels) = (name, max(1, threads), table.pointee)
    }

    private init(plain threads: Int) {
        guard let plain = Self(named: "baseline", threads: threads) else { fatalError("the plain kernels are missing") }
        self = plain
    }

    /// The names of all instruction sets of this architecture.
    public static var names: [String] {
        var names: [String] = []
        while let name = training_kernels_name(names.count) { names.append(String(cString: name)) }
        return names
    }

    /// The number of columns in a panel of packed words.
    static let panel = Int(training_panel)

    /// Whether products have factors in bfloat16.
    public var isHalf: Bool { kernels.per_word == 2 }

    /// The number of words of `rows` rows of `k` values.
    func rowWords(_ rows: Int, _ k: Int) -> Int { rows * ((k + kernels.per_word - 1) / kernels.per_word) }

    /// The number of words of `columns` columns of `k` values, in panels.
    func columnWords(_ k: Int, _ columns: Int) -> Int {
        rowWords((columns + Self.panel - 1) / Self.panel * Self.panel, k)
    }
}
