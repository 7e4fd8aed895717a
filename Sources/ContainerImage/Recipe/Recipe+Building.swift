extension Recipe {
    /// Settings of one build, in addition to the recipe.
    public struct Options: Sendable {
        /// The compression of all layers, in place of the one that the recipe names for each.
        public var compression: Compression?
        /// The time of everything in the image, in seconds since 1970.
        public var created: Int64 = 0
        /// Annotations of the manifest.
        public var annotations: [String: String] = [:]
        /// Labels of the configuration, in addition to those of the recipe.
        public var labels: [String: String] = [:]
        /// More files for the image: the path of the file on this machine by its absolute path in the image.
        ///
        /// A file is executable in the image if it is executable here.
        public var extra: [String: String] = [:]

        /// The defaults: the compression of the recipe, the time 0, nothing else.
        public init() {}
    }

    /// Adds the layers of the recipe to an image, and sets how it is run.
    ///
    /// - Parameters:
    ///   - base: The image to build on.
    ///   - inputs: The path of a file for each input that the recipe names.
    ///   - options: Settings of this build.
    /// - Returns: The new image.
    /// - Throws: `ContainerImageError` if an input is missing or cannot be read.
    public func build(on base: Image, inputs: [String: String], options: Options) async throws -> Image {
        let created = Timestamp.rfc3339(options.created)
        var image = try base.configured { configuration in
            configuration.created = created
            configuration.config = execution(over: configuration.config, options)
        }
        // The layers do not depend on each other, so they are made concurrently.
        for layer in try trees(inputs, options).map({ tree in
            Task {
                try await Layer(
                    tree.files, compression: tree.compression, modified: options.created,
                    createdBy: "pinson image build: \(tree.name)")
            }
        }) { image = try image.appending(try await layer.value) }
        var annotations = options.annotations
        annotations["org.opencontainers.image.created"] = created
        return try image.annotated(annotations)
    }

    /// How the image is run; `base` is how the image below is run.
    private func execution(over base: Configuration.Execution?, _ options: Options) -> Configuration.Execution {
        var execution = base ?? Configuration.Execution()
        execution.user = user
        execution.exposedPorts = Dictionary(ports.map { ("\($0)/tcp", Configuration.Empty()) }) { first, _ in first }
        execution.environment =
            (execution.environment ?? []).filter { variable in
                !environment.keys.contains { variable.hasPrefix("\($0)=") }
            } + environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        execution.entrypoint = entrypoint
        execution.command = nil  // the arguments in a base image are for another program
        execution.stopSignal = stopSignal
        execution.labels = (execution.labels ?? [:]).merging(labels ?? [:]) { $1 }.merging(options.labels) { $1 }
        if execution.labels == [:] { execution.labels = nil }
        return execution
    }

    private typealias Tree = (name: String, files: FileTree, compression: Compression)

    /// The files of each layer, lowest first.
    ///
    /// The user's own files are in a layer below the last one.
    private func trees(_ inputs: [String: String], _ options: Options) throws -> [Tree] {
        var trees: [Tree] = []
        for layer in layers {
            if layer.name == layers.last?.name, !options.extra.isEmpty { trees.append(try extra(options)) }
            let missing = layer.files.filter { inputs[$0.from] == nil }
            if layer.optional == true, missing.count == layer.files.count { continue }
            guard missing.isEmpty else {
                throw ContainerImageError.invalid(
                    what: "layer '\(layer.name)'",
                    reason: "no file is given for \(missing.map { "'\($0.from)'" }.joined(separator: " and "))",
                    advice: "Give a file for each input of the layer.")
            }
            var files = FileTree()
            for file in layer.files {
                try files.add(
                    file.to, try Content(file: inputs[file.from] ?? ""), mode: UInt32(file.mode, radix: 8) ?? 0o444)
            }
            trees.append((layer.name, files, options.compression ?? layer.compression))
        }
        return trees
    }

    private func extra(_ options: Options) throws -> Tree {
        var files = FileTree()
        for (path, local) in options.extra {
            let file = try OpenFile(path: local)
            try files.add(path, Content(file), mode: file.isExecutable ? 0o555 : 0o444)
        }
        return ("added files", files, options.compression ?? .gzip)
    }
}
