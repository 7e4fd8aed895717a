/// The progress of one blob that is pushed to a registry.
public enum PushEvent: Sendable {
    /// Some bytes of the blob have been sent; `sent` is their number so far.
    case sending(Descriptor, sent: Int64)
    /// The registry has the blob.
    case done(Descriptor, how: Outcome)

    /// How the registry got a blob.
    public enum Outcome: String, Sendable {
        /// The blob was sent.
        case sent
        /// The registry copied the blob from another of its repositories.
        case mounted
        /// The registry had the blob before.
        case there = "already there"
    }
}
