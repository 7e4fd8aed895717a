import Feedback
import Inference
import NIOCore
import Telemetry
import Testing

@testable import function

@Suite struct SettingsTests {
    @Test func withoutVariablesTheDefaultsApply() throws {
        let settings = try Settings(environment: Environment([:]), quota: CPUQuota(cpus: 2.5))
        #expect(settings.host == "0.0.0.0")
        #expect(settings.port == 8080)
        #expect(settings.workers == 3)
        #expect(settings.threads == 2)
        #expect(settings.queueLimit == 256)
        #expect(!settings.logsText)
    }

    @Test(arguments: [
        (["PORT": "1", "WEBSITES_PORT": "2"], 1), (["WEBSITES_PORT": "2", "AWS_LWA_PORT": "5"], 2),
        (["FUNCTIONS_CUSTOMHANDLER_PORT": "3"], 3), (["CONTAINER_APP_PORT": "4"], 4), (["AWS_LWA_PORT": "5"], 5),
        (["PORT": "", "CONTAINER_APP_PORT": "4"], 4),
    ])
    func thePortOfEveryPlatformIsRead(variables: [String: String], port: Int) throws {
        #expect(try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 1)).port == port)
    }

    @Test func everySettingCanBeChanged() throws {
        let variables = [
            "CONCURRENCY": "1", "THREADS": "4", "MODEL_PATH": "/x.gguf", "QUEUE_LIMIT": "0", "LOG_TEXT": "1",
            "LOG_LEVEL": "warning", "VERIFY_MODEL": "true", "QUEUE_TOKENS": "7", "CONNECTION_LIMIT": "9",
            "CONNECTION_LIMIT_PER_ADDRESS": "3", "REQUEST_TIMEOUT": "4", "PINSON_ISA": "baseline", "HOST": "::1",
        ]
        let settings = try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 8))
        var limits = ConnectionLimits()
        (limits.connections, limits.connectionsPerAddress) = (9, 3)
        (limits.request, limits.head) = (.seconds(4), .seconds(4))
        #expect(
            settings
                == Settings(
                    host: "::1", port: 8080, modelPath: "/x.gguf", workers: 1, threads: 4, queueLimit: 0,
                    queueTokens: 7, connections: limits, logsText: true, logLevel: .warning, verifiesModel: true,
                    instructionSet: .baseline))
    }

    @Test(arguments: [
        (["PORT": "http"], "The environment variable PORT is 'http', expected an integer from 0 to 65535."),
        (
            ["PORT": "70000"],
            "The environment variable PORT is '70000', expected an integer from 0 to 65535."
        ),
        (
            ["HOST": "localhost"],
            "The environment variable HOST is 'localhost', expected an IP address such as 0.0.0.0, 127.0.0.1 or ::."
        ),
        (
            ["CONCURRENCY": "0"],
            "The environment variable CONCURRENCY is '0', expected an integer from 1 to 1024."
        ),
        (
            ["LOG_LEVEL": "loud"],
            "The environment variable LOG_LEVEL is 'loud', expected one of debug, info, notice, warning, error, critical."
        ),
        (
            ["LOG_TEXT": "yes"],
            "The environment variable LOG_TEXT is 'yes', expected one of 0, 1, false, true."
        ),
        (
            ["PINSON_ISA": "mmx"],
            "The environment variable PINSON_ISA is 'mmx', expected an instruction set that this processor has: "
                + InstructionSet.supported.map(\.rawValue).joined(separator: ", ") + "."
        ),
    ])
    func aValueThatIsNotValidIsNamed(variables: [String: String], message: String) {
        let error = #expect(throws: SettingsError.self) {
            try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 1))
        }
        #expect(error?.description == message + " Change it, or remove it to use the default.")
    }

    @Test func reportsAreKeptAsTheVariablesSay() throws {
        let variables = [
            "FEEDBACK_DIR": "/data", "FEEDBACK_STORAGE": "objects", "FEEDBACK_MAX_BYTES": "5000000",
            "FEEDBACK_RETENTION_DAYS": "30", "FEEDBACK_TIMEOUT": "9", "FEEDBACK_TEXT": "hash",
            "FEEDBACK_HASH_KEY": "0123456789abcdef", "API_KEYS": "a, b",
        ]
        let settings = try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 1))
        let feedback = settings.feedback
        #expect(feedback.folder == "/data" && feedback.timeoutSeconds == 9)
        #expect(feedback.options == .init(storage: .objects, totalBytes: 5_000_000, retentionDays: 30))
        #expect(feedback.hashKey == Array("0123456789abcdef".utf8))
        #expect(settings.access.keys.scopes(of: "b") == Set(Scope.allCases))
    }

    @Test(arguments: [
        ["FEEDBACK_TEXT": "hash"], ["FEEDBACK_TEXT": "hash", "FEEDBACK_HASH_KEY": "secretkey"],
        ["FEEDBACK_TEXT": "no"], ["FEEDBACK_STORAGE": "tape"], ["FEEDBACK_MAX_BYTES": "1"], ["FEEDBACK_TIMEOUT": "0"],
        ["API_KEYS": "secretkey,"], ["API_KEYS": "secretkey é"], ["API_KEYS": "predicts:secretkey"],
        ["API_KEYS": "predict+:secretkey"], ["API_KEYS": "predict:secretkey:x"], ["API_KEYS": "operate:"],
    ])
    func aSettingOfReportsThatIsNotValidIsNamedAndNoSecretIsShown(variables: [String: String]) {
        let error = #expect(throws: SettingsError.self) {
            try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 1))
        }
        #expect(error.map { $0.name.hasPrefix("FEEDBACK_") || $0.name == "API_KEYS" } == true)
        #expect(error?.description.contains("secretkey") == false)
    }

    @Test(arguments: [("1", true), ("true", true), ("True", true), ("0", false), ("false", false), ("", false)])
    func logTextIsABoolean(value: String, isOn: Bool) throws {
        let settings = try Settings(environment: Environment(["LOG_TEXT": value]), quota: CPUQuota(cpus: 1))
        #expect(settings.logsText == isOn)
    }

    @Test func theRuntimeAPIOfLambdaIsUsedUnlessAnAdapterIs() throws {
        func address(_ variables: [String: String]) throws -> RuntimeAddress? {
            try Settings.runtimeAPI(Environment(variables))
        }
        #expect(try address([:]) == nil)
        #expect(try address(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"]) == RuntimeAddress("127.0.0.1:9001"))
        #expect(try address(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001", "AWS_LWA_PORT": "8080"]) == nil)
        for text in ["nowhere", ":9001", "localhost:", "localhost:0", "localhost:70000"] {
            let error = #expect(throws: SettingsError.self) { try address(["AWS_LAMBDA_RUNTIME_API": text]) }
            #expect(
                error?.description.contains("AWS_LAMBDA_RUNTIME_API is '\(text)', expected a host and a port") == true)
        }
    }

    @Test func aRuntimeAddressMayHoldANameOrAnAddressOfIPv6() throws {
        #expect(RuntimeAddress("localhost:80")?.description == "localhost:80")
        let address = try #require(RuntimeAddress("[::1]:9001"))
        #expect(address.host == "::1")
        #expect(address.description == "[::1]:9001")
        #expect(try address.resolved().port == 9001)
    }
}
