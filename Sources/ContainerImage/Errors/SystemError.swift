import Foundation

/// The system's description of the last error of this thread (`errno`).
func systemError() -> String { String(cString: strerror(errno)) }
