/// Where a model on a server comes from, as a version of a registered model states it.
public struct ModelOrigin: Equatable, Sendable {
    /// The address of the folder, or of the file, with the model.
    public var source: String
    /// The identifier of the run that made it, or nil.
    public var run: String?
    /// The version that it is already, or nil.
    public var version: ModelVersion?

    /// Names an origin.
    ///
    /// - Parameters:
    ///   - source: The address of the folder, or of the file, with the model.
    ///   - run: The identifier of the run that made it, or nil.
    ///   - version: The version that it is already, or nil.
    public init(source: String, run: String?, version: ModelVersion? = nil) {
        self.source = source
        self.run = run
        self.version = version
    }
}

extension MLflowServer {
    /// Finds where a model comes from.
    ///
    /// - Parameter reference: The model.
    /// - Returns: The origin.
    /// - Throws: `TrackingError` if the model does not exist, or the server cannot be reached or refuses.
    public func origin(of reference: ModelReference) async throws -> ModelOrigin {
        if case .run(let id, let path) = reference {
            return ModelOrigin(source: "\(try await run(id).artifacts)/\(path)", run: id)
        }
        guard let version = try await version(for: reference) else { return ModelOrigin(source: "", run: nil) }
        return ModelOrigin(source: version.source, run: version.run, version: version)
    }

    /// The version that a reference means, or nil if it means an artifact of a run.
    func version(for reference: ModelReference) async throws -> ModelVersion? {
        switch reference {
        case .run: return nil
        case .version(let model, let number): return try await version(of: model, numbered: number)
        case .alias(let model, let alias):
            guard let version = try await version(alias, of: model) else {
                throw TrackingError.invalid(
                    what: "mlflow:\(model)@\(alias)", reason: "no version of this model has this alias",
                    advice: "Check the name, or promote a model first.")
            }
            return version
        }
    }
}
