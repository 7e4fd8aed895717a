/// The JSON form of an SPDX document; properties have the names of the specification.
///
/// - Source: SPDX specification 2.3 (ISO/IEC 5962), and its JSON schema.
struct SPDX: Encodable {
    var spdxVersion = "SPDX-2.3"
    var dataLicense = "CC0-1.0"
    var SPDXID = "SPDXRef-DOCUMENT"
    var name: String
    var documentNamespace: String
    var creationInfo: Creation
    var packages: [Package]
    var relationships: [Relationship]

    struct Creation: Encodable {
        var created: String
        var creators: [String]
    }

    struct Relationship: Encodable {
        var spdxElementId: String
        var relationshipType: String
        var relatedSpdxElement: String

        init(_ from: String, _ type: String, _ to: String) {
            (spdxElementId, relationshipType, relatedSpdxElement) = (from, type, to)
        }
    }

    /// A thing that the document describes: an image, a file, or a package of source code.
    struct Package: Encodable {
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
            comment: String? = nil, checksum: Digest? = nil, purl: String? = nil,
            downloadLocation: String = "NOASSERTION"
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
