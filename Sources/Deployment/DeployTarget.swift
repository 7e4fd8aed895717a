/// Something that `pinson deploy` renders, and the target whose limits hold there.
public struct DeployTarget: Sendable {
    public let name: String
    /// Its template.
    public let file: String
    /// In limits.json.
    public let limits: String
    /// The command that takes the file to the platform.
    public let command: String

    public static let all = [
        DeployTarget(
            name: "cloud-run", file: "service.yaml", limits: "cloud-run",
            command: "gcloud run services replace service.yaml --region REGION"),
        DeployTarget(
            name: "cloud-run-volume", file: "service-volume.yaml", limits: "cloud-run",
            command: "gcloud run services replace service-volume.yaml --region REGION"),
        DeployTarget(
            name: "cloud-run-job", file: "job.yaml", limits: "cloud-run-job",
            command: "gcloud run jobs replace job.yaml --region REGION"),
        DeployTarget(
            name: "azure-container-apps", file: "azure-container-app.json", limits: "azure-container-apps",
            command: "az deployment group create --resource-group GROUP --template-file azure-container-app.json"),
        DeployTarget(
            name: "azure-container-apps-image", file: "azure-container-app-image.json", limits: "azure-container-apps",
            command: "az deployment group create --resource-group GROUP --template-file azure-container-app-image.json"),
        DeployTarget(
            name: "app-service", file: "app-service.json", limits: "app-service-f1",
            command: "az deployment group create --resource-group GROUP --template-file app-service.json"),
        DeployTarget(
            name: "lambda", file: "lambda.yaml", limits: "lambda",
            command:
                "aws cloudformation deploy --stack-name pinson --template-file lambda.yaml --capabilities CAPABILITY_IAM"
        ),
        DeployTarget(
            name: "kubernetes", file: "kubernetes.yaml", limits: "kubernetes",
            command: "kubectl apply -f kubernetes.yaml"),
        DeployTarget(
            name: "kubernetes-job", file: "kubernetes-job.yaml", limits: "kubernetes",
            command: "kubectl apply -f kubernetes-job.yaml"),
    ]

    public static func find(_ name: String) throws(DeploymentError) -> DeployTarget {
        if let found = all.first(where: { $0.name == name }) { return found }
        throw DeploymentError(
            what: "'\(name)'", reason: "no such place to deploy to",
            advice: "Choose from \(all.map(\.name).joined(separator: ", ")).")
    }
}
