/// Decides whether several threads work on a request.
///
/// It pays only if the request is alone and no other process uses the cores. Under load, a request is rarely alone for
/// long. If another process uses a core, the threads wait for the one that has lost it.
struct SharingPolicy {
    /// Threads share a request only after this many requests in a row were alone.
    static let aloneBeforeSharing = 8
    /// After a pass in which a thread waited unusually long, at least this many passes use one thread.
    static let shortestPause = 16
    static let longestPause = 1024
    /// The pause is halved after this many shared passes without a wait.
    static let passesBeforeTrust = 64

    private var alone = aloneBeforeSharing
    /// The number of passes that still use one thread.
    private var pause = 0
    private var lastPause = 0
    private var goodPasses = 0

    /// Whether several threads work on the request that is taken now.
    mutating func shares(isAlone: Bool) -> Bool {
        alone = isAlone ? alone + 1 : 0
        guard alone > Self.aloneBeforeSharing else { return false }
        guard pause == 0 else {
            pause -= 1
            return false
        }
        return true
    }

    /// Several threads have worked on a request.
    ///
    /// - Parameter stalled: Whether one of them waited unusually long for another one.
    mutating func finishedShared(stalled: Bool) {
        if stalled {
            lastPause = min(Self.longestPause, max(Self.shortestPause, lastPause * 2))
            pause = lastPause
            goodPasses = 0
        } else {
            goodPasses += 1
            if goodPasses % Self.passesBeforeTrust == 0 { lastPause /= 2 }
        }
    }
}
