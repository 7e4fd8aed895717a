import CKernels
import Glibc
import Synchronization

/// A few threads that work on one pass together.
///
/// The threads are woken once for each pass and meet at a ``Barrier`` after each step, because waking a thread takes
/// ten times as long as meeting it. After a pass, a thread spins for a moment before it sleeps. Waking it takes longer
/// than a short pass, but spinning until the next request would waste processor time that somebody pays for.
final class Team: Sendable {
    /// The number of members, including the caller.
    ///
    /// It is smaller than the number that was asked for if the system did not start all threads.
    let count: Int

    private let members: [Member]
    private let join = Join()
    private let barrier = Barrier()

    /// Starts the threads.
    ///
    /// - Parameter count: The number of members, including the caller. 1 starts no thread.
    init(count: Int) {
        var members: [Member] = []
        for index in 1..<max(1, count) {
            guard let member = Member(index: index, join) else { break }
            members.append(member)
        }
        self.members = members
        self.count = members.count + 1
    }

    deinit {
        for member in members { member.end() }
    }

    /// The number of times that a member has waited unusually long for another one.
    var stalls: Int { barrier.stalls }

    /// Calls `body` on some members at the same time, and returns when all have returned.
    ///
    /// One caller at a time may do so.
    ///
    /// - Parameters:
    ///   - threads: The number of members that take part, the caller among them.
    ///   - body: Does the work of one member.
    func run(threads: Int, _ body: @escaping (Share) -> Void) {
        let barrier = barrier
        let threads = min(threads, count)
        guard threads > 1 else { return body(Share(member: 0, count: 1, barrier: barrier)) }
        run { member in
            if member < threads { body(Share(member: member, count: threads, barrier: barrier)) }
        }
    }

    private func run(_ body: @escaping (_ member: Int) -> Void) {
        join.working.store(members.count, ordering: .relaxed)
        for member in members { member.begin(body) }
        body(0)
        var looks = 0
        while join.working.load(ordering: .acquiring) > 0 {
            kernels_pause()
            looks += 1
            if looks % Barrier.looksBeforeYielding == 0 { sched_yield() }  // The other threads may need this core.
        }
        for member in members { member.forget() }
    }
}
