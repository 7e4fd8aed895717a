import NIOCore
import NIOEmbedded
import Testing

@testable import Inference
@testable import function

/// The order in which texts are computed, and the room for them.
@Suite struct ScheduleTests {
    private let eventLoop = EmbeddedEventLoop()

    private func job(_ texts: Int, bytes: Int = 40, _ cancellation: Cancellation = Cancellation()) -> Job {
        let promise = eventLoop.makePromise(of: [Prediction].self)
        promise.futureResult.whenComplete { _ in }
        let text = String(repeating: "a", count: bytes)
        return Job(Array(repeating: text, count: texts), maxTokens: 128, unless: cancellation, promise)
    }

    private func finish(_ job: Job) { job.promise.fail(QueueFailure.stopped) }

    private func prediction(_ tokens: Int) -> Prediction {
        Prediction(label: 0, scores: [1], logits: [0], tokens: tokens, isTruncated: false)
    }

    @Test func theTokensOfATextAreEstimatedFromItsLength() {
        #expect(Job.estimatedTokens(of: "", maxTokens: 128) == 2)
        #expect(Job.estimatedTokens(of: String(repeating: "a", count: 40), maxTokens: 128) == 12)
        #expect(Job.estimatedTokens(of: String(repeating: "a", count: 60_000), maxTokens: 128) == 128)
    }

    @Test func aLongJobIsTakenInSlices() throws {
        var schedule = Schedule(.init(jobs: 10, tokens: 100_000))
        let long = job(128)
        let isAdded = schedule.add(long).isAdded
        #expect(isAdded)
        var taken: [Int] = []
        while let slice = schedule.take() {
            #expect(slice.tokens <= Schedule.sliceTokens)
            taken += slice.range
            let predictions = slice.range.map { prediction($0) }
            let finished = schedule.finish(slice, predictions)
            #expect((finished == nil) == (taken.count < 128))
            if let finished { #expect(try finished.predictions.get().map(\.tokens) == Array(0..<128)) }
        }
        #expect(taken == Array(0..<128))
        #expect(schedule.count == 0 && schedule.waitingTokens == 0)
        finish(long)
    }

    @Test func shortJobsPassALongOneWhichIsNotForgotten() {
        var schedule = Schedule(.init(jobs: 100, tokens: 100_000))
        let jobs = [job(128)] + (0..<20).map { _ in job(1) }
        for job in jobs { _ = schedule.add(job) }
        var order = ""
        for _ in 0..<12 { order += schedule.take().map { $0.id == 0 ? "L" : "s" } ?? "-" }
        #expect(order == "ssssLssssLss")
        for job in jobs { finish(job) }
    }

    @Test func theRoomIsBoundedByTokensAndPartOfItIsKeptForShortJobs() {
        var schedule = Schedule(.init(jobs: 1000, tokens: 16_000))
        var jobs: [Job] = []
        func add(_ new: Job) -> Bool {
            jobs.append(new)
            return schedule.add(new).isAdded
        }
        let large = { job(128, bytes: 1000) }  // 16,384 tokens, more than the whole room.
        #expect(add(large()), "a single job is accepted, however large it is")
        #expect(!add(large()))
        var shorts = 0
        while schedule.take() != nil {}
        while add(job(1)) { shorts += 1 }
        #expect(shorts == 16_000 / 12 || shorts == 999)
        for job in jobs { finish(job) }
    }

    @Test func longJobsMayNotUseAllPlaces() {
        var schedule = Schedule(.init(jobs: 8, tokens: 1_000_000))
        var jobs = (0..<8).map { _ in job(128) }
        let added = jobs.map { job in schedule.add(job).isAdded }
        #expect(added == [true, true, true, true, true, true, false, false])
        jobs += (0..<3).map { _ in job(1) }
        let addedLater = jobs.suffix(3).map { job in schedule.add(job).isAdded }
        #expect(addedLater == [true, true, false])
        for job in jobs { finish(job) }
    }

    @Test func jobsThatNobodyWaitsForMakeRoom() {
        var schedule = Schedule(.init(jobs: 2, tokens: 1_000_000))
        let cancellation = Cancellation()
        let jobs = [job(1, cancellation), job(1), job(1)]
        for job in jobs.prefix(2) { _ = schedule.add(job) }
        cancellation.cancel()
        let (isAdded, cancelled) = schedule.add(jobs[2])
        #expect(isAdded && cancelled.count == 1)
        for job in jobs { finish(job) }
    }

    @Test func severalRequestsInARowMustBeAloneBeforeThreadsShareOne() {
        var policy = SharingPolicy()
        let first = policy.shares(isAlone: true)
        #expect(first, "the first request of a new process is not slowed down")
        let together = policy.shares(isAlone: false)
        #expect(!together)
        var shared: [Bool] = []
        for _ in 0..<10 { shared.append(policy.shares(isAlone: true)) }
        #expect(shared == Array(repeating: false, count: 8) + [true, true])
    }

    @Test func afterALongWaitForAThreadMorePassesUseOneThread() {
        var policy = SharingPolicy()
        var pauses: [Int] = []
        for _ in 0..<8 {
            var pause = 0
            while !policy.shares(isAlone: true) { pause += 1 }
            pauses.append(pause)
            policy.finishedShared(stalled: true)
        }
        #expect(pauses == [0, 16, 32, 64, 128, 256, 512, 1024])
        while !policy.shares(isAlone: true) {}
        for _ in 0..<(64 * 11) { policy.finishedShared(stalled: false) }
        policy.finishedShared(stalled: true)
        var pause = 0
        while !policy.shares(isAlone: true) { pause += 1 }
        #expect(pause == 16)
    }

    @Test func theTimeToWaitFollowsTheMeasuredRate() {
        var rate = ServiceRate()
        #expect(rate.seconds(for: 100_000, workers: 2) == 1)
        for _ in 0..<3 { rate.add(tokens: 100, seconds: 0.1) }
        #expect(rate.seconds(for: 8000, workers: 2) == 4)
        #expect(rate.seconds(for: 10, workers: 2) == 1)
        #expect(rate.seconds(for: 10_000_000, workers: 2) == 120)
    }
}
