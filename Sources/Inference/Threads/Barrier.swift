import CKernels
import Glibc
import Synchronization

/// The point where the threads of a pass wait for each other between two steps.
///
/// Threads spin and never sleep, because a step takes microseconds and all threads are awake during a pass.
final class Barrier: Sendable {
    private let arrived = Atomic(0)
    private let phase = Atomic<UInt>(0)
    private let stallCount = Atomic(0)

    /// A thread that has looked this often lets another thread run on its core.
    ///
    /// It takes about 0.2 ms, which is longer than a thread waits if all of them have a core.
    static let looksBeforeYielding = 4096

    /// The number of times that a thread has waited unusually long for another one.
    ///
    /// The other thread had then probably lost its core to a different process.
    var stalls: Int { stallCount.load(ordering: .relaxed) }

    /// Returns when `count` threads have called it.
    ///
    /// Each of them then sees everything that the others wrote before.
    func wait(for count: Int) {
        guard count > 1 else { return }
        let now = phase.load(ordering: .relaxed)
        if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == count {
            arrived.store(0, ordering: .relaxed)
            phase.store(now &+ 1, ordering: .releasing)
            return
        }
        var looks = 0
        while phase.load(ordering: .acquiring) == now {
            kernels_pause()
            looks += 1
            if looks % Self.looksBeforeYielding == 0 {
                if looks == Self.looksBeforeYielding { stallCount.wrappingAdd(1, ordering: .relaxed) }
                sched_yield()  // The other threads may need this core.
            }
        }
    }
}
