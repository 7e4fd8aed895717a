import Feedback
import JSON
import Reports

/// What a person does in the browser.
struct WebAction {
    enum Kind {
        case action(Command.Action)
        case note(String)
        case search(String)
    }

    let kind: Kind
    /// The report that the person has seen.
    let id: FeedbackID?

    /// Reads an action, or returns nil if it is not one.
    init?(_ json: JSON) {
        let fields = ReportFields(json)
        let text = fields.text("text") ?? ""
        switch fields.text("action") {
        case "label"?:
            guard let label = fields.text("label") else { return nil }
            kind = .action(.label(label))
        case "confirm"?: kind = .action(.confirm)
        case "undo"?: kind = .action(.undo)
        case "skip"?: kind = .action(.skip)
        case "reject"?: kind = .action(.reject)
        case "previous"?: kind = .action(.previous)
        case "next"?: kind = .action(.next)
        case "quit"?: kind = .action(.quit)
        case "note"?: kind = .note(text)
        case "search"?: kind = .search(text)
        default: return nil
        }
        id = fields.text("id").flatMap { FeedbackID($0) }
    }
}

extension Command.Action {
    /// The name of the action on the page.
    var name: String {
        switch self {
        case .label: "label"
        case .confirm: "confirm"
        case .undo: "undo"
        case .skip: "skip"
        case .reject: "reject"
        case .note: "note"
        case .search: "search"
        case .previous: "previous"
        case .next: "next"
        case .scrollUp: "scrollUp"
        case .scrollDown: "scrollDown"
        case .quit: "quit"
        case .save: "save"
        case .drop: "drop"
        case .erase: "erase"
        }
    }
}
