import Fixtures
import Foundation
import Testing

@testable import function

/// The page in a real browser: what people do with it, with the mouse, the keyboard and a screen reader.
@Suite struct PageFlowTests {
    private static let chromium = ["chromium", "chromium-browser", "google-chrome"].lazy.compactMap { Program.find($0) }
        .first
    private static let python = Program.find("python3")

    @Test(
        .enabled(if: chromium != nil && python != nil, "needs chromium and python3, which `make test-tools` installs"))
    func everyFlowWorks() throws {
        try Workplace.withFolder { folder in
            var feedback = FeedbackSettings()
            feedback.folder = folder.path
            let function = try RunningFunction(feedback: feedback, access: ["API_KEYS": "operate:secret"])
            defer { function.server.drain() }
            let script = Workplace.repository.appendingPathComponent("Tests/Page/flows.py").path
            let result = try Program.run(
                #require(Self.python),
                [script, #require(Self.chromium).path, "http://127.0.0.1:\(function.server.port)/", "secret"])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(result.output.split(separator: "\n").count { $0.hasPrefix("ok ") } == 16, "\(result.output)")
        }
    }
}
