import Inference

/// The jobs that wait or are being computed, and the order in which workers take their texts.
///
/// A job with few tokens is short, any other job is long. Short jobs pass long ones, but after every few of them a part
/// of a long job is taken, so neither kind waits forever. A long job is taken in slices, so a short job waits at most
/// for one slice. A part of the room is kept for short jobs.
///
/// It is a plain value, which `InferenceQueue` protects.
struct Schedule {
    /// The bounds of the schedule.
    struct Limits: Equatable, Sendable {
        /// The most jobs that are not finished.
        var jobs: Int
        /// The most tokens that no worker has taken yet.
        ///
        /// A single job may have more if nothing else waits.
        var tokens: Int
    }

    /// A part of a job that a worker computes without a pause.
    struct Slice {
        let id: Int
        let range: Range<Int>
        let job: Job
        /// The estimated number of tokens of the slice.
        var tokens: Int { job.tokens[range].reduce(0, +) }
    }

    /// A job with more tokens than this is long, and a slice of a long job has at most this many.
    static let sliceTokens = 256
    /// This many short jobs may pass a long one before a slice of the long one is taken.
    static let shortInARow = 4

    private let limits: Limits
    private var jobs: [Int: Job] = [:]
    /// The jobs with texts that no worker has taken, in the order of their arrival.
    private var short: [Int] = []
    private var long: [Int] = []
    private var nextID = 0
    private var shortTaken = 0
    /// The estimated number of tokens that no worker has taken.
    private(set) var waitingTokens = 0

    init(_ limits: Limits) { self.limits = limits }

    /// The number of jobs that are not finished.
    var count: Int { jobs.count }
    /// The number of jobs with texts that no worker has taken.
    var waiting: Int { short.count + long.count }

    /// Adds a job if there is room for it.
    ///
    /// - Parameter job: The job.
    /// - Returns: Whether it was added, and the jobs that were removed to make room because nobody waits for them.
    mutating func add(_ job: Job) -> (isAdded: Bool, cancelled: [Job]) {
        let cancelled = hasRoom(for: job) ? [] : removeCancelled()
        guard hasRoom(for: job) else { return (false, cancelled) }
        jobs[nextID] = job
        if job.work > Self.sliceTokens { long.append(nextID) } else { short.append(nextID) }
        waitingTokens += job.work
        nextID += 1
        return (true, cancelled)
    }

    /// The number of slices that workers can take now, at most `limit`.
    func slices(limit: Int) -> Int {
        var count = short.count
        for id in long where count < limit {
            guard let job = jobs[id] else { continue }
            count += max(1, job.tokens[job.taken...].reduce(0, +) / Self.sliceTokens)
        }
        return min(count, limit)
    }

    /// Takes the next slice.
    mutating func take() -> Slice? {
        let takesLong = !long.isEmpty && (short.isEmpty || shortTaken >= Self.shortInARow)
        guard let id = takesLong ? long.first : short.first, var job = jobs[id] else { return nil }
        let range = job.take(tokens: takesLong ? Self.sliceTokens : .max)
        jobs[id] = job
        shortTaken = takesLong ? 0 : shortTaken + 1
        if job.isTaken {
            if takesLong { long.removeFirst() } else { short.removeFirst() }
        }
        let slice = Slice(id: id, range: range, job: job)
        waitingTokens -= slice.tokens
        return slice
    }

    /// A job and what became of it.
    typealias Finished = (job: Job, predictions: Result<[Prediction], any Error>)

    /// A slice was computed, or was not because nobody waits for it.
    ///
    /// - Returns: The job, if it is finished now. A job is returned once.
    mutating func finish(_ slice: Slice, _ predictions: [Prediction]?) -> Finished? {
        guard jobs[slice.id] != nil else { return nil }
        guard let predictions else { return remove(slice.id).map { ($0, .failure(QueueFailure.cancelled)) } }
        guard let all = jobs[slice.id]?.store(predictions, at: slice.range) else { return nil }
        return jobs.removeValue(forKey: slice.id).map { ($0, .success(all)) }
    }

    /// Removes all jobs.
    mutating func removeAll() -> [Job] {
        defer { (jobs, short, long, waitingTokens) = ([:], [], [], 0) }
        return Array(jobs.values)
    }

    /// Whether there is room for a job.
    ///
    /// Long jobs may use three quarters of the room.
    private func hasRoom(for job: Job) -> Bool {
        guard !jobs.isEmpty else { return limits.jobs > 0 }
        let isLong = job.work > Self.sliceTokens
        let mostJobs = isLong ? limits.jobs - limits.jobs / 4 : limits.jobs
        let mostTokens = isLong ? limits.tokens - limits.tokens / 4 : limits.tokens
        return jobs.count < mostJobs && (waitingTokens == 0 || waitingTokens + job.work <= mostTokens)
    }

    /// Removes the jobs that nobody waits for, unless a worker has taken a part of them.
    private mutating func removeCancelled() -> [Job] {
        jobs.filter { $1.taken == 0 && $1.cancellation.isCancelled }.keys.compactMap { remove($0) }
    }

    private mutating func remove(_ id: Int) -> Job? {
        guard let job = jobs.removeValue(forKey: id) else { return nil }
        waitingTokens -= job.tokens[job.taken...].reduce(0, +)
        short.removeAll { $0 == id }
        long.removeAll { $0 == id }
        return job
    }
}
