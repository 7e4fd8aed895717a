/// A trial of the function with a model: the time until it answers, and the memory that it needs.
struct TrialRun {
    /// The seconds from the start to the first answer.
    let startUp: Double
    /// The peak memory in bytes after one answer.
    let residentAfterAnswer: Int64
    /// The peak memory in bytes under the full load that the function accepts.
    let residentUnderLoad: Int64
    /// The most memory in bytes under load that does not belong to a mapped file.
    let anonymousUnderLoad: Int64

    /// Runs the function three times, because the time and the memory vary a little, and puts it under load the
    /// first time.
    ///
    /// - Throws: `TrialFailure` if the function does not start or does not answer.
    init(_ program: FunctionProcess.Program) throws {
        var (times, answered): ([Double], [Int64]) = ([], [])
        var load = FunctionProcess.Memory(peak: 0, anonymous: 0)
        for run in 1...3 {
            let function = try FunctionProcess(program)
            _ = try TrialClient.ask(.init(body: #"{"text":"so good"}"#), port: function.port)
            times.append((.now - function.began) / .seconds(1))
            answered.append(try function.memory().peak)
            guard run == 1 else { continue }
            var clients = try TrialLoad(on: function)
            load = try clients.run()
        }
        startUp = times.sorted()[1]
        residentAfterAnswer = answered.max() ?? 0
        residentUnderLoad = load.peak
        anonymousUnderLoad = load.anonymous
    }
}
