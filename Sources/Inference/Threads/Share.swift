/// One thread's part of a pass: the rows or columns that it computes in each step.
struct Share {
    /// The thread's position in the team, from 0.
    let member: Int
    /// The number of threads that work on the pass.
    let count: Int
    private let barrier: Barrier

    init(member: Int, count: Int, barrier: Barrier = Barrier()) {
        (self.member, self.count, self.barrier) = (member, count, barrier)
    }

    /// Ends a step: waits until every thread has finished its part.
    func join() { barrier.wait(for: count) }

    /// Whether this thread does the work that only one thread may do.
    var isFirst: Bool { member == 0 }

    /// This thread's part of 0..<`total`, in multiples of `step`.
    func part(of total: Int, step: Int = 1) -> Range<Int> {
        let steps = (total + step - 1) / step
        return min(total, steps * member / count * step)..<min(total, steps * (member + 1) / count * step)
    }
}
