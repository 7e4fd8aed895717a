import Glibc

/// Reports that a page of the mapped model file cannot be read, and ends the process.
///
/// This happens if the file becomes shorter while it is in use, or if the volume fails.
enum MemoryFault {
    /// The exit status.
    static let status: Int32 = 3

    /// Installs the handler.
    ///
    /// It only calls functions that a signal handler may call.
    static func report() {
        signal(SIGBUS) { _ in
            let line: StaticString = """
                {"severity":"CRITICAL","message":"A page of the model file cannot be read. The file was truncated or \
                its volume failed. Replace a model file by renaming a new file, and do not overwrite it."}

                """
            _ = write(STDOUT_FILENO, line.utf8Start, line.utf8CodeUnitCount)
            _exit(MemoryFault.status)
        }
    }
}
