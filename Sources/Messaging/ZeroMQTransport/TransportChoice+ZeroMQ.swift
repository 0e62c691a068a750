package import Transport

extension TransportChoice {
  /// ZeroMQ over TCP, with CURVE on every socket.
  package static let zeroMQ = TransportChoice { (keys) async throws(TransportError) in
    try await ZeroMQNode.start(keys: keys)
  }
}
