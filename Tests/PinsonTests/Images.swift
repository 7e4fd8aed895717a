import Fixtures
import Foundation
import Testing

/// What the tests of images share.
enum Images {
    static let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path

    static func pinson(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
        // Lines that are long enough not to be broken.
        try Program.run(
            Workplace.binary("pinson"), arguments, environment: ["COLUMNS": "500"].merging(environment) { $1 })
    }

    /// An image of the embedded model.
    static func withImage<R>(_ body: (_ tar: String, _ folder: URL) throws -> R) throws -> R {
        try Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("image.tar").path
            let built = try pinson("image", "build", "--model", model, "-o", tar, "--tag", "localhost/pinson:1")
            #expect(built.status == 0, "\(built.error)")
            return try body(tar, folder)
        }
    }
}
