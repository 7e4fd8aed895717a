import Dispatch
import Glibc

/// A thread of the system.
struct SystemThread {
    private let thread: pthread_t

    /// Starts a thread that runs `body`.
    ///
    /// - Throws: `ThreadError` if the system does not start another thread.
    init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        final class Start {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let start = Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw ThreadError(code: code)
        }
        self.thread = thread
    }

    /// Checks that the system starts some threads, which end at once.
    ///
    /// - Parameter count: The number of threads.
    /// - Throws: `ThreadError` if it does not.
    static func check(count: Int) throws(ThreadError) {
        let end = DispatchSemaphore(value: 0)
        var threads: [SystemThread] = []
        defer {
            for _ in threads { end.signal() }
            for thread in threads { thread.join() }
        }
        for _ in 0..<count { threads.append(try SystemThread { end.wait() }) }
    }

    /// Waits until the thread has ended.
    func join() { pthread_join(thread, nil) }
}

/// The system does not start another thread.
struct ThreadError: Error, CustomStringConvertible {
    let code: Int32

    var description: String {
        "The system does not start another thread: \(String(cString: strerror(code))). "
            + "Set CONCURRENCY or THREADS to a smaller number, or allow more processes and more memory."
    }
}
