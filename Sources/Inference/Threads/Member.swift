import CKernels
import Dispatch
import Glibc
import Synchronization

/// The number of members that have not finished the current pass.
final class Join: Sendable {
    let working = Atomic(0)
}

/// One thread of a team besides the caller's.
final class Member: Sendable {
    private let index: Int
    private let join: Join
    /// The number of passes so far.
    ///
    /// A change is the signal to begin.
    private let passes = Atomic<UInt>(0)
    private let isAsleep = Atomic(false)
    private let wakeUp = DispatchSemaphore(value: 0)
    /// The work to do, or nil to end the thread.
    ///
    /// It is written before `passes` is incremented and read after that, so never at the same time.
    private nonisolated(unsafe) var body: ((Int) -> Void)?

    /// About 100 microseconds, which is shorter than a pass.
    private static let looksBeforeSleeping = 5_000

    /// Starts the thread, or returns nil if the system does not start another one.
    init?(index: Int, _ join: Join) {
        self.index = index
        self.join = join
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let error = pthread_create(
            &thread, nil,
            { context in
                context.map { Unmanaged<Member>.fromOpaque($0).takeRetainedValue() }?.live()
                return nil
            }, context.toOpaque())
        guard error == 0 else {
            context.release()
            return nil
        }
        pthread_detach(thread)
    }

    func begin(_ body: @escaping (Int) -> Void) {
        self.body = body
        signal()
    }

    func forget() { body = nil }

    /// Ends the thread.
    ///
    /// No pass may be running, so `body` is nil.
    func end() { signal() }

    private func signal() {
        passes.wrappingAdd(1, ordering: .sequentiallyConsistent)
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wakeUp.signal() }
    }

    private func live() {
        var seen: UInt = 0
        while true {
            waitForPass(after: seen)
            seen &+= 1
            guard let body else { return }
            body(index)
            join.working.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        }
    }

    private func waitForPass(after seen: UInt) {
        for _ in 0..<Self.looksBeforeSleeping {
            if passes.load(ordering: .acquiring) != seen { return }
            kernels_pause()
        }
        while passes.load(ordering: .sequentiallyConsistent) == seen {
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            // Either the caller sees that this thread sleeps and wakes it, or this thread sees the new pass.
            if passes.load(ordering: .sequentiallyConsistent) != seen {
                if !isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wakeUp.wait() }
                return
            }
            wakeUp.wait()
        }
    }
}
