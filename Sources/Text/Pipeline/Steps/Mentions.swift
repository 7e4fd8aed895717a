/// Replaces or removes mentions such as `@name`.
struct Mentions: TextStep, Substitution {
    static let name = "mentions"
    static let options = [
        StepOption("token", .text(default: "USER"), group: "replacement"),
        StepOption("remove", .flag, group: "replacement"),
        Tag.anywhere,
    ]

    private let token: [UInt8]
    private let tag: Tag

    init(_ options: StepOptions) {
        token = Array(options.text("token").utf8)
        tag = Tag(marker: 0x40, isAnywhere: options.has(Tag.anywhere.name))
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        guard let mention = tag.next(in: text, from: start) else { return nil }
        replacement.append(contentsOf: token)
        return mention
    }
}
