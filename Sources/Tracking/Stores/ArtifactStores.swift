import Foundation

/// The stores that an address can name.
public enum ArtifactStores {
    /// The forms of an address, for messages.
    public static let forms =
        "file:/FOLDER, s3://BUCKET/FOLDER, wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/FOLDER, "
        + "https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER, az://CONTAINER/FOLDER, gs://BUCKET/FOLDER"

    /// The store at an address, with the account that the environment names.
    ///
    /// - Parameters:
    ///   - address: The address, in one of the ``forms``.
    ///   - environment: The variables that the store's own tools read, such as `AWS_PROFILE`.
    ///   - patience: How long and how often the store is asked.
    /// - Returns: The store, or nil if the address has none of these forms.
    /// - Throws: `TrackingError.invalid` if the address or a variable is not valid, or if there is no account.
    public static func store(
        at address: String, _ environment: [String: String], patience: Patience = Patience()
    ) throws(TrackingError) -> (any ArtifactStore)? {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased() else { return nil }
        let path = parts.path.split(separator: "/").joined(separator: "/")
        switch scheme {
        case "file": return FolderArtifacts(root: parts.path)
        case "s3", "s3a": return try S3Store(bucket: name(parts, address), path, environment, patience)
        case "gs": return try GoogleStore(bucket: name(parts, address), path, environment, patience)
        case "az":
            let place = try AzureStore.Place(container: name(parts, address), folder: path, environment)
            return try AzureStore(place, environment, patience)
        case "wasbs", "wasb", "https", "http":
            guard let place = AzureStore.Place(parts) else { return nil }
            return try AzureStore(place, environment, patience)
        default: return nil
        }
    }

    private static func name(_ parts: URLComponents, _ address: String) throws(TrackingError) -> String {
        let allowed = (parts.host ?? "").utf8.allSatisfy {
            ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
        guard let host = parts.host, !host.isEmpty, allowed, parts.user == nil, parts.query == nil, parts.port == nil
        else {
            throw .invalid(
                what: URL(string: address)?.withoutSecrets ?? "the address of the artifacts",
                reason: "it does not name a bucket", advice: "Write one of \(forms).")
        }
        return host
    }
}

/// Appends a relative path to the folder of a store.
func objectPath(_ folder: String, _ path: String) -> String {
    folder.isEmpty || path.isEmpty ? folder + path : "\(folder)/\(path)"
}
