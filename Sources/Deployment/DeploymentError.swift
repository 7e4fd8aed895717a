/// A file that cannot be used, or a name that is not known, with advice on what to do.
public struct DeploymentError: Error, Equatable, CustomStringConvertible {
    /// The file, option or name that the error concerns.
    public var what: String
    /// The reason for the error, as a clause without a period.
    public var reason: String
    /// The next step, as a full sentence.
    public var advice: String

    /// The whole error in one line.
    public var description: String { "\(what): \(reason). \(advice)" }
}
