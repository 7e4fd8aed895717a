import ContainerImage
import NIOCore
import Tracking
import Training

/// The labelled tweets on which a champion and a candidate are compared.
struct TestSet: Encodable {
    /// The name of the file, or `-`.
    let file: String
    /// The number of tweets.
    let tweets: Int
    /// The digest of the texts, labels and categories that were read, in their order.
    ///
    /// It does not depend on the form of the file, but on options that leave out tweets or rename labels.
    let digest: String
    /// The digest of the file, as `sha256sum` prints it; nil for standard input.
    let fileDigest: String?

    init(_ tweets: [Tweet], file: String) async throws {
        self.file = file
        self.tweets = tweets.count
        var bytes = ByteBuffer()
        for tweet in tweets {
            // Lengths keep the parts apart, whatever characters they contain.
            for part in [tweet.text, tweet.label ?? "", tweet.category ?? ""] {
                bytes.writeInteger(UInt64(part.utf8.count), endianness: .little)
                bytes.writeString(part)
            }
        }
        digest = Digest(of: bytes).description
        fileDigest = file == "-" ? nil : "sha256:" + (try await Tracking.fileDigest(file))
    }

    /// What a version that is promoted on these tweets remembers about them.
    var tags: [String: String] {
        var tags = [ModelTag.testSet: digest, "pinson.test_set.name": file]
        tags[ModelTag.testFile] = fileDigest
        return tags
    }

    /// Whether a version was promoted on these tweets, or that is not known.
    func isKnown(to version: ModelVersion) -> Bool {
        version.tags[ModelTag.testSet].map { $0 == digest } ?? true
    }
}
