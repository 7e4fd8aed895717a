/// Something that must hold before a candidate becomes the champion, and whether it does.
struct PromotionCondition: Encodable {
    enum Kind: String, Encodable {
        case testSet = "test-set"
        case champion, labels, metric, slice, target
    }

    enum Status: String, Encodable {
        case holds, fails, unmeasured

        /// The word for people, four characters wide.
        var word: String {
            switch self {
            case .holds: "ok  "
            case .fails: "FAIL"
            case .unmeasured: "????"
            }
        }
    }

    var kind: Kind
    /// What the condition is about, such as the name of a slice.
    var name: String
    var status: Status
    /// What was found, and what was wanted.
    var detail: String

    init(_ kind: Kind, _ name: String, _ status: Status, _ detail: String) {
        (self.kind, self.name, self.status, self.detail) = (kind, name, status, detail)
    }

    init(_ kind: Kind, _ name: String, holds: Bool, _ detail: String) {
        self.init(kind, name, holds ? .holds : .fails, detail)
    }
}
