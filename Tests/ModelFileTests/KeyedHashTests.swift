import ModelFile
import Testing

/// The test vectors of RFC 4231, sections 4.2 to 4.4 and 4.7.
@Suite struct KeyedHashTests {
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([UInt8](repeating: 0xAA, count: 64), "", "db2cf93f633fcdfd9bb7f3b99763a63725cb8e38b4fa60a87d0e94b71d8b5970"),
    ])
    func theHashIsHMACWithSHA256(key: [UInt8], message: String, digits: String) {
        let hash = KeyedHash.sha256(key: key, message: Array(message.utf8))
        #expect(KeyedHash.hexadecimal(hash) == digits)
    }

    /// - Source: NIST FIPS 180-4, the example of one block.
    @Test func withoutAKeyTheHashIsSHA256() {
        #expect(
            KeyedHash.hexadecimal(KeyedHash.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
