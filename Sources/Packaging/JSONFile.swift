import Foundation

/// A JSON object in a file.
struct JSONFile {
    let path: String
    let object: [String: Any]

    init(path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PackagingError.unreadable(
                path: path, reason: "the file does not exist, or you do not have permission to read it")
        }
        do {
            guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw PackagingError.malformed(path: path, reason: "is not a JSON object")
            }
            self.object = object
        } catch let error as NSError {
            let reason = error.userInfo["NSDebugDescription"] as? String ?? error.localizedDescription
            throw PackagingError.malformed(path: path, reason: "is not valid JSON: \(reason)")
        }
    }

    /// The integer under `key`.
    func integer(_ key: String) throws -> Int {
        guard let value = object[key] as? Int else {
            throw PackagingError.malformed(
                path: path,
                reason: "has \(object[key].map { "the value \($0)" } ?? "no value") for \"\(key)\", expected an integer"
            )
        }
        return value
    }
}
