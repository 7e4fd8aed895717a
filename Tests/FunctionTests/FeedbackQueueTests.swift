import Dispatch
import Feedback
import Files
import Fixtures
import Foundation
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import function

/// The queue of reports in front of a volume that stalls.
@Suite struct FeedbackQueueTests {
    /// A folder whose files wait for a signal before they are durable.
    private struct StallingVolume: Volume {
        let folder: FolderVolume
        let isStalled: @Sendable () -> Bool
        var rewritesWholeFiles: Bool { false }

        final class File: VolumeFile {
            let file: any VolumeFile
            let isStalled: @Sendable () -> Bool
            init(_ file: any VolumeFile, _ isStalled: @escaping @Sendable () -> Bool) {
                (self.file, self.isStalled) = (file, isStalled)
            }
            var size: Int { file.size }
            func append(_ bytes: [UInt8]) throws(FileError) { try file.append(bytes) }
            func truncate(to size: Int) throws(FileError) { try file.truncate(to: size) }
            func synchronize() throws(FileError) {
                while isStalled() { usleep(1000) }
                try file.synchronize()
            }
        }

        func names() throws(FileError) -> [String] { try folder.names() }
        func contents(of name: String) throws(FileError) -> [UInt8]? { try folder.contents(of: name) }
        func status(of name: String) -> (size: Int, changed: FeedbackTime)? { folder.status(of: name) }
        func create(_ name: String) throws(FileError) -> any VolumeFile { File(try folder.create(name), isStalled) }
        func reopen(_ name: String) throws(FileError) -> (any VolumeFile)? {
            try folder.reopen(name).map { File($0, isStalled) }
        }
        func remove(_ name: String) throws(FileError) { try folder.remove(name) }
    }

    private func entry(_ text: String) -> FeedbackEntry {
        .report(
            FeedbackRecord(
                id: FeedbackID(time: .now), time: .now, content: .text(text), predicted: "a", score: 1))
    }

    private func with(
        timeout: Int = 1, _ body: (FeedbackQueue, any EventLoop, FolderVolume, borrowing Mutex<Bool>) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            final class Switch: Sendable { let isStalled = Mutex(false) }
            let stall = Switch()
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let volume = FolderVolume(path: folder.path)
            var settings = FeedbackSettings()
            settings.timeoutSeconds = timeout
            let stalling = StallingVolume(folder: volume) { stall.isStalled.withLock { $0 } }
            let general = try Settings(environment: Environment([:]))
            let queue = try FeedbackQueue(stalling, settings, Recorder(Log { _ in }, general))
            defer {
                stall.isStalled.withLock { $0 = false }
                queue.stop()
                try? group.syncShutdownGracefully()
            }
            try body(queue, group.next(), volume, stall.isStalled)
        }
    }

    @Test func aStalledVolumeRefusesInTimeThenAtOnceAndThenGoesOn() throws {
        try with { queue, eventLoop, volume, isStalled in
            try queue.add(entry("before"), on: eventLoop).wait()
            isStalled.withLock { $0 = true }
            let start = NIODeadline.now()
            let waiting = (0..<10).map { queue.add(entry("during \($0)"), on: eventLoop) }
            for future in waiting {
                let failure = #expect(throws: FeedbackFailure.self) { try future.wait() }
                #expect(failure == .stalled(seconds: 1))
            }
            #expect(NIODeadline.now() - start < .seconds(30))
            let later = NIODeadline.now()
            #expect(throws: FeedbackFailure.stalled(seconds: 1)) {
                try queue.add(entry("at once"), on: eventLoop).wait()
            }
            #expect(NIODeadline.now() - later < .seconds(1))
            isStalled.withLock { $0 = false }
            var isKept = false
            for _ in 0..<100 where !isKept {
                isKept = (try? queue.add(entry("after"), on: eventLoop).wait()) != nil
                usleep(20_000)
            }
            #expect(isKept)
            let texts = try FeedbackArchive(reading: volume).records.compactMap { record in
                if case .text(let text) = record.content { text } else { nil }
            }
            #expect(Set(texts).isSuperset(of: ["before", "after"]))
            #expect(!texts.contains("at once"))
        }
    }

    @Test func theNumberOfReportsThatWaitIsBounded() throws {
        try with(timeout: 60) { queue, eventLoop, _, isStalled in
            isStalled.withLock { $0 = true }
            // The thread may take up to a full queue before the volume stalls, and then the queue fills up again.
            let futures = (0...2 * FeedbackQueue.limit).map { queue.add(entry("\($0)"), on: eventLoop) }
            #expect(queue.waiting <= FeedbackQueue.limit)
            #expect(throws: FeedbackFailure.busy) { try futures[futures.count - 1].wait() }
            isStalled.withLock { $0 = false }
            let kept = futures.count { (try? $0.wait()) != nil }
            #expect(kept >= FeedbackQueue.limit)
        }
    }

    @Test func whatWaitsWhenTheFunctionStopsIsKeptOrRefused() throws {
        try with { queue, eventLoop, volume, _ in
            let futures = (0..<200).map { queue.add(entry("\($0)"), on: eventLoop) }
            queue.stop()
            let kept = futures.count { (try? $0.wait()) != nil }
            #expect(kept == 200)
            let records = try FeedbackArchive(reading: volume).records
            #expect(records.count == 200)
            #expect(throws: FeedbackFailure.stopping) { try queue.add(entry("late"), on: eventLoop).wait() }
        }
    }
}
