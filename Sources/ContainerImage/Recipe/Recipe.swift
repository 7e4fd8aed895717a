public import Foundation
import NIOCore

/// Says how a program and its model become an image: which file goes where, and how the image is run.
///
/// A recipe is read from `container/image.json`. It lists layers from the one that changes least to the one that changes
/// most, so that a new version of the program does not send the model again.
public struct Recipe: Codable, Sendable {
    /// One layer of the image.
    public struct LayerRecipe: Codable, Sendable {
        /// What the layer contains, for the history of the image.
        public var name: String
        /// How the layer is compressed.
        ///
        /// Choose `none` for bytes that do not get smaller.
        public var compression: Compression
        /// The files of the layer.
        public var files: [File]
        /// Whether the layer is left out if none of its inputs is given.
        public var optional: Bool?
    }

    /// One file of the image.
    public struct File: Codable, Sendable {
        /// The name of the input that the file is copied from: `model`, `program` or `certificates`.
        public var from: String
        /// The absolute path in the image.
        public var to: String
        /// The permission bits, as an octal number.
        public var mode: String
    }

    /// The user and the group that the program runs as.
    public var user: String
    /// The TCP ports that the program listens on.
    public var ports: [Int]
    /// The environment variables of the program.
    public var environment: [String: String]
    /// The program and its arguments.
    public var entrypoint: [String]
    /// The signal that asks the program to stop.
    public var stopSignal: String
    /// What tools may want to know about the program, such as the paths of its probes.
    public var labels: [String: String]?
    /// The layers, lowest first.
    public var layers: [LayerRecipe]

    /// Reads a recipe.
    ///
    /// - Parameters:
    ///   - json: The text of the recipe.
    ///   - name: The file that the text is from, for errors.
    /// - Throws: `ContainerImageError.invalid` if a key is missing or a value is not valid.
    public init(json: Data, named name: String) throws {
        self = try Document.decode(Recipe.self, from: ByteBuffer(bytes: json), named: name)
        for file in layers.flatMap(\.files) where UInt32(file.mode, radix: 8) == nil {
            throw ContainerImageError.invalid(
                what: name, reason: "the mode '\(file.mode)' of \(file.to) is not an octal number",
                advice: "Write it like 0555.")
        }
    }
}
