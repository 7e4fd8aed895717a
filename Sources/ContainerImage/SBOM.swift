import Foundation
public import NIOCore

/// What an image is made of, for those who must know.
///
/// - Source: SPDX specification 2.3, ISO/IEC 5962, its JSON form.
public struct SBOM: Sendable {
    /// A package that is linked into the program.
    public struct Package: Sendable, Hashable {
        public var name: String
        public var version: String
        /// Where its source is.
        public var location: String

        public init(name: String, version: String, location: String) {
            self.name = name
            self.version = version
            self.location = location
        }
    }

    /// A file in the image that is no source code.
    public struct Part: Sendable {
        public var path: String
        public var digest: Digest
        public var version: String?
        public var licence: String?
        /// For people: what a model was trained on, how good it is.
        public var comment: String?

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

    public var name: String
    /// Seconds since 1970.
    public var created: Int64
    public var tool: String
    public var program: Part
    public var model: Part?
    public var packages: [Package]

    public init(name: String, created: Int64, tool: String, program: Part, model: Part?, packages: [Package]) {
        self.name = name
        self.created = created
        self.tool = tool
        self.program = program
        self.model = model
        self.packages = packages
    }

    /// The document about `image`, the same bytes for the same image.
    public func document(about image: Image) throws -> ByteBuffer {
        let digest = image.descriptor.digest
        var entries = [
            Entry(
                id: "SPDXRef-Image", name: name, versionInfo: "\(digest)", purpose: "CONTAINER",
                purl: "pkg:oci/\(name.split(separator: "/").last ?? "image")@\(digest)".replacingOccurrences(
                    of: "@sha256:", with: "@sha256%3A")),
            entry("SPDXRef-Program", program, purpose: "APPLICATION"),
        ]
        var links = [
            Link("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image"),
            Link("SPDXRef-Image", "CONTAINS", "SPDXRef-Program"),
        ]
        if let model {
            entries.append(entry("SPDXRef-Model", model, purpose: "OTHER"))
            links.append(Link("SPDXRef-Image", "CONTAINS", "SPDXRef-Model"))
        }
        for package in packages.sorted(by: { $0.name < $1.name }) {
            let id =
                "SPDXRef-Package-\(package.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined())"
            let place = package.location.replacingOccurrences(of: "https://", with: "").replacingOccurrences(
                of: ".git", with: "")
            entries.append(
                Entry(
                    id: id, name: package.name, versionInfo: package.version, purpose: "LIBRARY",
                    purl: "pkg:swift/\(place)@\(package.version)", downloadLocation: package.location))
            links.append(Link("SPDXRef-Program", "STATIC_LINK", id))
        }
        let document = Whole(
            name: name, documentNamespace: "https://spdx.org/spdxdocs/pinson-\(digest.hex)",
            creationInfo: .init(created: Recipe.timestamp(created), creators: ["Tool: \(tool)"]), packages: entries,
            relationships: links)
        return try Document.encode(document)
    }

    private func entry(_ id: String, _ part: Part, purpose: String) -> Entry {
        Entry(
            id: id, name: part.path, versionInfo: part.version, purpose: purpose, licence: part.licence,
            comment: part.comment,
            checksum: part.digest)
    }

    // MARK: - The format

    private struct Whole: Encodable {
        var spdxVersion = "SPDX-2.3"
        var dataLicense = "CC0-1.0"
        var SPDXID = "SPDXRef-DOCUMENT"
        var name: String
        var documentNamespace: String
        var creationInfo: Creation
        var packages: [Entry]
        var relationships: [Link]

        struct Creation: Encodable {
            var created: String
            var creators: [String]
        }
    }

    private struct Link: Encodable {
        var spdxElementId: String
        var relationshipType: String
        var relatedSpdxElement: String

        init(_ from: String, _ type: String, _ to: String) {
            (spdxElementId, relationshipType, relatedSpdxElement) = (from, type, to)
        }
    }

    private struct Entry: Encodable {
        var SPDXID: String
        var name: String
        var versionInfo: String?
        var primaryPackagePurpose: String
        var downloadLocation: String
        var filesAnalyzed = false
        var licenseConcluded = "NOASSERTION"
        var licenseDeclared: String
        var copyrightText = "NOASSERTION"
        var comment: String?
        var checksums: [Checksum]?
        var externalRefs: [ExternalReference]?

        struct Checksum: Encodable {
            var algorithm = "SHA256"
            var checksumValue: String
        }

        struct ExternalReference: Encodable {
            var referenceCategory = "PACKAGE-MANAGER"
            var referenceType = "purl"
            var referenceLocator: String
        }

        init(
            id: String, name: String, versionInfo: String?, purpose: String, licence: String? = nil,
            comment: String? = nil,
            checksum: Digest? = nil, purl: String? = nil, downloadLocation: String = "NOASSERTION"
        ) {
            SPDXID = id
            self.name = name
            self.versionInfo = versionInfo
            primaryPackagePurpose = purpose
            self.downloadLocation = downloadLocation
            licenseDeclared = licence ?? "NOASSERTION"
            self.comment = comment
            checksums = checksum.map { [Checksum(checksumValue: $0.hex)] }
            externalRefs = purl.map { [ExternalReference(referenceLocator: $0)] }
        }
    }
}
