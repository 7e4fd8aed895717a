// Writes one tiny checkpoint of each architecture into a folder, for the script that computes the reference answers.

import Fixtures
import Foundation

guard CommandLine.arguments.count == 2, !CommandLine.arguments[1].hasPrefix("-") else {
    FileHandle.standardError.write(Data("usage: make-tiny-checkpoints FOLDER\n".utf8))
    exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
for architecture in TinyCheckpoint.Architecture.allCases {
    _ = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("\(architecture)"))
}
