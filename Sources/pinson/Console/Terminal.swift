import Foundation

/// What the terminal can show, and what the user wants to see there.
enum Terminal {
    /// Whether colours are written to `descriptor`.
    ///
    /// - Source: https://no-color.org and https://bixense.com/clicolors.
    static func hasColours(_ descriptor: Int32 = STDOUT_FILENO) -> Bool {
        hasColours(ProcessInfo.processInfo.environment, isTerminal: canMoveCursor(descriptor))
    }

    private static func hasColours(_ environment: [String: String], isTerminal: Bool) -> Bool {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if value("NO_COLOR") != nil { return false }
        if let force = value("CLICOLOR_FORCE"), force != "0" { return true }
        return isTerminal && value("CLICOLOR") != "0"
    }

    /// Whether `descriptor` is a terminal that understands escape sequences.
    static func canMoveCursor(_ descriptor: Int32) -> Bool {
        let name = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return isatty(descriptor) == 1 && !name.isEmpty && name != "dumb"
    }

    /// The number of characters in a line on stdout; 100 if stdout is not a terminal.
    static var width: Int {
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
            return columns
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }
}
