import Alerts
import Dispatch
import Feedback
import Files
import ModelFile
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import WebClient

/// The thread that decides about alerts, and the connections that send them.
///
/// No prediction waits for it. A report waits for the alert that it has raised, but only for a short time.
final class AlertDesk: Sendable {
    private struct State {
        var events = AlertWorker.Events()
        var isStopped = false
        var group: MultiThreadedEventLoopGroup?
        var progress: [AlertProgress] = []
    }

    let settings: AlertSettings
    private let recorder: Recorder
    private let hasVolume: Bool
    private let state = NIOLockedValueBox(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// The time after the start at which alerts of an earlier process are looked for, in milliseconds.
    static let firstStep = 300
    /// The number of reports that may wait for their alert.
    static let limit = 4096
    /// The time that alerts have after SIGTERM, in milliseconds.
    static let stopTimeout = 500
    /// The number of alerts whose progress is kept for operators.
    static let shown = 10

    /// How far the last alerts have come, newest first.
    var progress: [AlertProgress] { state.withLockedValue { $0.progress } }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - settings: When alerts are raised, and where they are sent.
    ///   - volume: The folder of the reports, or nil if there is none.
    ///   - model: The name of the model.
    ///   - recorder: Hears of alerts and failures.
    /// - Throws: `ThreadError` if the system does not start another thread.
    init(_ settings: AlertSettings, volume: FolderVolume?, model: String, _ recorder: Recorder) throws(ThreadError) {
        (self.settings, self.recorder, hasVolume) = (settings, recorder, volume != nil)
        _ = try SystemThread { [self] in
            run(volume, model: model)
            ended.signal()
        }
    }

    /// A report of a wrong prediction was kept.
    ///
    /// - Parameters:
    ///   - record: The report.
    ///   - eventLoop: The event loop of the result.
    /// - Returns: Whether an alert about it was sent. It comes within the time that the settings give.
    func reported(_ record: FeedbackRecord, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        let promise = eventLoop.makePromise(of: Bool.self)
        let isAnswered = NIOLockedValueBox(false)
        let answer: @Sendable (Bool) -> Void = { isSent in
            let isFirst = isAnswered.withLockedValue { isAnswered in
                defer { isAnswered = true }
                return !isAnswered
            }
            if isFirst { promise.succeed(isSent) }
        }
        let timer = eventLoop.scheduleTask(in: .seconds(Int64(settings.answerSeconds))) { answer(false) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        let isTaken = state.withLockedValue { state in
            guard !state.isStopped, state.events.waiters.count < Self.limit else { return false }
            if !hasVolume { state.events.records.append(record) }
            state.events.waiters.append(AlertWaiter(report: record.id, answer: answer))
            return true
        }
        if isTaken { wakeUp.signal() } else { answer(false) }
        return promise.futureResult
    }

    /// The texts or the predictions have changed.
    ///
    /// - Parameter facts: What is said about it.
    func drifted(_ facts: [(name: String, value: String)]) {
        state.withLockedValue { $0.events.drift = facts }
        wakeUp.signal()
    }

    /// Ends the thread when nothing is being sent, but at the latest after a short time.
    ///
    /// What was not sent is sent by another instance, or after the next start.
    func stop() {
        let isFirst = state.withLockedValue { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        guard isFirst else { return }
        wakeUp.signal()
        _ = ended.wait(timeout: .now() + .milliseconds(Self.stopTimeout))
        let group = state.withLockedValue { state in
            for waiter in state.events.waiters { waiter.answer(false) }
            state.events = AlertWorker.Events()
            defer { state.group = nil }
            return state.group
        }
        group?.shutdownGracefully { _ in }
    }

    private func run(_ volume: FolderVolume?, model: String) {
        _ = wakeUp.wait(timeout: .now() + .milliseconds(Self.firstStep))
        var worker: AlertWorker?
        var failure: FileError?
        while true {
            let (events, isStopped) = state.withLockedValue { state in
                defer { state.events = AlertWorker.Events() }
                return (state.events, state.isStopped)
            }
            var pause = AlertWorker.volumePause
            do throws(FileError) {
                if worker == nil { worker = try makeWorker(volume, model: model) }
                pause = worker?.step(events) ?? pause
                if let progress = try worker?.progress() { state.withLockedValue { $0.progress = progress } }
                // The volume may have been replaced by an empty one.
                if pause == AlertWorker.volumePause { _ = try volume?.folder("alerts") }
            } catch {
                // A volume that is missing may be mounted later. The queue of reports says so as well.
                if failure != error { recorder.alert(.volumeFailed("\(error)")) }
                failure = error
                for waiter in events.waiters { waiter.answer(false) }
            }
            if isStopped, worker?.isSending != true { return }
            _ = wakeUp.wait(timeout: .now() + .milliseconds(pause))
        }
    }

    private func makeWorker(_ volume: FolderVolume?, model: String) throws(FileError) -> AlertWorker {
        let folder: any Volume = if let volume { try volume.folder("alerts") } else { TransientVolume() }
        return AlertWorker(
            settings, outbox: Outbox(folder, instance: .current),
            tail: FeedbackTail(volume, horizon: AlertWorker.horizon(settings)),
            describe: { [settings] alert, reports in
                AlertMessage(
                    alert, reports: reports, model: model, version: pinsonVersion,
                    instance: FeedbackInstance.current.name, threshold: settings.rule.threshold)
            },
            send: { [self] message, task in send(message, task) },
            tell: { [recorder] event in recorder.alert(event) })
    }

    private func send(_ message: AlertMessage, _ task: AlertTask) {
        guard let channel = settings.channels.first(where: { $0.name == task.channel }) else { return }
        let eventLoop = state.withLockedValue { state in
            let group = state.group ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
            state.group = group
            return group.next()
        }
        channel.send(message, on: eventLoop).whenComplete { [self] result in
            let result = result.mapError { error in
                error as? DeliveryFailure
                    ?? DeliveryFailure(step: "Send", reason: "\(error).", advice: "Check the network and the server.")
            }
            state.withLockedValue { $0.events.results.append((task, result)) }
            wakeUp.signal()
        }
    }
}
