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
    let count: Int

    private let members: [Member]
    private let join = Join()
    private let barrier = Barrier()

    /// Starts the threads.
    ///
    /// - Parameter count: The number of members, including the caller. 1 starts no thread.
    init(count: Int) {
        self.count = count
        members = (1..<max(1, count)).map { [join] in Member(index: $0, join) }
    }

    deinit {
        for member in members { member.end() }
    }

    /// Calls `body` on some members at the same time, and returns when all have returned.
    ///
    /// One caller at a time may do so.
    ///
    /// - Parameters:
    ///   - threads: The number of members that take part, the caller among them.
    ///   - body: Does the work of one member.
    func run(threads: Int, _ body: @escaping (Share) -> Void) {
        let barrier = barrier
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
            if looks % 4096 == 0 { sched_yield() }  // The other threads may need this core.
        }
        for member in members { member.forget() }
    }
}
