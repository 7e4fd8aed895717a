import Alerts
import Feedback
import Files
import Fixtures
import Testing
import WebClient

@testable import function

/// Decisions about alerts and their delivery, with a clock and channels of the test.
@Suite struct AlertWorkerTests {
    private func results(
        _ sent: (host: String, message: AlertMessage, task: AlertTask)?, _ error: DeliveryFailure? = nil
    )
        -> AlertWorker.Events
    {
        guard let sent else { return .init() }
        return .init(results: [(sent.task, error.map { .failure($0) } ?? .success(nil))])
    }

    private let failure = DeliveryFailure(step: "POST", reason: "No.", advice: "Wait.")

    @Test("Three reports within five minutes are sent once, with their texts", arguments: [(299, 1), (301, 0)])
    func threeReports(last: Int, count: Int) throws {
        let scene = try AlertScene()
        var worker = scene.worker()
        for (text, pause) in [("one", 0), ("two", 10), ("three", last - 10)] {
            try scene.report(text, after: pause)
            _ = worker.step(.init())
        }
        _ = worker.step(.init())
        #expect(scene.sent.count == count)
        #expect(scene.sent.first?.message.reports.map(\.text) == (count == 1 ? ["one", "two", "three"] : nil))
        _ = worker.step(results(scene.sent.first))
        _ = worker.step(.init())
        #expect(scene.story == (count == 1 ? ["raised 1", "logged 1", "delivered 1"] : []))
    }

    @Test("A burst of reports is one alert, and what follows waits for the cooldown and is then one alert too")
    func theCooldown() throws {
        let scene = try AlertScene()
        var worker = scene.worker()
        for index in 0..<7 { try scene.report("\(index)") }
        _ = worker.step(.init())
        _ = worker.step(results(scene.sent.last))
        #expect(scene.sent.last?.message.alert.reports.count == 7)
        for index in 0..<5 { try scene.report("later \(index)", after: 1) }
        let pause = worker.step(.init())
        #expect(scene.sent.count == 1 && pause <= 60_000)
        scene.time += 15 * 60 * 1000
        _ = worker.step(.init())
        #expect(scene.sent.count == 2 && scene.sent.last?.message.alert.reports.count == 5)
    }

    @Test("Instances that share a volume send an alert once, whichever of them is faster", arguments: [2, 10])
    func severalInstances(count: Int) throws {
        let scene = try AlertScene()
        var workers = (0..<count).map { scene.worker("\($0)") }
        for index in 0..<3 {
            try scene.report("\(index)")
            for worker in workers.indices { _ = workers[worker].step(.init()) }
        }
        #expect(scene.sent.count == 1)
        let sender = try #require(scene.sent.first.flatMap { Int($0.host) })
        _ = workers[sender].step(results(scene.sent.first))
        scene.time += 120_000
        for worker in workers.indices { _ = workers[worker].step(.init()) }
        #expect(scene.sent.count == 1)
        #expect(scene.story == ["raised 1", "logged 1", "delivered 1"])
    }

    @Test("A process that ends after the reports were kept loses no alert")
    func anEndBeforeTheDecision() throws {
        let scene = try AlertScene()
        for index in 0..<3 { try scene.report("\(index)") }
        scene.time += 3_600_000
        var worker = scene.worker("b")
        _ = worker.step(.init())
        #expect(scene.sent.count == 1)
    }

    @Test("A process that ends while it sends is followed by another one, and the log says that it may arrive twice")
    func anEndWhileSending() throws {
        let scene = try AlertScene()
        var worker = scene.worker("a")
        for index in 0..<3 { try scene.report("\(index)") }
        _ = worker.step(.init())
        #expect(scene.sent.count == 1)
        var other = scene.worker("b")
        let pause = other.step(.init())
        #expect(scene.sent.count == 1 && pause <= 60_000)
        scene.time += 60_000
        _ = other.step(.init())
        #expect(scene.sent.map(\.host) == ["a", "b"])
        #expect(scene.sent[0].message.alert.id == scene.sent[1].message.alert.id)
        _ = other.step(results(scene.sent[1]))
        #expect(scene.story == ["raised 1", "logged 1", "interrupted 1 webhook", "delivered 1"])
    }

