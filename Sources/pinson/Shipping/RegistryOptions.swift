import ArgumentParser
import ContainerImage

/// What a registry is allowed to do.
struct RegistryOptions: ParsableArguments {
    @Flag(help: "Allow registries on other machines to be used without TLS if they do not offer it.")
    var insecure = false

    @Flag(help: "Allow registries to redirect to other hosts that have private addresses.")
    var allowPrivateRedirects = false

    /// The options as arguments.
    var arguments: [String] {
        (insecure ? ["--insecure"] : []) + (allowPrivateRedirects ? ["--allow-private-redirects"] : [])
    }

    /// Connects to the registry of `reference`.
    func connect(_ reference: Reference) async throws -> Registry {
        try await Registry.connect(
            reference, allowsHTTP: insecure, allowsPrivateRedirects: allowPrivateRedirects)
    }
}
