// swift-tools-version:6.2
import PackageDescription

// Continuous integration treats warnings as errors. Elsewhere a newer compiler may report new warnings.
let isStrict = Context.environment["WARNINGS_AS_ERRORS"] != nil

let package = Package(
    name: "pinson",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "function", targets: ["function"]),
        .executable(name: "pinson", targets: ["pinson"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ]
)

// MARK: - Ground floor: ships in the image and never imports Foundation

package.targets += [
    .target(
        name: "CKernels",
        exclude: ["TRIED.md"],
        // Tests run in debug, where an unoptimized kernel would take a hundred times as long.
        cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug)), .unsafeFlags(["-Wall", "-Wextra"])]
            + (isStrict ? [.treatAllWarnings(as: .error)] : [])
    ),
    .target(name: "Files"),
    .target(name: "JSON"),
    .target(name: "Feedback", dependencies: ["Files", "JSON"]),
    .target(name: "ModelFile", dependencies: ["Files"]),
    .target(name: "Text", exclude: ["make_byte_level_tables.py", "make_normalizer_tables.py", "make_text_tables.py"]),
    .target(name: "Inference", dependencies: ["CKernels", "ModelFile", "Text"]),
    .target(
        name: "WebClient",
        dependencies: [
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
        ]
    ),
    .target(
        name: "Alerts",
        dependencies: ["Feedback", "JSON", "ModelFile", "WebClient", .product(name: "NIOCore", package: "swift-nio")]
    ),
    .target(
        name: "Telemetry",
        dependencies: [
            "CZlib", "JSON", "WebClient",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        ]
    ),
    .executableTarget(
        name: "function",
        dependencies: [
            "Alerts", "Feedback", "Files", "Inference", "JSON", "ModelFile", "Telemetry", "WebClient",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        ],
        path: "function",
        exclude: ["model", "README.md"],
        resources: [
            "page.html", "docs.css", "base.css", "parts.css", "lists.css", "elements.js", "strings.js", "server.js",
            "words.js",
            "answer.js", "report.js", "history.js", "tweet.js", "csv.js", "many.js", "many-result.js", "charts.js",
            "watch.js", "operator.js", "start.js",
        ].map { .embedInCode("page/\($0)") } + [.embedInCode("openapi.json")]
    ),
]

// MARK: - Upper floor: stays on the developer's machine

package.targets += [
    .target(
        name: "Packaging",
        dependencies: [
            "CZlib", "Files", "JSON", "ModelFile", "Text", .product(name: "Crypto", package: "swift-crypto"),
        ]
    ),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
        name: "ContainerImage",
        dependencies: [
            "CZlib", "Files",
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
        ]
    ),
    .target(name: "Deployment", dependencies: [.product(name: "Yams", package: "Yams")]),
    .target(
        name: "ContainerFiles", path: "container",
        exclude: [
            "Dockerfile", "README.md", "compose.yaml", "linked-packages", "package-lock", "packages.lock",
            "release-archive", "without-unwinding.ld",
        ],
        resources: [.embedInCode("image.json")]
    ),
    .target(
        name: "CloudRunFiles", path: "cloudrun",
        exclude: ["README.md", "monitoring/prometheus-tests.yaml", "monitoring/wrong-answers.kql"],
        resources: [
            "limits.json", "service.yaml", "service-volume.yaml", "job.yaml", "azure-container-app.json",
            "azure-container-app-image.json",
            "app-service.json", "lambda.yaml", "kubernetes.yaml", "kubernetes-job.yaml",
            "retrain-cloud-run.yaml", "retrain-scheduler.json", "retrain-azure.json", "retrain-kubernetes.yaml",
            "retrain-github.yml", "pinson-retrain.service", "pinson-retrain.timer",
            "monitoring/azure-alerts.json", "monitoring/azure-workbook.json", "monitoring/labels.kql",
            "monitoring/mistakes.kql", "monitoring/latency.kql", "monitoring/drift.kql",
            "monitoring/cloud-monitoring.json", "monitoring/prometheus-rules.yaml", "monitoring/grafana.json",
        ].map { .embedInCode($0) }
    ),
    .target(
        name: "Reports", dependencies: ["Feedback", "Files", "JSON", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
        name: "Validation",
        dependencies: ["Feedback", "Files", "JSON", "Reports", .product(name: "Crypto", package: "swift-crypto")],
        resources: ["base.css", "parts.css", "review.html", "review.css", "review.js"].map {
            .embedInCode("Web/\($0)")
        }),
    .target(
        name: "CTraining",
        exclude: ["TRIED.md"],
        cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug)), .unsafeFlags(["-Wall", "-Wextra"])]
            + (isStrict ? [.treatAllWarnings(as: .error)] : [])
    ),
    .target(name: "Training", dependencies: ["CTraining", "JSON", "Text"]),
    .target(
        name: "Tracking",
        dependencies: [
            "Files", "JSON",
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "Yams", package: "Yams"),
        ]
    ),
    .executableTarget(
        name: "pinson",
        dependencies: [
            "Alerts", "Feedback", "Files", "Inference", "JSON", "ModelFile", "Text", "Packaging", "Reports",
            "Training", "Tracking", "Validation", "WebClient",
            "ContainerImage",
            "ContainerFiles", "Deployment", "CloudRunFiles",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]
    ),
]

