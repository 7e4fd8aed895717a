import Testing

@testable import ContainerImage

@Suite struct ChallengeTests {
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
    func aChallengeIsParsedInEveryNotation(header: String, challenges: [Challenge]) {
        #expect(Challenge.parse(header) == challenges)
    }
}
