import Glibc
import NIOCore

/// Lets a listening socket start no new connections, while those that are being opened are still accepted.
///
/// If a listening socket is closed, Linux resets the connections that were opened and not accepted yet, although their
/// clients may have sent requests. A filter drops the first packet of each new connection, so after a moment there are
/// none, and the socket can be closed. The client sends the packet again and then learns that nobody listens.
///
/// - Source: socket(7), SO_ATTACH_FILTER; RFC 9293, section 3.1, for the flags.
enum ListenFilter {
    /// A classic BPF instruction.
    private struct Instruction {
        var code: UInt16
        var jumpIfTrue: UInt8
        var jumpIfFalse: UInt8
        var value: UInt32
    }

    /// A classic BPF program, as `setsockopt` takes it.
    private struct Program: @unchecked Sendable {  // The pointer is used only during the call.
        var count: UInt16
        var instructions: UnsafePointer<Instruction>?
    }

    /// Attaches the filter, or does nothing if the system has none.
    ///
    /// - Parameter channel: A listening channel. The caller is on its event loop.
    static func attach(to channel: any Channel) {
        let instructions = [
            Instruction(code: 0x30, jumpIfTrue: 0, jumpIfFalse: 0, value: 13),  // Load the byte with the flags.
            Instruction(code: 0x54, jumpIfTrue: 0, jumpIfFalse: 0, value: 0x12),  // Keep SYN and ACK.
            Instruction(code: 0x15, jumpIfTrue: 0, jumpIfFalse: 1, value: 0x02),  // Is it SYN alone?
            Instruction(code: 0x06, jumpIfTrue: 0, jumpIfFalse: 0, value: 0),  // Drop the packet.
            Instruction(code: 0x06, jumpIfTrue: 0, jumpIfFalse: 0, value: .max),  // Accept the packet.
        ]
        instructions.withUnsafeBufferPointer { instructions in
            let program = Program(count: UInt16(instructions.count), instructions: instructions.baseAddress)
            guard let provider = channel as? any SocketOptionProvider else { return }
            let done = provider.unsafeSetSocketOption(
                level: .socket, name: NIOBSDSocket.Option(rawValue: SO_ATTACH_FILTER), value: program)
            done.whenComplete { _ in }
        }
    }
}