// MARK: - Tests: one target for each room, and shared fixtures

package.targets += [
    .target(
        name: "Fixtures",
        dependencies: [
            "CZlib", "JSON",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        path: "Tests/Fixtures", exclude: ["make_goldens.py"]),
    .executableTarget(name: "make-tiny-checkpoints", dependencies: ["Fixtures"], path: "Tests/MakeTinyCheckpoints"),
    .testTarget(name: "ArchitectureTests", dependencies: ["Fixtures"]),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "Fixtures"], exclude: ["Emulated"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "Fixtures"]),
    .testTarget(name: "FeedbackTests", dependencies: ["Feedback", "Files", "JSON", "Fixtures"]),
    .testTarget(
        name: "AlertsTests",
        dependencies: [
            "Alerts", "Feedback", "Files", "JSON", "ModelFile", "WebClient", "Fixtures",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
        ]
    ),
    .testTarget(
        name: "WebClientTests",
        dependencies: [
            "WebClient", "Fixtures",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
        ]
    ),
    .testTarget(
        name: "TelemetryTests",
        dependencies: [
            "Telemetry", "JSON", "WebClient", "Fixtures",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        exclude: ["reference_exporter.py", "parse_otlp.py"]
    ),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "Fixtures"]),
    .testTarget(name: "ModelFileTests", dependencies: ["Files", "ModelFile", "Packaging", "Fixtures"]),
    .testTarget(
        name: "TextTests", dependencies: ["Text", "Fixtures"], exclude: ["Goldens", "make_text_goldens.py"]),
    .testTarget(
        name: "ContainerImageTests",
        dependencies: [
            "ContainerImage", "CZlib", "Files", "Fixtures",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ]
    ),
    .testTarget(
        name: "DeploymentTests", dependencies: ["Deployment", "CloudRunFiles", "Fixtures"],
        exclude: ["validate_manifests.py", "validate_monitoring.py"]),
    .testTarget(
        name: "TrainingTests", dependencies: ["Training", "Text", "Fixtures"],
        exclude: [
            "Goldens", "make_metric_goldens.py", "make_recurrent_goldens.py", "make_transformer_goldens.py",
        ]),
    .testTarget(name: "CTrainingTests", dependencies: ["CTraining", "Fixtures"], exclude: ["Emulated"]),
    .testTarget(
        name: "TrackingTests",
        dependencies: [
            "Tracking", "JSON", "Fixtures",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ]
    ),
    .testTarget(name: "ReportsTests", dependencies: ["Feedback", "JSON", "Reports", "Fixtures"]),
    .testTarget(name: "ValidationTests", dependencies: ["Feedback", "JSON", "Reports", "Validation", "Fixtures"]),
    .testTarget(
        name: "PackagingTests", dependencies: ["Packaging", "ModelFile", "Fixtures"],
        exclude: ["Goldens", "make_torch_goldens.py"]),
    .testTarget(
        name: "InferenceTests",
        dependencies: ["Inference", "ModelFile", "Text", "Packaging", "Fixtures"],
        exclude: [
            "Goldens", "make_lstm_goldens.py", "make_scikit_goldens.py", "make_subword_goldens.py",
            "make_token_goldens.py",
        ]
    ),
    .testTarget(
        name: "FunctionTests",
        dependencies: [
            "function", "Alerts", "Feedback", "Files", "Inference", "JSON", "ModelFile", "Packaging", "Telemetry",
            "WebClient", "Fixtures",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        ]
    ),
    .testTarget(
        name: "PinsonTests", dependencies: ["Feedback", "Fixtures"],
        exclude: ["Help", "load.py", "alert_server.py", "bucket.py", "schemathesis.toml", "report_server.py"]),
]

// MARK: - Fuzzers, which only `make fuzz` builds, and nothing else

if Context.environment["FUZZ"] != nil {
    let nio = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOEmbedded"].map {
        Target.Dependency.product(name: $0, package: "swift-nio")
    }
    let fuzzers: [String: [Target.Dependency]] = [
        "CSV": ["Training"], "HTTP": ["function", "Inference", "JSON", "ModelFile", "Packaging", "Fixtures"] + nio,
        "JSON": ["JSON"], "ModelFile": ["ModelFile", "Inference", "Packaging"],
        "RegistryDocuments": ["ContainerImage"] + nio, "Safetensors": ["Packaging"], "Tar": ["ContainerImage"] + nio,
        "WordPiece": ["Text", "Fixtures"],
    ]
    package.products = []
    package.targets = package.targets.compactMap { target in
        switch (target.name, target.type) {
        // libFuzzer has a `main`, which must be the only one.
        case ("function", _):
            .target(
                name: target.name, dependencies: target.dependencies, path: target.path,
                exclude: target.exclude + ["main.swift"], resources: target.resources)
        case (_, .executable), (_, .test): nil
        default: target
        }
    }
    package.targets.append(.target(name: "Fuzzing", path: "Tests/Fuzz/Fuzzing"))
    package.targets += fuzzers.map { name, dependencies in
        .executableTarget(name: "Fuzz\(name)", dependencies: dependencies + ["Fuzzing"], path: "Tests/Fuzz/\(name)")
    }
}

// MARK: - Settings of every target

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
        ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])
}
