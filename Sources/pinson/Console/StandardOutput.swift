import Glibc

/// Standard output, with the errors that `print` does not report.
enum StandardOutput {
    /// The system did not take all of the output.
    struct Failure: Error, CustomStringConvertible {
        let errno: Int32

        /// Whether the program that reads the output has ended, as `head` does.
        ///
        /// This is not an error.
        var isClosedPipe: Bool { errno == EPIPE }

        var description: String {
            errno == EBADF
                ? "cannot write to stdout, because it is closed."
                : "cannot write to stdout: \(String(cString: strerror(errno))). Free some space, or write to another file."
        }
    }

    /// Writes bytes after everything that was printed.
    ///
    /// - Throws: `Failure` if the system does not take all bytes.
    static func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        try flush()
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && Glibc.errno == EINTR { continue }
            guard count > 0 else { throw Failure(errno: Glibc.errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes bytes after everything that was printed.
    ///
    /// - Throws: `Failure` if the system does not take all bytes.
    static func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    /// Writes everything that was printed and is still in a buffer.
    ///
    /// - Throws: `Failure` if the system did not take all of the output, now or earlier.
    static func flush() throws(Failure) {
        guard fflush(nil) == 0 else { throw Failure(errno: Glibc.errno) }
    }
}

/// Opens each of stdin, stdout and stderr that is closed, so that no other file gets its number.
///
/// Without this, a message for stderr could be written into a model file. Reading from a stdin that was closed and
/// writing to a stdout that was closed remain errors.
func openStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
        // The lowest free number is this one, because those below it are open.
        _ = open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_WRONLY)
    }
}
