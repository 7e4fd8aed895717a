/// Maps the model, serves it, and drains on SIGTERM.
import Glibc
import Inference
import ModelFile

let clock = ContinuousClock()
let launched = clock.now
let signals = TerminationSignals()  // before any thread starts, so that all of them inherit the mask
let logFile = LogFile(STDOUT_FILENO)
let log = Log(logFile)

do {
    let settings = try Settings(environment: Environment())
    let file = try ModelFile(path: settings.modelPath)
    if !file.isMapped {
        log.write(.warning, "the model could not be mapped, so it was read into memory", ["model": .string(file.path)])
    }
    let classifier = try Classifier(file, instructionSet: .fromEnvironment())
    guard classifier.canClassify else {
        throw ModelFileError.invalid(
            path: file.path, reason: "it is a sentence encoder without labels, which cannot be served")
    }
    let service = Service(classifier, settings: settings, log: log)
    let server = try Server(service, port: settings.port)
    log.write(
        .info, "ready",
        [
            "model": .string(classifier.name), "path": .string(file.path), "port": .number(Double(server.port)),
            "workers": .number(Double(settings.workers)),
            "instruction_set": .string(classifier.instructionSet.rawValue),
            "startup_ms": .number((clock.now - launched) / .milliseconds(1)),
        ])
    let signal = signals.wait()
    log.write(.notice, "draining", ["signal": .number(Double(signal))])
    server.drain()
    log.write(.notice, "stopped", [:])
    logFile.flush()
} catch {
    log.write(.critical, "\(error)", [:])
    logFile.flush()
    exit(2)
}
