import NIOConcurrencyHelpers
import NIOCore

/// Keeps clients to a rate, in a table whose size does not depend on how many there are.
///
/// For each client it keeps one time: when the client would have used up all of its requests if it sent them evenly.
/// The table has sets of four places, like the cache of a processor. A new client takes the place of the one in its set
/// that has the most requests left. The hash has a random seed, so nobody can choose addresses of the same set.
///
/// - Source: ITU-T I.371, generic cell rate algorithm.
/// - Complexity: O(1) for each request.
final class RateLimiter: Sendable {
    private struct Place {
        var client = 0
        /// The theoretical arrival time, in nanoseconds of `NIODeadline`.
        var arrival: Int64 = 0
    }

    /// The number of clients that are kept in mind.
    static let capacity = 16_384
    private static let ways = 4

    private let limit: RateLimit
    private let places = NIOLockedValueBox([Place](repeating: Place(), count: capacity))

    init(_ limit: RateLimit) { self.limit = limit }

    /// Counts a request.
    ///
    /// - Parameters:
    ///   - client: The name of the client.
    ///   - now: The time.
    /// - Returns: nil if the request is allowed, or else the seconds after which one will be.
    func wait(_ client: ClientName, now: NIODeadline = .now()) -> Int? {
        let name = client.hashValue
        let first = Int(UInt(bitPattern: name) % UInt(Self.capacity / Self.ways)) * Self.ways
        let now = Int64(clamping: now.uptimeNanoseconds)
        let (step, period) = (limit.period / Int64(limit.count), limit.period)
        return places.withLockedValue { places in
            let set = first..<first + Self.ways
            let own = set.first { places[$0].client == name && places[$0].arrival > 0 }
            let place = own ?? set.min { places[$0].arrival < places[$1].arrival } ?? first
            let arrival = own == nil ? now : max(now, places[place].arrival)
            let early = arrival - now - (period - step)
            guard early <= 0 else { return Int((early + 999_999_999) / 1_000_000_000) }
            places[place] = Place(client: name, arrival: arrival + step)
            return nil
        }
    }
}

/// Whose requests are counted together.
enum ClientName: Hashable {
    /// Everybody who has this key.
    case key(String)
    /// An address of IPv4, or the first 8 bytes of an address of IPv6, of which a client usually has all the rest.
    case address([UInt8])
    /// Clients whose address is not known.
    case unknown
}
