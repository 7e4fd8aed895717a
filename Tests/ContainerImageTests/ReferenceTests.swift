import Foundation
import Testing

@testable import ContainerImage

@Suite struct ReferenceTests {
    @Test(
        arguments: [
            ("ghcr.io/owner/image:tag", "ghcr.io", "owner/image", "tag"),
            ("localhost:5000/image", "localhost:5000", "image", nil),
            ("localhost/a/b__c-d.e:1_2.3", "localhost", "a/b__c-d.e", "1_2.3"),
            ("alpine", "registry-1.docker.io", "library/alpine", nil),
            ("user/image:x", "registry-1.docker.io", "user/image", "x"),
            ("docker.io/library/alpine:3", "registry-1.docker.io", "library/alpine", "3"),
            ("index.docker.io/user/image", "registry-1.docker.io", "user/image", nil),
            ("[::1]:5000/image:1", "[::1]:5000", "image", "1"),
        ] as [(String, String, String, String?)])
    func aNameIsTakenApart(text: String, host: String, repository: String, tag: String?) throws {
        let reference = try Reference(text)
        #expect(reference.host == host)
        #expect(reference.repository == repository)
        #expect(reference.tag == tag)
        #expect(reference.digest == nil)
    }

    @Test func aDigestPinsTheImage() throws {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        let reference = try Reference("ghcr.io/o/i:1@\(digest)")
        #expect(reference.tag == "1")
        #expect(reference.digest.map { "\($0)" } == digest)
        #expect(reference.description == "ghcr.io/o/i:1@\(digest)")
    }

    @Test(arguments: [
        "", "ghcr.io/", "ghcr.io/UPPER", "ghcr.io/a b", "ghcr.io/a:", "ghcr.io/a:.x", "ghcr.io/a@sha256:12",
        "ghcr.io/a//b",
        "ghcr.io/-a", "ghcr.io/a..b", "us\u{e9}r.io/a", "user:pass@ghcr.io/a",
    ])
    func aNameThatIsNoneIsRefused(text: String) {
        #expect(throws: ContainerImageError.self) { try Reference(text) }
    }

    @Test(arguments: [
        (
            #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io""#,
            [
                Challenge(
                    scheme: "bearer",
                    parameters: ["realm": "https://auth.docker.io/token", "service": "registry.docker.io"])
            ]
        ),
        (
            "Bearer realm=https://x/token , service = y",
            [
                Challenge(scheme: "bearer", parameters: ["realm": "https://x/token", "service": "y"])
            ]
        ),
        (
            #"Basic realm="a \"quoted\" one", Bearer realm="r",scope="repository:a/b:pull,push""#,
            [
                Challenge(scheme: "basic", parameters: ["realm": "a \"quoted\" one"]),
                Challenge(scheme: "bearer", parameters: ["realm": "r", "scope": "repository:a/b:pull,push"]),
            ]
        ),
        ("Negotiate", [Challenge(scheme: "negotiate", parameters: [:])]),
        ("", []), (",,= \"", []),
    ])
    func aChallengeIsReadHoweverItIsWritten(header: String, challenges: [Challenge]) {
        #expect(Challenge.parse(header) == challenges)
    }

    @Test(arguments: [("3", 3), ("-1", 0), ("soon", nil)] as [(String, Int?)])
    func retryAfterIsReadInSeconds(header: String, seconds: Int?) {
        #expect(RetryPolicy.seconds(header) == seconds)
    }

    @Test func retryAfterMayBeADate() throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let seconds = try #require(RetryPolicy.seconds(format.string(from: Date(timeIntervalSinceNow: 60))))
        #expect((55...61).contains(seconds))
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.9.9.9", true), ("10.1.2.3", true), ("192.168.0.1", true),
        ("172.16.0.1", true), ("172.32.0.1", false), ("169.254.169.254", true), ("ghcr.io", false), ("8.8.8.8", false),
        ("fe80::1", true), ("fd00::1", true), ("2001:db8::1", false),
    ])
    func privateAddressesAreKnown(host: String, isPrivate: Bool) {
        #expect(Host.isPrivate(host) == isPrivate)
    }
}
