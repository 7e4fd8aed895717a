/// A bill of materials: what an image is made of, as an SPDX document.
///
/// - Source: SPDX specification 2.3 (ISO/IEC 5962).
public struct SBOM: Sendable {
    /// A package or a library that is linked into the program.
    public struct Package: Sendable, Hashable {
        /// The name of the package.
        public var name: String
        /// The version of the package.
        public var version: String
        /// The licence of the package, as an SPDX expression.
        public var licence: String?
        /// The package URL, such as `pkg:swift/github.com/apple/swift-nio@2.101.2`.
        public var purl: String?
        /// The address of the source code.
        public var location: String

        /// Describes a package.
        ///
        /// - Parameters:
        ///   - name: The name of the package.
        ///   - version: The version of the package.
        ///   - licence: The licence of the package, as an SPDX expression.
        ///   - purl: The package URL.
        ///   - location: The address of the source code.
        public init(name: String, version: String, licence: String? = nil, purl: String? = nil, location: String) {
            self.name = name
            self.version = version
            self.licence = licence
            self.purl = purl
            self.location = location
        }
    }

    /// A file in the image, such as the program or the model.
    public struct Part: Sendable {
        /// The absolute path in the image.
        public var path: String
        /// The digest of the file.
        public var digest: Digest
        /// The version of the file.
        public var version: String?
        /// The licence of the file, as an SPDX expression.
        public var licence: String?
        /// A note for people, for example what a model was trained on.
        public var comment: String?

        /// Describes a file.
        ///
        /// - Parameters:
        ///   - path: The absolute path in the image.
        ///   - digest: The digest of the file.
        ///   - version: The version of the file.
        ///   - licence: The licence of the file, as an SPDX expression.
        ///   - comment: A note for people.
        public init(
            path: String, digest: Digest, version: String? = nil, licence: String? = nil, comment: String? = nil
        ) {
            self.path = path
            self.digest = digest
            self.version = version
            self.licence = licence
            self.comment = comment
        }
    }

    /// The name of the image.
    public var name: String
    /// The time of the document, in seconds since 1970.
    public var created: Int64
    /// The name and the version of the tool that makes the document.
    public var tool: String
    /// The program in the image.
    public var program: Part
    /// The model in the image, if there is one.
    public var model: Part?
    /// The packages that are linked into the program.
    public var packages: [Package]

    /// Lists what an image is made of.
    ///
    /// - Parameters:
    ///   - name: The name of the image.
    ///   - created: The time of the document, in seconds since 1970.
    ///   - tool: The name and the version of the tool that makes the document.
    ///   - program: The program in the image.
    ///   - model: The model in the image, if there is one.
    ///   - packages: The packages that are linked into the program.
    public init(name: String, created: Int64, tool: String, program: Part, model: Part?, packages: [Package]) {
        self.name = name
        self.created = created
        self.tool = tool
        self.program = program
        self.model = model
        self.packages = packages
    }
}
