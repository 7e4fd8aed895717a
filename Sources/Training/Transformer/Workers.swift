import Dispatch
import Synchronization

/// A function that several threads may call at the same time, because its calls use different memory.
private struct Task: @unchecked Sendable {
    let run: (Int, Int) -> Void
}

extension Arithmetic {
    /// Runs tasks that do not depend on each other, each on any of the threads.
    ///
    /// - Parameters:
    ///   - tasks: The number of tasks.
    ///   - body: Runs a task. The second argument is the number of its thread, from 0.
    func perform(_ tasks: Int, _ body: (Int, Int) -> Void) {
        guard threads > 1, tasks > 1 else {
            for task in 0..<tasks { body(task, 0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            let task = Task(run: body)
            let next = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: min(threads, tasks)) { thread in
                while true {
                    let number = next.add(1, ordering: .relaxed).oldValue
                    guard number < tasks else { return }
                    task.run(number, thread)
                }
            }
        }
    }
}
