import Foundation

/// What a program needs to take the invocations of AWS Lambda.
///
/// - Source: AWS Lambda Developer Guide, "Using the Lambda runtime API"; Lambda Web Adapter, README.
enum LambdaRuntime {
    /// The path in an image of the Lambda Web Adapter, which translates for a program that speaks only HTTP.
    static let adapter = "/opt/extensions/lambda-adapter"
    /// The protocols of an image that contains the adapter.
    static let protocolsWithAdapter = ["http", "lambda"]

    /// The environment variable with the address of the runtime API, which every program that uses the API reads.
    private static let variable = Data("AWS_LAMBDA_RUNTIME_API".utf8)

    /// The protocols of a program: a program that uses the runtime API contains the name of the variable.
    ///
    /// - Throws: `CocoaError` if the program cannot be read.
    static func protocols(ofProgram path: String) throws -> [String] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        return bytes.range(of: variable) == nil ? ["http"] : ["http", "lambda"]
    }
}
