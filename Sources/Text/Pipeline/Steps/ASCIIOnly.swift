/// Removes everything but the visible characters of ASCII and the space.
struct ASCIIOnly: TextStep {
    static let name = "ascii"
    static let options: [StepOption] = []

    init(_ options: StepOptions) {}

    func apply(to text: inout TextBuffer) { text.bytes.removeAll { $0 < 0x20 || $0 > 0x7E } }
}
