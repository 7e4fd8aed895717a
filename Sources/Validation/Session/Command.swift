/// What a key does.
///
/// A key works only if it is in the list of commands, which the screen shows as a whole.
public struct Command: Equatable, Sendable {
    /// What can be done.
    public enum Action: Equatable, Sendable {
        case label(String)
        case confirm, undo, skip, reject, note, search, previous, next, scrollUp, scrollDown, quit
        case save, drop, erase
    }

    /// The keys, each of which does it.
    public let keys: [Key]
    /// The keys as the screen names them, such as `2/p`.
    public let name: String
    /// What they do, in a word or two.
    public let meaning: String
    /// What is done.
    public let action: Action

    init(_ keys: [Key], _ name: String, _ meaning: String, _ action: Action) {
        (self.keys, self.name, self.meaning, self.action) = (keys, name, meaning, action)
    }

    /// The most labels that have keys.
    public static let mostLabels = 36

    /// Letters that are commands, so that no label has them.
    private static let letters: Set<Character> = ["u", "s", "x", "n", "q"]

    /// The keys of labels: digits, then capital letters, and the first letter of a label if nothing else has it.
    static func labels(_ labels: [String]) -> [Command] {
        let marks = Array("1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ").prefix(labels.count)
        let firsts = labels.map { $0.lowercased().first }
        return zip(labels, marks).map { label, mark in
            let first = label.lowercased().first
            let isFree = first.map { letter in
                letter.isASCII && letter.isLetter && !letters.contains(letter)
                    && firsts.count { $0 == letter } == 1
            }
            guard let first, isFree == true else {
                return Command([.character(mark)], "\(mark)", label, .label(label))
            }
            return Command(
                [.character(mark), .character(first)], "\(mark)/\(first)", label, .label(label))
        }
    }

    /// The commands while a text is typed.
    static func typing(_ saving: String, _ dropping: String) -> [Command] {
        [
            Command([.enter], "Enter", saving, .save), Command([.escape], "Esc", dropping, .drop),
            Command([.backspace], "Backspace", "deletes", .erase),
            Command([.interrupt], "Ctrl-C", "keeps the text and quits", .quit),
        ]
    }

    /// The commands for all reports, apart from the labels.
    static let common: [Command] = [
        Command([.character("u")], "u", "undo", .undo), Command([.character("s")], "s", "skip", .skip),
        Command([.character("x")], "x", "reject", .reject),
        Command([.character("n")], "n", "note", .note),
        Command([.character("/")], "/", "search", .search),
        Command([.left], "←", "previous", .previous), Command([.right], "→", "next", .next),
        Command([.up], "↑", "scroll up", .scrollUp), Command([.down], "↓", "scroll down", .scrollDown),
        Command([.character("q"), .interrupt], "q/Ctrl-C", "quit", .quit),
    ]
}
