import Foundation
import Testing

@testable import ContainerImage

@Suite struct RedirectPolicyTests {
    @Test func aLocationAtAPrivateAddressIsNotFollowed() throws {
        let registry = try #require(URL(string: "https://ghcr.io/v2/"))
        for bad in [
            "http://ghcr.io/x", "https://169.254.169.254/latest", "https://127.0.0.1/", "https://user@ghcr.io/x",
            "https://[::1]/",
        ] {
            #expect(!RedirectPolicy(base: registry).allows(try #require(URL(string: bad))), "\(bad)")
        }
        for good in ["https://ghcr.io/x", "https://uploads.example.com/x?token=1"] {
            #expect(RedirectPolicy(base: registry).allows(try #require(URL(string: good))), "\(good)")
        }
    }

    @Test func aPrivateRegistryNamesOtherPrivateAddressesOnlyWhenAllowed() throws {
        let registry = try #require(URL(string: "http://10.0.0.1:5000/v2/"))
        for text in ["http://10.0.0.2/", "http://10.0.0.1:22/", "http://localhost:5000/", "http://127.0.0.1:5000/"] {
            let url = try #require(URL(string: text))
            #expect(!RedirectPolicy(base: registry).allows(url), "\(text)")
            #expect(RedirectPolicy(base: registry, allowsPrivate: true).allows(url), "\(text)")
        }
        #expect(RedirectPolicy(base: registry).allows(try #require(URL(string: "http://10.0.0.1:5000/x"))))
    }

    @Test(arguments: [
        "https://%D9%A1.%D9%A2.%D9%A3.%D9%A4/x", "https://2130706433/", "https://127.1/", "https://0x7f000001/",
        "https://[0:0:0:0:0:0:0:1]/", "https://100.64.0.1/", "https://[::ffff:10.0.0.1]/", "https://0/",
    ])
    func aPrivateAddressInAnotherNotationIsNotFollowed(text: String) throws {
        let base = try #require(URL(string: "https://ghcr.io/v2/"))
        guard let url = URL(string: text) else { return }
        // A name in Arabic digits is a host name, not an address. It only must not crash.
        #expect(!RedirectPolicy(base: base).allows(url) || text.contains("%D9"))
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.9.9.9", true), ("10.1.2.3", true), ("192.168.0.1", true),
        ("172.16.0.1", true), ("172.32.0.1", false), ("169.254.169.254", true), ("ghcr.io", false), ("8.8.8.8", false),
        ("fe80::1", true), ("fd00::1", true), ("2001:db8::1", false), ("LOCALHOST", true), ("localhost.", true),
        ("64:ff9b::a00:1", true), ("64:ff9b::808:808", false), ("2002:7f00:1::", true), ("ff02::1", true),
        ("224.0.0.1", true), ("198.18.0.1", true), ("255.255.255.255", true), ("::ffff:8.8.8.8", true),
    ])
    func privateAddressesAreRecognized(host: String, isPrivate: Bool) {
        #expect(Host.isPrivate(host) == isPrivate)
    }
}
