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
            case "retrain-cloud-run.yaml": PackageResources.retrain_cloud_run_yaml
            case "retrain-scheduler.json": PackageResources.retrain_scheduler_json
            case "retrain-azure.json": PackageResources.retrain_azure_json
            case "retrain-kubernetes.yaml": PackageResources.retrain_kubernetes_yaml
            case "retrain-github.yml": PackageResources.retrain_github_yml
            case "pinson-retrain.service": PackageResources.pinson_retrain_service
            case "pinson-retrain.timer": PackageResources.pinson_retrain_timer
            case "azure-alerts.json": PackageResources.azure_alerts_json
            case "azure-workbook.json": PackageResources.azure_workbook_json
            case "labels.kql": PackageResources.labels_kql
            case "mistakes.kql": PackageResources.mistakes_kql
            case "latency.kql": PackageResources.latency_kql
            case "drift.kql": PackageResources.drift_kql
            case "cloud-monitoring.json": PackageResources.cloud_monitoring_json
            case "prometheus-rules.yaml": PackageResources.prometheus_rules_yaml
            case "grafana.json": PackageResources.grafana_json
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
