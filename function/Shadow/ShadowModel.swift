import Dispatch
import Glibc
import Inference
import ModelFile
import NIOConcurrencyHelpers
import NIOCore

/// A second model, which classifies texts after they were answered, and never answers itself.
///
/// It computes on a thread that the system runs only while a processor has nothing else to do. That thread must not hold a
/// lock that an answer may wait for, since it may not run for a while. So a second thread takes texts and counts results.
final class ShadowModel: Sendable {
    /// A text, and the answer to it.
    private struct Item: Sendable {
        var text: String
        var label: Int
        var score: Float
    }

    private struct State {
        var waiting: [Item] = []
        var bytes = 0
        var counts: ShadowCounts
        /// The share of a text that is due.
        var credit = 0.0
        var isStopped = false
    }

    /// The texts that are handed to the thread that computes, and its answers.
    private struct Hand: Sendable {
        var texts: [String]? = []
        var answers: [(prediction: Prediction, seconds: Double)] = []
    }

    /// The name of the model.
    let name: String
    /// The labels of the model that answers, by which everything is counted.
    let labels: [String]
    private let share: Double
    /// For each label of the model that answers, its number in the shadow model.
    private let numbers: [Int]
    private let state: NIOLockedValueBox<State>
    private let hand = NIOLockedValueBox(Hand())
    private let (wakeUp, given, done) = (
        DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )

    /// The number of texts that may wait, and of their bytes.
    static let (limit, byteLimit) = (256, 1 << 20)
    /// The time in which texts collect.
    static let pause = TimeAmount.milliseconds(20)
    /// The policy of the system for threads that run only while nothing else does.
    private static let idlePolicy: Int32 = 5

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - classifier: The shadow model.
    ///   - labels: The labels of the model that answers.
    ///   - share: The share of the texts that are compared.
    /// - Throws: `SettingsError` if it has other labels, or `ThreadError` if the system starts no thread.
    init(_ classifier: Classifier, labels: [String], share: Double) throws {
        let numbers = labels.compactMap { label in classifier.labels.firstIndex(of: label) }
        guard numbers.count == labels.count, classifier.labels.count == labels.count else {
            throw SettingsError(
                name: "SHADOW_MODEL_PATH", found: classifier.file.path,
                expected: "a model with the labels \(labels.joined(separator: ", ")), not "
                    + classifier.labels.joined(separator: ", "))
        }
        (name, self.labels, self.share, self.numbers) = (classifier.name, labels, share, numbers)
        state = NIOLockedValueBox(State(counts: ShadowCounts(labels: labels.count)))
        _ = try SystemThread { [self] in compute(classifier) }
        _ = try SystemThread { [self] in run() }
    }

    /// How the answers differ so far.
    var counts: ShadowCounts { state.withLockedValue(\.counts) }

    /// Compares the shadow model's answers with these, later.
    ///
    /// Waking a thread takes longer than anything else here, so it happens after the answer, and for several texts at once.
    ///
    /// - Parameters:
    ///   - texts: The texts of a request.
    ///   - predictions: The answers to them.
    ///   - eventLoop: The event loop that writes the answer.
    func observe(_ texts: [String], _ predictions: [Prediction], on eventLoop: any EventLoop) {
        let isFirst = state.withLockedValue { state in
            let wasEmpty = state.waiting.isEmpty
            for (text, prediction) in zip(texts, predictions) where !state.isStopped {
                state.credit += share
                guard state.credit >= 1 else { continue }
                state.credit -= 1
                let size = text.utf8.count
                guard state.waiting.count < Self.limit, state.bytes + size <= Self.byteLimit else {
                    state.counts.dropped += 1
                    continue
                }
                state.waiting.append(
                    Item(text: text, label: prediction.label, score: prediction.scores[prediction.label]))
                state.bytes += size
            }
            return wasEmpty && !state.waiting.isEmpty
        }
        if isFirst { eventLoop.scheduleTask(in: Self.pause) { [wakeUp] in _ = wakeUp.signal() } }
    }

    /// Ends the threads after the texts that are being computed.
    func stop() {
        state.withLockedValue { $0.isStopped = true }
        wakeUp.signal()
    }

    /// Hands texts over, and counts what comes back.
    private func run() {
        while true {
            wakeUp.wait()
            let (items, isStopped) = state.withLockedValue { state in
                defer { (state.waiting, state.bytes) = ([], 0) }
                return (state.waiting, state.isStopped)
            }
            hand.withLockedValue { $0 = Hand(texts: isStopped ? nil : items.map(\.text)) }
            given.signal()
            if isStopped { return }
            guard !items.isEmpty else { continue }
            done.wait()
            let answers = hand.withLockedValue(\.answers)
            state.withLockedValue { state in
                for (item, answer) in zip(items, answers) where answer.prediction.isFinite {
                    let other = numbers.firstIndex(of: answer.prediction.label) ?? 0
                    let score = answer.prediction.scores[numbers[item.label]]
                    state.counts.compare((item.label, item.score), (other, score), seconds: answer.seconds)
                }
            }
        }
    }

    /// Classifies what is handed over.
    private func compute(_ classifier: Classifier) {
        var parameters = sched_param()
        sched_setscheduler(0, Self.idlePolicy, &parameters)
        let worker = classifier.makeWorker()
        while true {
            given.wait()
            guard let texts = hand.withLockedValue(\.texts) else { return }
            guard !texts.isEmpty else { continue }
            var answers: [(prediction: Prediction, seconds: Double)] = []
            for text in texts {
                let start = NIODeadline.now()
                let prediction = worker.classify([text])
                answers.append((prediction[0], Double((NIODeadline.now() - start).nanoseconds) / 1e9))
            }
            hand.withLockedValue { $0.answers = answers }
            done.signal()
        }
    }
}
