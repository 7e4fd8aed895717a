import ContainerImage
import Foundation

/// The place of an image: a folder or tar on this machine, or a name in a registry.
struct ImageLocation {
    private let text: String
    /// The path, and the name after its colon, if there is such a path.
    private let local: (path: String, name: String?)?

    /// Finds out whether `text` is a path on this machine.
    ///
    /// - Parameter text: The place as the user has written it.
    init(_ text: String) {
        self.text = text
        local = Self.local(text)
    }

    /// Whether the image is on this machine.
    var isLocal: Bool { local != nil }

    /// Reads the image.
    ///
    /// Layers are read later, when somebody needs them.
    ///
    /// - Parameters:
    ///   - registry: What a registry is allowed to do.
    ///   - platform: The platform of the one image to read from an index in a registry. Nil reads all.
    /// - Returns: The image, or the images of an index.
    /// - Throws: `ContainerImageError` if the image cannot be read.
    func read(from registry: RegistryOptions, platform: Platform? = nil) async throws -> ImageOrIndex {
        guard let (path, name) = local else {
            guard !text.hasPrefix("/"), !text.hasPrefix("."), !text.hasSuffix(".tar"), !text.hasSuffix(".gguf") else {
                throw ContainerImageError.file(path: text, action: "read", reason: "there is no such file or folder")
            }
            return try await registry.connect(try Reference(text)).pull(platform: platform)
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isFolder.boolValue
            ? try await Layout(path: path).read(name: name) : try await Archive(path: path).read(name: name)
    }

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
