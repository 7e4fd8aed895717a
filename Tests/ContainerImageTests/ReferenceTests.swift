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
    func aNameIsSplitIntoItsParts(text: String, host: String, repository: String, tag: String?) throws {
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
    func anInvalidNameIsRefused(text: String) {
        #expect(throws: ContainerImageError.self) { try Reference(text) }
    }
}
