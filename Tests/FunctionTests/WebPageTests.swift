import Fixtures
import Foundation
import ModelFile
import Testing

@testable import function

/// The page as it is served.
///
/// `PageFlowTests` opens it in a browser.
@Suite struct WebPageTests {
    private static let html = ["Accept": "text/html"]

    private func page() throws -> HTTPAnswer {
        try RunningFunction.with { try $0.request("GET", "/", headers: Self.html) }
    }

    private func content(_ body: String, _ start: String, _ end: String) throws -> String {
        let parts = body.components(separatedBy: start)
        #expect(parts.count == 2, "\(start)")
        return try #require(parts.last?.components(separatedBy: end).first)
    }

    @Test func thePageIsOneSmallDocument() throws {
        let body = try page().body
        #expect(body.utf8.count <= 60_000, "\(body.utf8.count) bytes")
        for pattern in [
            " src=", "@import", "url\\(", " on[a-z]+=\"", " style=", "javascript:", "innerHTML", "<link rel=\"styl",
        ] {
            #expect(body.firstMatch(of: try Regex(pattern)) == nil, "\(pattern)")
        }
        #expect(body.matches(of: /<script/).count == 1 && body.matches(of: /<style/).count == 1)
    }

    @Test func thePolicyNamesTheScriptAndTheStyleThatAreServed() throws {
        let page = try page()
        let policy = try #require(page.headers["content-security-policy"])
        for (directive, start, end) in [
            ("script-src", "<script type=\"module\">", "</script>"), ("style-src", "<style>", "</style>"),
        ] {
            let text = try content(page.body, start, end)
            #expect(text.count > 1000)
            let digest = Data(KeyedHash.sha256(Array(text.utf8))).base64EncodedString()
            #expect(policy.contains("\(directive) 'sha256-\(digest)';"))
        }
        #expect(!policy.contains("unsafe") && policy.hasPrefix("default-src 'none'"))
        #expect(page.headers["cross-origin-opener-policy"] == "same-origin")
        #expect(page.headers["referrer-policy"] == "no-referrer" && page.headers["x-frame-options"] == "DENY")
    }

    @Test func aBrowserThatHasThePageGetsNothingAgain() throws {
        try RunningFunction.with { function in
            let tag = try #require(try function.request("GET", "/", headers: Self.html).headers["etag"])
            for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let answer = try function.request(
                    "GET", "/", headers: Self.html.merging(["If-None-Match": known]) { $1 })
                #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["etag"] == tag, "\(known)")
                #expect(answer.headers["content-length"] == nil && answer.headers["content-type"] == nil)
                #expect(answer.headers["vary"] == "Accept")
            }
            for unknown in ["\"x\"", "", tag.replacing("\"", with: "")] {
                let headers = Self.html.merging(["If-None-Match": unknown]) { $1 }
                #expect(try function.request("GET", "/", headers: headers).status == 200, "\(unknown)")
            }
            let client = try Client(port: function.server.port)
            let again = Client.text("GET", "/", headers: Self.html.merging(["If-None-Match": tag]) { $1 })
            client.send(again + Client.text("GET", "/health"))
            #expect(client.readResponse()?.status == 304 && client.readResponse()?.status == 200)
        }
    }

    @Test func bothLanguagesHaveTheSameTextsAndEveryTextIsUsed() throws {
        let folder = Workplace.repository.appendingPathComponent("function/page")
        func read(_ name: String) throws -> String {
            try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        }
        let table = try read("strings.js")
        let english = try content(table, "  en: {\n", "\n  },\n")
        let french = try content(table, "  fr: {\n", "\n  },\n")
        func names(_ text: String) -> [String] {
            text.matches(of: /(?:^|[,{]\s+|\n\s+)([a-zA-Z0-9]+): (?:"|[a-z]+ =>|\()/).map { String($0.1) }
        }
        #expect(names(english).count > 90 && Set(names(english)).count == names(english).count)
        #expect(names(english) == names(french))
        let sources = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".js") || $0.hasSuffix(".html") }.map(read).joined()
        let used = sources.replacing(table, with: "") + (try content(table, "/** The text with", "zzz"))
        for name in names(english) {
            #expect(used.contains("\"\(name)\""), "nothing shows the text '\(name)'")
        }
        // What stands in the page before its script runs is the English text.
        let page = try read("page.html")
        for match in page.matches(of: /data-text="([a-zA-Z0-9]+)"[^>]*>([^<]*)</) {
            #expect(english.contains("\(match.1): \"\(match.2)\""), "\(match.1)")
        }
    }

    @Test func noSourceIsLong() throws {
        for source in try FileManager.default.contentsOfDirectory(
            at: Workplace.repository.appendingPathComponent("function/page"), includingPropertiesForKeys: nil)
        {
            let lines = try String(contentsOf: source, encoding: .utf8).split(separator: "\n")
            #expect(
                lines.count <= 160 && lines.allSatisfy { $0.count <= 170 || $0.contains("data:image") },
                "\(source.lastPathComponent)")
        }
    }
}