    @Test("What fails is tried again with growing pauses until it arrives")
    func failures() throws {
        let scene = try AlertScene()
        var worker = scene.worker()
        for index in 0..<3 { try scene.report("\(index)") }
        var pause = worker.step(.init())
        var pauses: [Int] = []
        for attempt in 1...6 {
            #expect(scene.sent.count == attempt)
            pause = worker.step(results(scene.sent.last, failure))
            pauses.append(pause)
            scene.time += pause - 1
            _ = worker.step(.init())
            #expect(scene.sent.count == attempt, "too early")
            scene.time += 1
            _ = worker.step(.init())
            while scene.sent.count == attempt {  // Longer pauses are interrupted to look at the volume.
                scene.time += 60_000
                _ = worker.step(.init())
            }
        }
        #expect((2_500...5_000).contains(pauses[0]) && (10_000...20_000).contains(pauses[2]))
        _ = worker.step(results(scene.sent.last))
        #expect(scene.story.suffix(2) == ["failed 1, attempt 6", "delivered 1"])
    }

    @Test("A server that asks for a pause gets it")
    func retryAfter() throws {
        let scene = try AlertScene()
        var worker = scene.worker()
        for index in 0..<3 { try scene.report("\(index)") }
        _ = worker.step(.init())
        var busy = failure
        busy.retryAfter = 45_000
        _ = worker.step(results(scene.sent.last, busy))
        scene.time += 44_999
        _ = worker.step(.init())
        #expect(scene.sent.count == 1)
        scene.time += 1
        _ = worker.step(.init())
        #expect(scene.sent.count == 2)
    }

    @Test("An alert that is too old is given up, and the log says so; a new process does the same")
    func anAlertThatIsTooOld() throws {
        let scene = try AlertScene()
        var worker = scene.worker()
        for index in 0..<3 { try scene.report("\(index)") }
        _ = worker.step(.init())
        _ = worker.step(results(scene.sent.last, failure))
        scene.time += 24 * 3_600_000 + 1
        var other = scene.worker("b")
        _ = other.step(.init())
        #expect(scene.sent.count == 1)
        #expect(scene.story.last == "given up 1 after 1")
    }

    @Test("A request is answered with whether its alert was sent")
    func answers() throws {
        let scene = try AlertScene()
        var worker = scene.worker()
        nonisolated(unsafe) var answers: [Bool] = []
        func waiter(_ record: FeedbackRecord) -> AlertWaiter { AlertWaiter(report: record.id) { answers.append($0) } }
        for index in 0..<2 { _ = worker.step(.init(waiters: [waiter(try scene.report("\(index)"))])) }
        #expect(answers == [false, false])
        _ = worker.step(.init(waiters: [waiter(try scene.report("third"))]))
        #expect(answers.count == 2, "the alert is being sent")
        _ = worker.step(results(scene.sent.last))
        #expect(answers == [false, false, true])
        scene.time += 3_600_000
        for index in 0..<3 { _ = worker.step(.init(waiters: [waiter(try scene.report("\(index)"))])) }
        _ = worker.step(results(scene.sent.last, failure))
        #expect(answers.suffix(3) == [false, false, false])
    }

    @Test("Without a volume, the reports of the process itself raise an alert")
    func withoutAVolume() throws {
        let scene = try AlertScene()
        var worker = scene.worker(hasVolume: false)
        for index in 0..<3 { _ = worker.step(.init(records: [scene.record("\(index)")])) }
        #expect(scene.sent.first?.message.reports.count == 3)
    }

    @Test("A report that is erased before its alert is sent is not shown")
    func erasure() throws {
        let scene = try AlertScene()
        let secret = try scene.report("secret")
        for index in 0..<3 { try scene.report("\(index)") }
        var worker = scene.worker()
        _ = worker.step(.init())
        _ = worker.step(results(scene.sent.last, failure))
        try FeedbackLog(
            scene.volume, instance: FeedbackInstance(host: "other", boot: ""), options: .init(storage: .append)
        ).append([.erasure(secret.id, .now)])
        scene.time += 10_000
        _ = worker.step(.init())
        #expect(scene.sent.count == 2)
        #expect(scene.sent.last?.message.reports.contains { $0.text == "secret" } == false)
        #expect(scene.sent.last?.message.reports.count == 3)
    }
}
