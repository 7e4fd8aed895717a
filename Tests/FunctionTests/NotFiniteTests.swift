import Fixtures
import Foundation
import ModelFile
import Testing

@testable import function

/// A model whose scores are not numbers.
@Suite struct NotFiniteTests {
    private static let bodies = [
        #"{"text":"late flight"}"#, #"{"tweet":"late flight"}"#, #"{"inputs":"late flight"}"#,
        #"{"inputs":["late flight","late"],"parameters":{"function_to_apply":"none"}}"#, #"{"texts":["late flight"]}"#,
    ]

    private func expectRefusals(_ model: ModelFile) throws {
        let function = try RunningFunction(model: model)
        defer { #expect(function.server.drain()) }
        for body in Self.bodies {
            let answer = try function.predict(body)
            #expect(answer.status == 500)
            #expect(answer.headers["content-type"] == "application/problem+json")
            let detail = try #require(try answer.json()["detail"] as? String)
            #expect(detail.contains("not finite numbers") && detail.contains("inspect --verify"))
        }
        #expect(try function.request("GET", "/health").status == 200)
    }

    @Test(arguments: [("classifier.bias", Float.nan), ("classifier.bias", .infinity), ("classifier.weight", .nan)])
    func itsAnswerIsAnErrorWithAReason(tensor: String, value: Float) throws {
        try expectRefusals(
            RunningFunction.tinyModel { file, bytes in
                let weights = try #require(file.tensor(named: tensor))
                let offset = file.withBytes { all in weights.bytes.baseAddress.map { $0 - (all.baseAddress ?? $0) } }
                let start = try #require(offset)
                withUnsafeBytes(of: value) { bytes.replaceSubrange(start..<start + 4, with: $0) }
            })
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(
                atPath: Workplace.shared.appendingPathComponent("attacks/13-nan.gguf").path),
            "needs shared/attacks"))
    func theModelOfAnAttackIsRefused() throws {
        let path = Workplace.shared.appendingPathComponent("attacks/13-nan.gguf").path
        do {
            try expectRefusals(ModelFile(path: path))
        } catch let error as ModelFileError {
            #expect("\(error)".contains("has format version 1"), "it is refused before it answers, because it is old")
        }
    }
}
