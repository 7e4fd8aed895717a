import ModelFile

/// What a page may do in a browser: run its own script, use its own style, and call its own server.
///
/// The script and the style are named by their digests, so nothing that somebody smuggles into the page is run.
///
/// - Source: W3C, Content Security Policy Level 3, sections 6 and 8.4; W3C, Trusted Types, section 4.
struct ContentSecurityPolicy {
    let header: (String, String)

    /// The policy of a page.
    ///
    /// - Parameters:
    ///   - style: The text between `<style>` and `</style>`.
    ///   - script: The text between `<script …>` and `</script>`, or nil if there is none.
    init(style: [UInt8], script: [UInt8]? = nil) {
        func source(_ bytes: [UInt8]) -> String { "'sha256-\(Base64.encode(KeyedHash.sha256(bytes)))'" }
        header = (
            "Content-Security-Policy",
            "default-src 'none'; script-src \(script.map(source) ?? "'none'"); style-src \(source(style)); "
                + "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types 'none'"
        )
    }

    /// The headers of a page, with those that keep other websites from opening or embedding it.
    var headers: [(String, String)] {
        [
            header, ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("X-Frame-Options", "DENY"), ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ]
    }
}
