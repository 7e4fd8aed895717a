import Glibc

/// The system refused an operation on a file.
public struct FileError: Error, Equatable {
    /// What was attempted.
    public enum Action: String, Sendable {
        /// Opening a new file.
        case create
        /// Creating a folder.
        case createFolder
        /// Writing bytes.
        case write
        /// Moving to the start of a file.
        case rewind
        /// Waiting until the bytes have reached the disk.
        case store
        /// Giving a finished file its name.
        case name
        /// Reading bytes.
        case read
        /// Reading the names in a folder.
        case list
        /// Deleting a file.
        case remove
    }

    /// The path that the caller gave.
    public let path: String
    /// The operation that failed.
    public let action: Action
    /// The system's error number.
    public let errno: Int32

    /// Describes a failed operation.
    ///
    /// - Parameters:
    ///   - path: The path that the caller gave.
    ///   - action: The operation that failed.
    ///   - errno: The system's error number.
    public init(path: String, action: Action, errno: Int32) {
        self.path = path
        self.action = action
        self.errno = errno
    }
}

extension FileError: CustomStringConvertible {
    /// The file, the operation, the system's reason, and what to do about it.
    public var description: String {
        "\(path): cannot \(attempt): \(String(cString: strerror(errno))). \(advice)"
    }

    private var attempt: String {
        switch action {
        case .createFolder: "create the folder"
        case .list: "list the folder"
        default: "\(action.rawValue) the file"
        }
    }

    private var advice: String {
        switch errno {
        case EEXIST, ENOTDIR: "A part of the path is a file, but it must be a folder; choose another path."
        case ENOENT: "Create the folder first, or choose another path."
        case EACCES, EPERM, EROFS: "Choose a folder that you may write to."
        case ENOSPC, EDQUOT: "Free some space on the disk, or choose another disk."
        case EISDIR: "The path is a folder; name a file in it."
        case EPIPE: "The program that reads the output has ended."
        default: "Choose another path, or check the disk."
        }
    }
}
