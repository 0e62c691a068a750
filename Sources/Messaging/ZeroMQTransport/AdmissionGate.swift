import CZeroMQ
import Transport

/// Decides over every handshake of a node: the handler that libzmq asks (RFC 27, "ZAP").
///
/// Only CURVE is let in, and only keys that the admission of the socket asked for accepts. The user id that it hands
/// out comes back with each message, so a receiver knows the key that a message came by.
final class AdmissionGate: LoopPart {
  private static let version = Array("1.0".utf8)
  /// version, request id, domain, address, routing id, mechanism, key
  private static let partCount = 7

  let socket: ZeroMQSocket
  let interest = LoopEvents.incoming
  private var admissions: [String: TransportAdmission] = [:]

  /// Must exist before any server socket of the context binds: without a handler the library admits every key.
  init(in context: UnsafeMutableRawPointer) throws(SocketError) {
    socket = try ZeroMQSocket(.admission, in: context)
    try socket.set(ZMQ_LINGER, to: 0)
    try socket.bind("inproc://zeromq.zap.01")
  }

  func open(_ domain: String, to admission: TransportAdmission) { admissions[domain] = admission }
  func close(_ domain: String) { admissions[domain] = nil }

  func react(to events: LoopEvents, in loop: SocketLoop) {
    while let request = socket.receive(partLimit: AdmissionGate.partCount) {
      answer(request.isWithinCaps ? request.parts : [])
    }
  }

  private func answer(_ parts: [[UInt8]]) {
    let requestID = parts.count > 1 ? parts[1] : []
    let admitted = admittedKey(of: parts)
    _ = socket.send([
      AdmissionGate.version, requestID, Array((admitted == nil ? "400" : "200").utf8),
      Array((admitted == nil ? "key not admitted" : "OK").utf8), Array((admitted?.description ?? "").utf8), [],
    ])
  }

  private func admittedKey(of parts: [[UInt8]]) -> TransportKey? {
    guard parts.count == AdmissionGate.partCount, parts[0] == AdmissionGate.version, parts[5] == Array("CURVE".utf8),
      let key = TransportKey(parts[6]),
      let admission = admissions[String(decoding: parts[2], as: UTF8.self)],
      admission.admits(key)
    else { return nil }
    return key
  }
}
