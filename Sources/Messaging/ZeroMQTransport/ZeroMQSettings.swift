import Transport

/// The limits of a node's sockets; the defaults are those of the specification.
///
/// - Source: reliability R10, R11; swift-on-linux 5.2.
package struct ZeroMQSettings: Hashable, Sendable {
  /// How long a connection may take to prove its key.
  package var handshakeMilliseconds: Int32 = 2000
  /// How often a silent connection is probed.
  package var heartbeatMilliseconds: Int32 = 2000
  /// How long a probe may stay without answer.
  package var heartbeatTimeoutMilliseconds: Int32 = 6000
  /// How long the other end should keep a connection without hearing a probe.
  package var heartbeatTimeToLiveMilliseconds: Int32 = 8000
  package var reconnectMilliseconds: Int32 = 100
  package var reconnectMillisecondsLimit: Int32 = 5000
  /// How long a closing node tries to send what it accepted.
  package var lingerMilliseconds: Int32 = 1000
  /// Connections that the kernel keeps until they are accepted.
  package var backlog: Int32 = 1024
  /// Messages kept per connection by a socket that strangers reach.
  package var publicHighWaterMark: Int32 = 128
  /// Messages kept per connection by a socket that dials.
  package var innerHighWaterMark: Int32 = 1000
  /// Bytes that a connection may bring without completing a message that is read; more and it is cut.
  package var unreadByteLimit: Int64 = 16 << 20
  /// How often that is looked at.
  package var inspectionInterval: Duration = .milliseconds(250)
  /// Requests under way from this node.
  package var inFlightLimit = 1024
  /// Peers with an open connection for requests; the least used one makes room.
  package var peerLimit = 256
  /// After how long without requests a connection is hung up.
  package var idlePeerLimit: Duration = .seconds(60)
  /// Replies kept for peers that read too slowly; more are lost.
  package var stalledReplyLimit = 128
  /// How long such a reply is kept.
  package var stalledReplyTime: Duration = .seconds(1)
  /// Publications that wait to leave a publisher, and that wait for a follower's task.
  package var publicationQueueLimit = 1000

  package init() {}

  /// Bytes that CURVE adds to a frame on the wire: command name 8, nonce 8, authenticator 16, flags 1.
  static let curveOverheadBytes = 33

  /// The largest frame on the wire; a larger announcement ends its connection before anything is kept.
  static let wireFrameByteLimit = Int64(MessageFrames.frameByteLimit + curveOverheadBytes)

  /// Messages read from one socket before the others get their turn.
  static let messagesPerTurn = 256
}
