import CKernels
import Dispatch
import Glibc
import Synchronization

/// A few threads that work on one forward pass together.
///
/// A pass is one fork, its steps meet at a ``Barrier``. A member that waits for the next fork looks for it for a moment
/// before it goes to sleep: waking takes longer than a short pass, and spinning between requests would burn the time of a
/// container that pays for it.
final class Team: Sendable {
    /// Members, the caller among them.
    let count: Int

    private let members: [Member]
    private let join = Join()

    /// - Parameter count: 1 starts no thread.
    init(count: Int) {
        self.count = count
        members = (1..<max(1, count)).map { [join] in Member(index: $0, join) }
    }

    deinit {
        for member in members { member.end() }
    }

    /// Calls `body` once for each member, at the same time, and returns when all have returned.
    ///
    /// - Precondition: one caller at a time.
    func run(_ body: @escaping (_ member: Int) -> Void) {
        guard count > 1 else { return body(0) }
        join.working.store(members.count, ordering: .relaxed)
        for member in members { member.begin(body) }
        body(0)
        var looks = 0
        while join.working.load(ordering: .acquiring) > 0 {
            kernels_pause()
            looks += 1
            if looks % 4096 == 0 { sched_yield() }  // the others may be waiting for this very core
        }
        for member in members { member.forget() }
    }
}

/// Counts the members that have not finished the current fork.
private final class Join: Sendable {
    let working = Atomic(0)
}

/// One thread of a team besides the caller's.
private final class Member: Sendable {
    private let index: Int
    private let join: Join
    /// Counts the forks; a change is the signal to begin.
    private let forks = Atomic<UInt>(0)
    private let isAsleep = Atomic(false)
    private let wakeUp = DispatchSemaphore(value: 0)
    /// What to do, or nil to end the thread.
    ///
    /// Written before `forks` is counted up and read after: never at the same time.
    private nonisolated(unsafe) var body: ((Int) -> Void)?

    /// Some 100 microseconds: longer than the steps of a pass differ, shorter than a pass.
    private static let looksBeforeSleeping = 5_000

    init(index: Int, _ join: Join) {
        self.index = index
        self.join = join
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let error = pthread_create(
            &thread, nil,
            { context in
                context.map { Unmanaged<Member>.fromOpaque($0).takeRetainedValue() }?.live()
                return nil
            }, context)
        precondition(error == 0, "no thread to be had: error \(error)")
        pthread_detach(thread)
    }

    func begin(_ body: @escaping (Int) -> Void) {
        self.body = body
        signal()
    }

    func forget() { body = nil }

    /// - Precondition: no fork is under way, so `body` is nil.
    func end() { signal() }

    private func signal() {
        forks.wrappingAdd(1, ordering: .sequentiallyConsistent)
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wakeUp.signal() }
    }

    private func live() {
        var seen: UInt = 0
        while true {
            waitForFork(after: seen)
            seen &+= 1
            guard let body else { return }
            body(index)
            join.working.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        }
    }

    private func waitForFork(after seen: UInt) {
        for _ in 0..<Self.looksBeforeSleeping {
            if forks.load(ordering: .acquiring) != seen { return }
            kernels_pause()
        }
        while forks.load(ordering: .sequentiallyConsistent) == seen {
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            // Either the caller sees that this thread sleeps, and signals, or this thread sees the new fork.
            if forks.load(ordering: .sequentiallyConsistent) != seen {
                if !isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wakeUp.wait() }
                return
            }
            wakeUp.wait()
        }
    }
}
