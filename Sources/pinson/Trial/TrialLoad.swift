import Foundation
import Glibc

/// The load that fills the queue of the function: more clients than it can serve, each with the largest body that the
/// function accepts.
///
/// All clients send their bodies except for the last byte, and then all last bytes at once. After an answer, a client
/// sends again at once. After a refusal, it waits a little.
struct TrialLoad {
    private let function: FunctionProcess
    private var clients: [TrialClient?]
    /// The time after which a client that was refused sends again.
    private var resumes: [ContinuousClock.Instant]
    /// The number of predictions for each kind of body.
    private var predictions: [Int]
    private var peak: Int64 = 0
    private var anonymous: Int64 = 0

    /// The largest body that the function accepts, in bytes, and the most texts in it.
    private static let (largestBody, mostTexts) = (1 << 16, 128)
    /// The most clients, whatever the queue of the function can hold.
    private static let mostClients = 2000
    /// A phase of the load ends when the memory grows by less than 1 % in the time `calm`, or after the time `longest`.
    private static let (calm, longest) = (Duration.milliseconds(500), Duration.seconds(10))
    /// The time that a client waits after a refusal.
    private static let pause = Duration.milliseconds(250)

    /// The bodies that take the most memory: many texts, or a single one.
    ///
    /// A tokenizer makes one token of each exclamation mark, so no body of this size has more tokens.
    private static let bodies = {
        let size = (largestBody - #"{"texts":[]}"#.utf8.count) / mostTexts - 3
        let text = "\"\(String(repeating: "!", count: size))\""
        let many = #"{"texts":["# + Array(repeating: text, count: mostTexts).joined(separator: ",") + "]}"
        let one = #"{"text":""# + String(repeating: "!", count: largestBody - #"{"text":""}"#.utf8.count) + "\"}"
        return [many, one].map { TrialClient.Request(body: $0) }
    }()

    /// Creates twice as many clients as the function can serve and let wait.
    ///
    /// - Throws: `TrialFailure` if the function does not describe its settings.
    init(on function: FunctionProcess) throws {
        struct Info: Decodable {
            var workers: Int
            var queue_limit: Int
        }
        let answer = try TrialClient.ask(.info, port: function.port)
        guard let info = try? JSONDecoder().decode(Info.self, from: Data(answer.body.utf8)) else {
            throw TrialFailure(reason: "its answer to GET /info has no 'workers' and 'queue_limit'")
        }
        var count = min(
            2 * (min(info.workers, Self.mostClients) + min(info.queue_limit, Self.mostClients)), Self.mostClients)
        count = min(count, Self.descriptors(count + 100) - 100)
        self.function = function
        clients = (0..<count).map { TrialClient(Self.bodies[$0 % 2], port: function.port, client: $0) }
        resumes = Array(repeating: .now, count: count)
        predictions = [0, 0]
    }

    /// Raises the number of descriptors that this process may open to `count` if the system allows it.
    private static func descriptors(_ count: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < UInt(count) {
            limit.rlim_cur = min(UInt(count), limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(limit.rlim_cur)
    }

    /// Runs the load, and returns the peak of the memory, with `anonymous` as the most that was seen.
    ///
    /// - Throws: `TrialFailure` if the function ends.
    mutating func run() throws -> FunctionProcess.Memory {
        try step(allButOne: true) { clients in !clients.contains { $0.map { !$0.hasSent(allButOne: true) } ?? false } }
        try step(allButOne: false) { _ in true }
        return FunctionProcess.Memory(peak: peak, anonymous: anonymous)
    }

    /// Repeats steps until `isComplete` and the memory is calm.
    private mutating func step(allButOne: Bool, until isComplete: ([TrialClient?]) -> Bool) throws {
        let start = ContinuousClock.now
        var (mark, last) = (peak, start)
        while .now - start < Self.longest {
            try step(allButOne: allButOne)
            if Double(peak) > Double(mark) * 1.01 { (mark, last) = (peak, .now) }
            if .now - last > Self.calm, isComplete(clients) { break }
        }
    }

    /// Lets every client do what it can do now, and looks at the memory.
    private mutating func step(allButOne: Bool) throws {
        let now = ContinuousClock.now
        for index in clients.indices where clients[index] == nil && now >= resumes[index] {
            clients[index] = TrialClient(Self.bodies[index % 2], port: function.port, client: index)
            resumes[index] = now + Self.pause  // if there is no connection either
        }
        let open = clients.indices.filter { clients[$0] != nil }
        var pollers = open.compactMap { clients[$0]?.poller(allButOne: allButOne) }
        _ = poll(&pollers, nfds_t(pollers.count), 20)
        for (index, poller) in zip(open, pollers) where poller.revents != 0 {
            guard let answer = clients[index]?.advance(allButOne: allButOne) else { continue }
            if answer.status == 200 { predictions[index % 2] += 1 }
            resumes[index] = answer.status == 200 ? now : now + Self.pause
            clients[index] = nil
        }
        function.discardOutput()
        let memory = try function.memory()
        (peak, anonymous) = (max(peak, memory.peak), max(anonymous, memory.anonymous))
    }
}
