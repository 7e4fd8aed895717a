// Maps the model, serves it, and drains on SIGTERM.

import Glibc
import Inference
import JSON
import ModelFile
import NIOCore
import Telemetry

do {
    if case .print(let text) = try Arguments(CommandLine.arguments.dropFirst()) {
        write(text, to: STDOUT_FILENO)
        exit(0)
    }
} catch {
    write("\(error)\n", to: STDERR_FILENO)
    exit(2)
}

let clock = ContinuousClock()
let launched = clock.now
signal(SIGPIPE, SIG_IGN)  // A reader of the log may end before the function.
signal(SIGXFSZ, SIG_IGN)  // A file that may not grow is an error of the write, as a full disk is.
MemoryFault.report()
let logFile = LogFile(STDOUT_FILENO)
let log = Log(logFile)
let environment = Environment()

do {
    let signals = try TerminationSignals()  // Before any other thread starts, so that all threads inherit the mask.
    let runtimeAPI = try Settings.runtimeAPI(environment)
    var settings = try Settings(environment: environment)
    settings.connections.connections = min(settings.connections.connections, DescriptorLimit.raise())
    let file = try ModelFile(path: settings.modelPath)
    if settings.verifiesModel { try file.verify() }
    if !file.isMapped {
        log.write(
            .warning, "The model file cannot be mapped, so it was read into memory.", ["model": .string(file.path)])
    }
    let classifier = try Classifier(file, instructionSet: settings.instructionSet)
    let shadow = try settings.shadowPath.map { path in
        try Classifier(ModelFile(path: path), instructionSet: settings.instructionSet)
    }
    let service = try Service(classifier, shadow: shadow, settings: settings, log: log)
    try SystemThread.check(count: 2)  // The event loop and the log cannot report that their threads do not start.
    let server = try runtimeAPI == nil ? Server(service, host: settings.host, port: settings.port) : nil
    var fields: [String: JSON] = [
        "model": .string(classifier.name), "path": .string(file.path),
        "workers": .number(Double(settings.workers)),
        "instruction_set": .string(classifier.instructionSet.rawValue),
        "startup_ms": .number((clock.now - launched) / .milliseconds(1)),
    ]
    if let shadow { fields["shadow"] = .string(shadow.name) }
    if let server { fields["port"] = .number(Double(server.port)) }
    log.write(.info, "ready", fields)
    let runtime = runtimeAPI.map { LambdaRuntime(service, $0, log: log, flushLog: logFile.flush) }
    runtime?.start { error in
        log.write(.critical, "\(error)", [:])
        logFile.flush()
        exit(3)
    }
    let signal = signals.wait()
    let ending = clock.now
    log.write(.notice, "draining", ["signal": .number(Double(signal))])
    server?.drain()
    runtime?.drain()
    // Platforms kill the process 10 seconds after SIGTERM, and Lambda after 2.
    let left = (runtime == nil ? 9500 : 1900) - Int64((clock.now - ending) / .milliseconds(1))
    service.recorder.telemetry?.stop(within: .milliseconds(min(3000, max(100, left))))
    log.write(.notice, "stopped", [:])
    logFile.flush()
} catch {
    log.write(.critical, "\(error)", [:])
    LambdaRuntime.reportInitializationError("\(error)", environment)
    logFile.flush()
    exit(2)
}

/// Writes all of `text`, or what a closed pipe takes of it.
private func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
