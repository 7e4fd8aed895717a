import ArgumentParser
import ContainerImage
import Foundation

/// An image wherever it is: a folder, a tar, a registry.
struct ImageArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A layout folder or a tar (with ':name' if it holds several), or a name in a registry.", valueName: "image"),
        completion: .file())
    var image: String

    @Flag(help: "Speak to registries other than this machine's without TLS if they have none.")
    var insecure = false

    func read() async throws -> ImageOrIndex { try await Self.read(image, insecure: insecure) }

    /// Whether it is a path here, not a name in a registry.
    static func isLocal(_ text: String) -> Bool { local(text) != nil }

    /// - Parameter platform: of an index in a registry, the one image that is wanted; nil for all.
    static func read(_ text: String, insecure: Bool, platform: Platform? = nil) async throws -> ImageOrIndex {
        guard let (path, name) = local(text) else {
            guard !text.hasPrefix("/"), !text.hasPrefix("."), !text.hasSuffix(".tar") else {
                throw ContainerImageError.file(path: text, action: "read", reason: "there is no such file or folder")
            }
            return try await Registry.connect(try Reference(text), allowsHTTP: insecure).pull(platform: platform)
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isFolder.boolValue
            ? try await Layout(path: path).read(name: name) : try await Archive(path: path).read(name: name)
    }

    /// The path in `text`, and the name behind its colon, if there is such a path.
    private static func local(_ text: String) -> (path: String, name: String?)? {
        if FileManager.default.fileExists(atPath: text) { return (text, nil) }
        for colon in text.indices where text[colon] == ":" {
            let path = String(text[..<colon])
            if FileManager.default.fileExists(atPath: path) {
                return (path, String(text[text.index(after: colon)...]))
            }
        }
        return nil
    }
}

/// What lies beside this program after `make build`.
enum Companion {
    /// The path of `name` beside this program, nil if it is not there.
    static func find(_ name: String) -> String? {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        let path = (own as NSString).deletingLastPathComponent + "/\(name)"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}

extension Platform {
    /// What the function asks of a processor at least: its kernels choose more by themselves.
    var leastInstructionSet: String { architecture == "amd64" ? "x86-64" : "armv8-a" }
}
