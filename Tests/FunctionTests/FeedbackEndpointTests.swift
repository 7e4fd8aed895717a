import Feedback
import Fixtures
import Foundation
import Glibc
import Inference
import JSON
import Testing

@testable import function

/// Reports over HTTP.
@Suite struct FeedbackEndpointTests {
    private static let report =
        #"{"text":"late again","predicted_label":"positive","score":"0.9","expected_label":"negative","comment":"no"}"#

    private func with(
        _ edit: (inout FeedbackSettings) -> Void = { _ in }, keys: String = "",
        _ body: (RunningFunction, FolderVolume) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            var settings = FeedbackSettings()
            settings.folder = folder.path
            edit(&settings)
            let function = try RunningFunction(feedback: settings, access: ["API_KEYS": keys])
            defer { function.server.drain() }
            try body(function, FolderVolume(path: folder.path))
        }
    }

    @Test(arguments: ["/feedback", "/api/feedback"])
    func aReportIsOnTheVolumeWhenItIsAnswered(path: String) throws {
        try with { function, volume in
            let answer = try function.request("POST", path, body: Self.report)
            #expect(answer.status == 200)
            #expect(try answer.json()["status"] as? String == "ok")
            #expect(try answer.json()["durable"] as? Bool == true)
            let record = try #require(try FeedbackArchive(reading: volume).records.first)
            #expect(try answer.json()["id"] as? String == "\(record.id)")
            #expect(record.content == .text("late again"))
            #expect(record.predicted == "positive" && record.score == 0.9 && record.expected == "negative")
            #expect(record.comment == "no" && record.isCorrect == false)
            #expect(record.model == function.service.classifier.name && record.modelDigest.count == 64)
            #expect(!record.version.isEmpty && !record.instance.isEmpty)
            #expect(abs(record.time.milliseconds - FeedbackTime.now.milliseconds) < 60_000)
        }
    }

    @Test(arguments: ["/report_error", "/api/report_error"])
    func anErrorReportIsKept(path: String) throws {
        try with { function, volume in
            let body = #"{"tweet":"late","prediction":"positive","probability":0.75}"#
            let answer = try function.request("POST", path, body: body)
            #expect(answer.status == 200)
            #expect(try answer.json()["report_sent"] as? Bool == false)
            let records = try FeedbackArchive(reading: volume).records
            #expect(records.map(\.isCorrect) == [false] && records.map(\.score) == [0.75])
        }
    }

    @Test func withoutAVolumeAReportIsOneLineOfTheLogAndTheAnswerSaysSo() throws {
        try RunningFunction.with { function in
            let answer = try function.request("POST", "/feedback", body: Self.report)
            #expect(answer.status == 200)
            #expect(try answer.json()["durable"] as? Bool == false)
            let lines = try function.log.map { try JSON(parsing: $0.utf8) }
                .filter { $0["message"] == .string("prediction_feedback_reported") }
            #expect(lines.count == 1)
            let line = try #require(lines.first)
            #expect(line["severity"] == .string("WARNING"))
            #expect(line["text"] == .string("late again"))
            #expect(line["predicted_label"] == .string("positive") && line["score"] == .number(0.9))
            #expect(line["expected_label"] == .string("negative") && line["comment"] == .string("no"))
            #expect(line["is_correct"] == .bool(false))
            _ = try function.request("POST", "/feedback", body: #"{"text":"a","predicted_label":"b","score":1}"#)
            let last = try JSON(parsing: #require(function.log.last { $0.contains("reported") }).utf8)
            #expect(last["is_correct"] == nil && last["comment"] == nil)
        }
    }

    @Test func aHashIsKeptInPlaceOfTheText() throws {
        try with({ $0.hashKey = Array("a secret of some length".utf8) }) { function, volume in
            _ = try function.request("POST", "/feedback", body: Self.report)
            _ = try function.request("POST", "/feedback", body: Self.report)
            let records = try FeedbackArchive(reading: volume).records
            // From Python: hmac.new(b"a secret of some length", b"late again", "sha256").hexdigest()
            let hash = "a11e72be8ff1c5061ae03c818e80b0914a6c8ed8f1a67071ca5bbd2491a67d22"
            #expect(records.map(\.content) == [.hash(hash), .hash(hash)])
            #expect(records.allSatisfy { $0.comment == nil })
            for name in try volume.names() {
                #expect(Data(try #require(try volume.contents(of: name))).range(of: Data("late".utf8)) == nil)
            }
        }
    }

    @Test func aReportThatIsSentAgainWithItsKeyIsKeptOnce() throws {
        try with { function, volume in
            let headers = ["Idempotency-Key": "key 1"]
            let first = try function.request("POST", "/feedback", body: Self.report, headers: headers)
            let again = try function.request("POST", "/feedback", body: Self.report, headers: headers)
            #expect(first.body == again.body)
            #expect(try FeedbackArchive(reading: volume).records.count == 1)
            let other = #"{"text":"another","predicted_label":"b","score":1}"#
            let conflict = try function.request("POST", "/feedback", body: other, headers: headers)
            #expect(conflict.status == 422)
            #expect(conflict.body.contains("Another report has the same Idempotency-Key"))
            _ = try function.request("POST", "/feedback", body: other, headers: ["Idempotency-Key": "key 2"])
            #expect(try FeedbackArchive(reading: volume).records.count == 2)
        }
    }

    @Test func aReportIsErasedWithAKey() throws {
        try with(keys: "operate:old, operate:new") { function, volume in
            let answer = try function.request("POST", "/feedback", body: Self.report).json()
            let path = "/feedback/\(try #require(answer["id"] as? String))"
            let refused = try function.request("DELETE", path)
            #expect(refused.status == 401 && refused.headers["www-authenticate"] == "Bearer")
            for key in ["", "ol", "oldd", "old, new", "new "] {
                #expect(try function.request("DELETE", path, headers: ["X-API-Key": key]).status == 401, "'\(key)'")
            }
            #expect(try FeedbackArchive(reading: volume).records.count == 1)
            #expect(try function.request("DELETE", path, headers: ["X-API-Key": "new"]).status == 200)
            #expect(
                try function.request("DELETE", "/api" + path, headers: ["Authorization": "bearer old"]).status == 200)
            let archive = try FeedbackArchive(reading: volume)
            #expect(archive.records.isEmpty && archive.erased == 1)
            let deadline = Date(timeIntervalSinceNow: 10)
            while try holds("late again", volume), Date() < deadline { usleep(10_000) }
            #expect(try !holds("late again", volume), "the text is still on the volume")
            #expect(try function.request("DELETE", "/feedback/x", headers: ["X-API-Key": "new"]).status == 404)
            #expect(try function.request("GET", path).headers["allow"] == "DELETE, OPTIONS")
        }
    }

    private func holds(_ text: String, _ volume: FolderVolume) throws -> Bool {
        try volume.names().contains { name in
            Data(try volume.contents(of: name) ?? []).range(of: Data(text.utf8)) != nil
        }
    }

    @Test func withoutKeysNobodyErases() throws {
        try with { function, _ in
            let answer = try function.request("DELETE", "/feedback/1", headers: ["X-API-Key": ""])
            #expect(answer.status == 403 && answer.body.contains("API_KEYS"))
        }
    }

    @Test func aVolumeThatIsMissingIsAReasonAndPredictionsGoOn() throws {
        try with({ $0.folder = "/nowhere/feedback" }) { function, _ in
            let answer = try function.request("POST", "/feedback", body: Self.report)
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "5")
            #expect(answer.body.contains("No such file or directory"))
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            #expect(function.log.contains { $0.contains("Reports cannot be kept.") })
            let metrics = try function.request("GET", "/metrics").body
            #expect(metrics.contains("\npinson_feedback_total{result=\"refused\"} 1\n"))
        }
    }

    @Test func aHundredReportsAtOnceShareWaitsForTheDisk() throws {
        try with { function, volume in
            let clients = try (0..<100).map { _ in try Client(port: function.server.port) }
            for client in clients { client.send(Client.text("POST", "/feedback", body: Self.report)) }
            for client in clients { #expect(client.readResponse()?.status == 200) }
            #expect(try FeedbackArchive(reading: volume).records.count == 100)
            let metrics = try function.request("GET", "/metrics").body
            #expect(metrics.contains("\npinson_feedback_total{result=\"durable\"} 100\n"))
            #expect(metrics.contains("\npinson_feedback_incorrect_total 100\n"))
            let commits = try #require(metrics.firstMatch(of: /pinson_feedback_commits_total (\d+)/))
            #expect(try #require(Int(commits.1)) < 100)
        }
    }
}
