public import Foundation

/// The files of this folder that are built into `pinson`.
public enum CloudRunFiles {
    /// The contents of `limits.json`, the list of known platforms and their limits.
    public static let limits = Data(PackageResources.limits_json)

    /// Returns the contents of a template.
    ///
    /// - Parameter name: The file name of the template.
    /// - Returns: The text, or nil if there is no template with this name.
    public static func template(_ name: String) -> String? {
        let bytes: [UInt8]? =
            switch name {
            case "service.yaml": PackageResources.service_yaml
            case "service-volume.yaml": PackageResources.service_volume_yaml
            case "job.yaml": PackageResources.job_yaml
            case "azure-container-app.json": PackageResources.azure_container_app_json
            case "azure-container-app-image.json": PackageResources.azure_container_app_image_json
            case "app-service.json": PackageResources.app_service_json
            case "lambda.yaml": PackageResources.lambda_yaml
            case "kubernetes.yaml": PackageResources.kubernetes_yaml
            case "kubernetes-job.yaml": PackageResources.kubernetes_job_yaml
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
