/// A template that `pinson deploy` fills in, and the target whose limits apply to the result.
public struct DeployTemplate: Sendable {
    /// The name on the command line, such as `cloud-run-volume`.
    public let name: String
    /// The name of the template file in the folder `cloudrun`.
    public let fileName: String
    /// The name of the target in `limits.json` whose limits apply.
    public let targetName: String
    /// The command that sends the filled-in file to the platform.
    public let command: String
    /// The bytes of memory that the platform takes in addition to the image and the function.
    public var otherMemory: Int64 = 0

    /// The names of further files that are rendered beside it.
    public var besides: [String] = []
    /// Whether the function runs there; otherwise it is the command line tool, which the image must contain as `/pinson`.
    public var runsFunction = true

    /// All templates that are built into pinson.
    public static let all =
        [
            DeployTemplate(
                name: "cloud-run", fileName: "service.yaml", targetName: "cloud-run",
                command: "gcloud run services replace service.yaml --region REGION"),
            DeployTemplate(
                name: "cloud-run-volume", fileName: "service-volume.yaml", targetName: "cloud-run",
                command: "gcloud run services replace service-volume.yaml --region REGION"),
            DeployTemplate(
                name: "cloud-run-job", fileName: "job.yaml", targetName: "cloud-run-job",
                command: "gcloud run jobs replace job.yaml --region REGION",
                otherMemory: 64 << 20),  // for writing to a bucket
            DeployTemplate(
                name: "azure-container-apps", fileName: "azure-container-app.json", targetName: "azure-container-apps",
                command: "az deployment group create --resource-group GROUP --template-file azure-container-app.json"),
            DeployTemplate(
                name: "azure-container-apps-image", fileName: "azure-container-app-image.json",
                targetName: "azure-container-apps",
                command:
                    "az deployment group create --resource-group GROUP --template-file azure-container-app-image.json"),
            DeployTemplate(
                name: "app-service", fileName: "app-service.json", targetName: "app-service-f1",
                command: "az deployment group create --resource-group GROUP --template-file app-service.json"),
            DeployTemplate(
                name: "lambda", fileName: "lambda.yaml", targetName: "lambda",
                command:
                    "aws cloudformation deploy --stack-name pinson --template-file lambda.yaml --capabilities CAPABILITY_IAM"
            ),
            DeployTemplate(
                name: "kubernetes", fileName: "kubernetes.yaml", targetName: "kubernetes",
                command: "kubectl apply -f kubernetes.yaml"),
            DeployTemplate(
                name: "kubernetes-job", fileName: "kubernetes-job.yaml", targetName: "kubernetes-job",
                command: "kubectl apply -f kubernetes-job.yaml"),
        ] + retraining

    /// The templates that retrain a model by a schedule.
    public static let retraining = [
        DeployTemplate(
            name: "cloud-run-retrain", fileName: "retrain-cloud-run.yaml", targetName: "cloud-run-job",
            command: """
                gcloud run jobs replace retrain-cloud-run.yaml --region REGION
                  curl -fsS -H "Authorization: Bearer $(gcloud auth print-access-token)" -H "Content-Type: application/json" \
                -d @retrain-scheduler.json https://cloudscheduler.googleapis.com/v1/projects/PROJECT/locations/REGION/jobs
                """, besides: ["retrain-scheduler.json"], runsFunction: false),
        DeployTemplate(
            name: "azure-container-apps-retrain", fileName: "retrain-azure.json", targetName: "azure-container-apps",
            command: """
                az deployment group create --resource-group GROUP --template-file retrain-azure.json \
                --parameters mlflowToken=TOKEN registryPassword=PASSWORD
                """, runsFunction: false),
        DeployTemplate(
            name: "kubernetes-retrain", fileName: "retrain-kubernetes.yaml", targetName: "kubernetes-job",
            command: "kubectl apply -f retrain-kubernetes.yaml", runsFunction: false),
        DeployTemplate(
            name: "github-retrain", fileName: "retrain-github.yml", targetName: "github",
            command: "git add .github/workflows/retrain-github.yml", runsFunction: false),
        DeployTemplate(
            name: "systemd-retrain", fileName: "pinson-retrain.service", targetName: "nas",
            command: """
                cp pinson-retrain.service pinson-retrain.timer /etc/systemd/system/ && \
                systemctl enable --now pinson-retrain.timer
                """, besides: ["pinson-retrain.timer"], runsFunction: false),
    ]

    /// The names of the files with dashboards, alert rules and queries for its platform.
    public var monitoring: [String] {
        switch targetName {
        case "azure-container-apps", "app-service-f1":
            ["azure-alerts.json", "azure-workbook.json", "labels.kql", "mistakes.kql", "latency.kql", "drift.kql"]
        case "cloud-run", "cloud-run-job": ["cloud-monitoring.json", "prometheus-rules.yaml", "grafana.json"]
        default: ["prometheus-rules.yaml", "grafana.json"]
        }
    }

    /// Returns the template with the given name.
    ///
    /// - Parameter name: The name of the template.
    /// - Returns: The template.
    /// - Throws: `DeploymentError` that lists the known names if there is no such template.
    public static func find(_ name: String) throws(DeploymentError) -> DeployTemplate {
        if let found = all.first(where: { $0.name == name }) { return found }
        throw DeploymentError(
            what: "'\(name)'", reason: "no such deployment template",
            advice: "Choose from \(all.map(\.name).joined(separator: ", ")).")
    }
}
