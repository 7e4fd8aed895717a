/// The function did not do what a trial run needs.
struct TrialFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String {
        "The trial run of the function failed: \(reason). Run the program by hand, or use --estimate."
    }
}
