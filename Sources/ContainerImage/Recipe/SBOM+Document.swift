import Foundation
public import NIOCore

extension SBOM {
    /// Makes the SPDX document about an image.
    ///
    /// - Parameter image: The image.
    /// - Returns: A JSON document, which has the same bytes for the same image.
    /// - Throws: `EncodingError`, if the document cannot be encoded.
    public func document(about image: Image) throws -> ByteBuffer {
        let digest = image.descriptor.digest
        var packages = [
            SPDX.Package(
                id: "SPDXRef-Image", name: name, versionInfo: "\(digest)", purpose: "CONTAINER",
                purl: "pkg:oci/\(name.split(separator: "/").last ?? "image")@\(digest)".replacingOccurrences(
                    of: "@sha256:", with: "@sha256%3A")),
            package("SPDXRef-Program", program, purpose: "APPLICATION"),
        ]
        var relationships = [
            SPDX.Relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image"),
            SPDX.Relationship("SPDXRef-Image", "CONTAINS", "SPDXRef-Program"),
        ]
        if let model {
            packages.append(package("SPDXRef-Model", model, purpose: "OTHER"))
            relationships.append(SPDX.Relationship("SPDXRef-Image", "CONTAINS", "SPDXRef-Model"))
        }
        for linked in self.packages.sorted(by: { $0.name < $1.name }) {
            let entry = package(linked)
            packages.append(entry)
            relationships.append(SPDX.Relationship("SPDXRef-Program", "STATIC_LINK", entry.SPDXID))
        }
        return try Document.encode(
            SPDX(
                name: name, documentNamespace: "https://spdx.org/spdxdocs/pinson-\(digest.hex)",
                creationInfo: .init(created: Timestamp.rfc3339(created), creators: ["Tool: \(tool)"]),
                packages: packages, relationships: relationships))
    }

    private func package(_ id: String, _ part: Part, purpose: String) -> SPDX.Package {
        SPDX.Package(
            id: id, name: part.path, versionInfo: part.version, purpose: purpose, licence: part.licence,
            comment: part.comment, checksum: part.digest)
    }

    private func package(_ package: Package) -> SPDX.Package {
        let name = package.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
        return SPDX.Package(
            id: "SPDXRef-Package-\(name)", name: package.name, versionInfo: package.version, purpose: "LIBRARY",
            licence: package.licence, purl: package.purl, downloadLocation: package.location)
    }
}
