import Fuzzing
import JSON
import NIOCore

@testable import function

private let service = makeService()

/// One connection: the first bytes say how the client behaves, and the rest is what it sends.
///
/// What the function sends is a sequence of complete answers, one for each request that it has read. Each line of its
/// log is JSON.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let behaviour = Behaviour(rawValue: input.byte())
    let piece = Int(input.byte()) + 1
    if behaviour.contains(.isInvocation) {
        invoke(ByteBuffer(bytes: input.rest))
        return 0
    }
    let exchange = Exchange(service, answersLater: behaviour.contains(.waitsForAnswers))
    if behaviour.contains(.doesNotRead) { exchange.setReading(false) }
    while !input.rest.isEmpty, exchange.isOpen {
        exchange.receive(input.bytes(behaviour.contains(.sendsAllAtOnce) ? .max : piece))
        if behaviour.contains(.pauses) { exchange.wait(.milliseconds(100)) }
    }
    if behaviour.contains(.meetsDraining) { exchange.drain() }
    if behaviour.contains(.closesOneHalf) { exchange.closeInput() }
    exchange.answerAll()
    exchange.setReading(true)
    if behaviour.contains(.staysIdle) { exchange.wait(.hours(1)) }
    exchange.answerAll()
    exchange.close()
    checkAnswers(exchange.sent, to: exchange.methods)
    return 0
}

/// What a client does besides sending bytes.
private struct Behaviour: OptionSet {
    let rawValue: UInt8
    static let waitsForAnswers = Behaviour(rawValue: 1)
    static let doesNotRead = Behaviour(rawValue: 2)
    static let pauses = Behaviour(rawValue: 4)
    static let closesOneHalf = Behaviour(rawValue: 8)
    static let staysIdle = Behaviour(rawValue: 16)
    static let sendsAllAtOnce = Behaviour(rawValue: 32)
    static let meetsDraining = Behaviour(rawValue: 64)
    /// The bytes are an event of AWS Lambda, and not what a client sends.
    static let isInvocation = Behaviour(rawValue: 128)
}

/// Answers an event of AWS Lambda; the answer is JSON.
private func invoke(_ payload: ByteBuffer) {
    let event = LambdaEvent(payload, trace: nil)
    switch event.answer(Responding(service, answersLater: false).answer(event.request)) {
    case .failure: break
    case .result(let answer):
        guard (try? JSON(parsing: answer.readableBytesView)) != nil else {
            fatalError("the answer to an event is not JSON: \(String(buffer: answer))")
        }
    }
}
