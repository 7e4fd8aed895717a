import Fixtures
import Foundation
import Testing

/// The modules that each room may import: the house of the README as a table.
private let allowed: [String: Set<String>] = [
    "Sources/CKernels": [
        "CKernels.h", "kernels.h", "vectors.h", "elementwise.h", "attention.h", "lstm.h", "matmul_f32.h", "matmul_q8.h",
        "prefetch.h", "tile.h", "immintrin.h", "arm_neon.h", "math.h", "stddef.h", "stdint.h", "string.h",
        "sys/auxv.h", "sys/syscall.h", "unistd.h",
    ],
    "Sources/Files": ["Glibc"],
    "Sources/JSON": [],
    "Sources/Feedback": ["Glibc", "Synchronization", "Files", "JSON"],
    // Alerts and telemetry leave the machine through this room, which alone on the ground floor speaks TLS.
    "Sources/WebClient": ["Glibc", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOConcurrencyHelpers", "NIOSSL"],
    // It is a room and not a part of the function, because `pinson alerts test` sends through the same channels.
    "Sources/Alerts": ["NIOCore", "Feedback", "JSON", "ModelFile", "WebClient", "Glibc"],
    "Sources/Telemetry": [
        "Glibc", "NIOCore", "NIOPosix", "NIOConcurrencyHelpers", "CZlib", "JSON", "WebClient",
    ],
    "Sources/ModelFile": ["Glibc", "Files"],
    "Sources/Text": [],
    "Sources/Inference": ["Glibc", "Dispatch", "Synchronization", "CKernels", "ModelFile", "Text"],
    "function": [
        "Glibc", "Dispatch", "Synchronization", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOConcurrencyHelpers",
        "Alerts", "Feedback", "Files", "Inference", "JSON", "ModelFile", "Telemetry", "WebClient",
    ],
    "Sources/Packaging": ["Foundation", "Crypto", "CZlib", "Files", "JSON", "ModelFile", "Text"],
    "Sources/Training": ["Foundation", "Dispatch", "Synchronization", "CTraining", "JSON", "Text"],
    "Sources/CTraining": [
        "CTraining.h", "training.h", "lanes.h", "rows.h", "attention.h", "lstm.h", "product.h", "pack_f32.h",
        "pack_bf16.h",
        "table.h", "reference.h", "reference_attention.h", "reference_lstm.h", "immintrin.h", "math.h", "stddef.h",
        "stdint.h", "string.h",
    ],
    "Sources/Reports": ["Foundation", "Glibc", "Crypto", "Feedback", "Files", "JSON"],
    "Sources/Validation": ["Foundation", "Glibc", "Crypto", "Feedback", "Files", "JSON", "Reports"],
    "Sources/Tracking": [
        "Foundation", "Glibc", "Synchronization", "AsyncHTTPClient", "Crypto", "NIOCore", "NIOHTTP1", "NIOSSL", "Yams",
        "Files", "JSON",
    ],
    "Sources/CZlib": ["zlib.h"],
    "Sources/ContainerImage": [
        "Foundation", "Crypto", "CZlib", "NIOCore", "NIOHTTP1", "NIOSSL", "AsyncHTTPClient", "Files",
        "Synchronization",
    ],
    "Sources/Deployment": ["Foundation", "Yams"],
    "container": ["Foundation"],
    "cloudrun": ["Foundation"],
    "Sources/pinson": [
        "Foundation", "Glibc", "ArgumentParser", "Dispatch", "Synchronization", "NIOCore", "NIOPosix", "NIOHTTP1",
        "Alerts", "Feedback", "Files",
        "Inference", "JSON", "ModelFile", "Text", "Packaging", "Reports", "Training", "Tracking", "Validation",
        "WebClient", "ContainerImage",
        "ContainerFiles", "Deployment", "CloudRunFiles",
    ],
]

@Suite struct ImportTests {
    @Test(arguments: allowed.keys.sorted())
    func aRoomImportsOnlyTheAllowedModules(room: String) throws {
        let files = try sources(in: room)
        #expect(!files.isEmpty)
        for (name, text) in files {
            let forbidden = imports(of: text).subtracting(try #require(allowed[room]))
            #expect(forbidden.isEmpty, "\(room)/\(name) imports \(forbidden.sorted())")
        }
    }

    @Test func everyRoomIsInTheTable() throws {
        let rooms = try FileManager.default.contentsOfDirectory(
            atPath: Workplace.repository.appendingPathComponent("Sources").path)
        #expect(Set(rooms.map { "Sources/\($0)" } + ["function", "container", "cloudrun"]) == Set(allowed.keys))
    }

    @Test(arguments: [
        "import Foundation", "  public import FoundationEssentials", "@preconcurrency import FoundationNetworking",
        "import struct Foundation.Data", "@_exported import Foundation // why not", "internal import Packaging",
        "import Text; import Foundation",
    ])
    func aForbiddenImportIsFoundInEveryForm(line: String) throws {
        let found = imports(of: "import Glibc\n\(line)\nlet x = 1\n").subtracting(
            try #require(allowed["Sources/Inference"]))
        #expect(found.count == 1)
    }

    @Test func anImportInACommentDoesNotCount() {
        #expect(imports(of: "// import Foundation\n/// We import Foundation nowhere.\nlet important = 1\n").isEmpty)
    }

    private func sources(in room: String) throws -> [(name: String, text: String)] {
        let folder = Workplace.repository.appendingPathComponent(room)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") || $0.hasSuffix(".h") }
            .map { ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)) }
    }
}

/// The modules that Swift source imports, and the files that C source includes.
private func imports(of source: String) -> Set<String> {
    var modules: Set<String> = []
    for line in source.split(separator: "\n") {
        if let file = line.firstMatch(of: /^\s*#\s*include\s*[<"](.+?)[>"]/) { modules.insert(String(file.1)) }
        for statement in line.split(separator: ";") {
            let words = statement.prefix { $0 != "/" }.split(separator: " ")
            guard let position = words.firstIndex(of: "import"),
                words[..<position].allSatisfy({
                    $0.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains($0)
                })
            else { continue }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
            guard let path = words[(position + 1)...].first(where: { !kinds.contains($0) }) else { continue }
            modules.insert(String(path.prefix { $0 != "." }))
        }
    }
    return modules
}
