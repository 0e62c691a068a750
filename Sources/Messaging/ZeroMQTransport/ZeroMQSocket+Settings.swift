import CZeroMQ
import Transport

extension ZeroMQSocket {
  /// What every socket of a node gets: its key, the frame cap, the time limits.
  private func applyCommon(_ settings: ZeroMQSettings, highWaterMark: Int32, for endpoint: Endpoint)
    throws(SocketError)
  {
    try set(ZMQ_LINGER, to: settings.lingerMilliseconds)
    try set(ZMQ_MAXMSGSIZE, toLong: ZeroMQSettings.wireFrameByteLimit)
    try set(ZMQ_RCVHWM, to: highWaterMark)
    try set(ZMQ_SNDHWM, to: highWaterMark)
    try set(ZMQ_HANDSHAKE_IVL, to: settings.handshakeMilliseconds)
    try set(ZMQ_HEARTBEAT_IVL, to: settings.heartbeatMilliseconds)
    try set(ZMQ_HEARTBEAT_TIMEOUT, to: settings.heartbeatTimeoutMilliseconds)
    try set(ZMQ_HEARTBEAT_TTL, to: settings.heartbeatTimeToLiveMilliseconds)
    if case .tcp(let address, _) = endpoint, address.isVersion6 { try set(ZMQ_IPV6, to: 1) }
  }

  /// Makes this the listening end: only keys that the admission handler accepts for `domain` get in.
  func applyServer(_ settings: ZeroMQSettings, keys: TransportKeyPair, domain: String, at endpoint: Endpoint)
    throws(SocketError)
  {
    try applyCommon(settings, highWaterMark: settings.publicHighWaterMark, for: endpoint)
    try set(ZMQ_BACKLOG, to: settings.backlog)
    try set(ZMQ_CURVE_SERVER, to: 1)
    try set(ZMQ_CURVE_SECRETKEY, to: keys.secretBytes)
    try set(ZMQ_ZAP_DOMAIN, to: Array(domain.utf8))
  }

  /// Makes this the dialling end, which accepts only the peer that has the key looked for.
  func applyClient(_ settings: ZeroMQSettings, keys: TransportKeyPair, of peer: PeerAddress) throws(SocketError) {
    try applyCommon(settings, highWaterMark: settings.innerHighWaterMark, for: peer.endpoint)
    try set(ZMQ_RECONNECT_IVL, to: settings.reconnectMilliseconds)
    try set(ZMQ_RECONNECT_IVL_MAX, to: settings.reconnectMillisecondsLimit)
    try set(ZMQ_CURVE_SERVERKEY, to: peer.serverKey.bytes)
    try set(ZMQ_CURVE_PUBLICKEY, to: keys.publicKey.bytes)
    try set(ZMQ_CURVE_SECRETKEY, to: keys.secretBytes)
  }
}
