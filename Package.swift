// swift-tools-version:6.2
import PackageDescription

// Continuous integration builds with warnings as errors; a stranger's newer compiler may know new warnings.
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
    ]
)

// MARK: - Ground floor: ships in the image, never imports Foundation

package.targets += [
    .target(
        name: "CKernels",
        exclude: ["TRIED.md"],
        // Tests run in debug; a kernel without optimization is a hundred times slower than any other line of it.
        cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug)), .unsafeFlags(["-Wall", "-Wextra"])]
            + (isStrict ? [.treatAllWarnings(as: .error)] : [])
    ),
    .target(name: "ModelFile"),
    .target(name: "Text", exclude: ["make_normalizer_tables.py"]),
    .target(name: "Inference", dependencies: ["CKernels", "ModelFile", "Text"]),
    .executableTarget(
        name: "function",
        dependencies: [
            "Inference", "ModelFile",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        ],
        path: "function",
        exclude: ["model", "README.md"],
        resources: [.embedInCode("page.html")]
    ),
]

// MARK: - Upper floor: stays on the desk

package.targets += [
    .target(
        name: "Packaging",
        dependencies: ["ModelFile", "Text", .product(name: "Crypto", package: "swift-crypto")]
    ),
    .target(name: "Training"),
    .executableTarget(
        name: "pinson",
        dependencies: [
            "Inference", "ModelFile", "Text", "Packaging", "Training",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]
    ),
]

// MARK: - Tests: one target a room, and what they share

package.targets += [
    .target(name: "Fixtures", path: "Tests/Fixtures", exclude: ["make_goldens.py"]),
    .executableTarget(name: "make-tiny-checkpoints", dependencies: ["Fixtures"], path: "Tests/MakeTinyCheckpoints"),
    .testTarget(name: "ArchitectureTests", dependencies: ["Fixtures"]),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "Fixtures"], exclude: ["Emulated"]),
    .testTarget(name: "ModelFileTests", dependencies: ["ModelFile", "Packaging", "Fixtures"]),
    .testTarget(name: "TextTests", dependencies: ["Text", "Fixtures"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "Fixtures"]),
    .testTarget(name: "PackagingTests", dependencies: ["Packaging", "ModelFile", "Fixtures"]),
    .testTarget(
        name: "InferenceTests",
        dependencies: ["Inference", "ModelFile", "Text", "Packaging", "Fixtures"],
        exclude: ["Goldens", "make_token_goldens.py"]
    ),
    .testTarget(
        name: "FunctionTests",
        dependencies: [
            "function", "Inference", "ModelFile", "Packaging", "Fixtures",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
        ]
    ),
    .testTarget(name: "PinsonTests", dependencies: ["Fixtures"]),
]

// MARK: - Settings of every target

for target in package.targets {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
        ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])
}
