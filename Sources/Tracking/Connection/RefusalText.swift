import Foundation

/// What a server says about a request that it refuses.
struct RefusalText {
    var code = ""
    var detail = ""

    /// Reads the body of an answer: JSON of MLflow or Google, or XML of Amazon or Azure.
    ///
    /// If it is none of these, the code and the detail stay empty.
    init(_ data: Data) {
        struct Flow: Decodable {
            var error_code: String?
            var message: String?
        }
        struct Google: Decodable {
            struct Content: Decodable {
                var status: String?
                var message: String?
            }
            var error: Content
        }
        if let document = XMLElements(data) {
            (code, detail) = (document["Error", "Code"].first ?? "", document["Error", "Message"].first ?? "")
        } else if let document = try? JSONDecoder().decode(Google.self, from: data) {
            (code, detail) = (document.error.status ?? "", document.error.message ?? "")
        } else if let document = try? JSONDecoder().decode(Flow.self, from: data) {
            (code, detail) = (document.error_code ?? "", document.message ?? "")
        }
    }
}
