import Feedback
import Foundation
import Testing

@testable import Validation

/// The session in a browser, without a server.
@Suite struct WebReviewTests {
    private struct Full: Error, CustomStringConvertible { var description: String { "The disk is full." } }

    private func review(_ session: Session = Samples.session(Samples.ten), isFull: Bool = false) -> WebReview {
        WebReview(session, token: "t0ken", port: 8080) { _, _ in
            .init(reasons: [.init("<b>", 0.5)], similar: [.init(0.9, "<script>", .open)])
        } record: { _ in
            if isFull { throw Full() }
        }
    }

    private func get(_ review: inout WebReview, _ path: String, host: String = "127.0.0.1:8080") -> WebAnswer {
        review.answer(WebRequest(method: "GET", path: path, host: host), at: Samples.time)
    }

    @discardableResult
    private func act(_ review: inout WebReview, _ body: String) throws -> [String: Any] {
        let request = WebRequest(
            method: "POST", path: "/t0ken/act", host: "localhost:8080", contentType: "application/json",
            body: Array(body.utf8))
        let answer = review.answer(request, at: Samples.time)
        #expect(answer.status == 200, "\(body)")
        return try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] ?? [:]
    }

    @Test func onlyWhoKnowsTheTokenAndTheNameOfTheMachineGetsAnAnswer() {
        var review = review()
        #expect(get(&review, "/t0ken/").status == 200)
        for path in ["/", "/t0ken", "/t0keN/", "/t0ken0/", "//state", "/t0ken/x/state", "/t0ken/nothing", ""] {
            #expect(get(&review, path).status == 404, "\(path)")
        }
        for host in ["example.com", "127.0.0.1", "127.0.0.1:8081", ""] {
            #expect(get(&review, "/t0ken/", host: host).status == 403, "\(host)")
        }
        #expect(Set((0..<100).map { _ in WebReview.newToken() }).count == 100 && WebReview.newToken().count == 32)
    }

    @Test func thePageLoadsOnlyItsOwnFilesAndHasNoScriptInside() throws {
        var review = review()
        let page = String(decoding: get(&review, "/t0ken/").body, as: UTF8.self)
        let files = page.matches(of: /(?:href|src)="([^"]+)"/).map { String($0.1) }
        for file in files where file != "data:," { #expect(get(&review, "/t0ken/\(file)").status == 200, "\(file)") }
        #expect(files.count == 5)
        #expect(!page.contains("style=") && page.matches(of: /\son\w+=/).isEmpty)
        #expect(page.matches(of: /<script[^>]*>(?!<\/script>)/).isEmpty)
        let script = String(decoding: get(&review, "/t0ken/review.js").body, as: UTF8.self)
        #expect(!script.contains("innerHTML") && !script.contains("eval("))
        #expect(WebAnswer.headers.contains { $0.1.contains("script-src 'self';") && !$0.1.contains("unsafe") })
    }

    @Test func whatThePersonDoesIsWhatTheKeysDo() throws {
        var review = review()
        var state = try act(&review, #"{"action":"confirm"}"#)
        #expect(state["done"] as? Int == 1 && review.session.judgement(0).verdict == .label("positive"))
        state = try act(&review, #"{"action":"label","label":"positive"}"#)
        try act(&review, #"{"action":"note","text":"irony"}"#)
        try act(&review, #"{"action":"reject"}"#)
        #expect(review.session.judgement(2) == Judgement(.rejected, note: "irony"))
        try act(&review, #"{"action":"undo"}"#)
        #expect(review.session.judgement(2) == Judgement(.open, note: "irony"))
        try act(&review, #"{"action":"search","text":"number 7"}"#)
        #expect(review.session.item?.text == "tweet number 7")
        try act(&review, #"{"action":"previous"}"#)
        state = try act(&review, #"{"action":"skip"}"#)
        #expect(state["done"] as? Int == 3)
        state = try act(&review, #"{"action":"quit"}"#)
        #expect(state["isEnded"] as? Bool == true && review.isEnded)
        state = try act(&review, #"{"action":"reject"}"#)
        #expect(state["done"] as? Int == 3, "nothing is decided after the end")
    }

    @Test func aSecondClickDecidesAboutTheReportThatWasSeen() throws {
        var review = review()
        let id = Samples.ten[0].id
        try act(&review, #"{"action":"reject","id":"\#(id)"}"#)
        try act(&review, #"{"action":"reject","id":"\#(id)"}"#)
        #expect(review.session.done == 1 && review.session.judgement(1).verdict == .open)
    }

    @Test func aDecisionThatCannotBeKeptChangesNothing() throws {
        var review = review(isFull: true)
        let state = try act(&review, #"{"action":"confirm"}"#)
        #expect(state["done"] as? Int == 0 && review.session.judgement(0).verdict == .open)
        #expect((state["message"] as? String)?.contains("The disk is full.") == true)
    }

    @Test(arguments: [
        ("GET", "/t0ken/act", "application/json", "{}", 405), ("POST", "/t0ken/state", "application/json", "{}", 405),
        ("POST", "/t0ken/act", "text/plain", #"{"action":"skip"}"#, 415),
        ("POST", "/t0ken/act", "application/json", "{", 422),
        ("POST", "/t0ken/act", "application/json", #"{"action":"label"}"#, 422),
        ("POST", "/t0ken/act", "application/json", #"{"action":"jump"}"#, 422),
    ])
    func whatIsNoActionIsRefused(method: String, path: String, type: String, body: String, status: Int) {
        var review = review()
        let request = WebRequest(
            method: method, path: path, host: "127.0.0.1:8080", contentType: type, body: Array(body.utf8))
        #expect(review.answer(request, at: Samples.time).status == status)
        let long = WebRequest(
            method: "POST", path: "/t0ken/act", host: "127.0.0.1:8080", contentType: "application/json",
            body: [UInt8](repeating: 0x20, count: WebReview.largestBody + 1))
        #expect(review.answer(long, at: Samples.time).status == 415 && review.session.done == 0)
    }

    @Test func aLabelThatDoesNotExistDecidesNothing() throws {
        var review = review()
        try act(&review, #"{"action":"label","label":"other"}"#)
        #expect(review.session.done == 0)
    }
}
