package import Daemon
package import Keys
package import Primitives
import Synchronization
package import Transport
import Wire

/// The node that a follower takes its blocks from: asks it, signed, and believes only what its key signed for just that
/// question.
package final class BlockSource: Sendable {
  /// For one answer, a wait for the next block not counted.
  private static let answerTime: Duration = .seconds(5)

  /// Where it listens, for the clients that this node sends there.
  package let address: String
  private let account: AccountID
  private let peer: PeerAddress
  private let sender: any RequestSender
  private let key: KeyPair
  private let chainID: Hash256
  private let wallClock: any WallClock
  private let nextID: Mutex<UInt64>

  /// - Parameters:
  ///   - account: Whose signature answers must carry.
  ///   - key: This node's own.
  package init(
    at peer: PeerAddress, account: AccountID, over sender: any RequestSender, signingAs key: KeyPair, chainID: Hash256,
    wallClock: any WallClock, firstRequestID: UInt64
  ) {
    address = peer.endpoint.description
    self.account = account
    self.peer = peer
    self.sender = sender
    self.key = key
    self.chainID = chainID
    self.wallClock = wallClock
    nextID = Mutex(firstRequestID)
  }

  /// The source's head, as soon as it is above `block`, at the latest after `wait`; nil when it does not answer.
  func head(after block: BlockNumber, wait: Duration) async throws -> BlockNumber? {
    let milliseconds = UInt64(max(0, wait / .milliseconds(1)))
    let fields = try await ask(
      "heads_after", ["block": .unsigned(block.value), "wait_ms": .unsigned(milliseconds), "limit": .unsigned(1)],
      within: wait + BlockSource.answerTime)
    guard case .unsigned(let number)? = fields?["at_block"] else { return nil }
    return BlockNumber(number)
  }

  /// The hash of a block at the source; nil when it does not answer or does not have the block.
  func hash(of block: BlockNumber) async throws -> Hash256? {
    let fields = try await ask("block_at", ["number": .unsigned(block.value)], within: BlockSource.answerTime)
    guard case .bytes(let hash)? = fields?.group("block_at")?["hash"] else { return nil }
    return Hash256(hash)
  }

  /// The encoded block, put together from its chunks; nil when the source does not answer.
  func block(_ number: BlockNumber) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk: UInt64 = 0
    while bytes.count <= WireLimits.blockBytes {
      let fields = try await ask(
        "block_at", ["number": .unsigned(number.value), "chunk": .unsigned(chunk)], within: BlockSource.answerTime)
      guard let piece = fields?.group("block_at"), case .bytes(let data)? = piece["data"],
        case .unsigned(let count)? = piece["chunk_count"]
      else { return nil }
      bytes += data
      chunk += 1
      if chunk >= count { return bytes }
    }
    return nil
  }

  /// The decoded reply; nil for no answer in time, a refusal, or an answer that is not the source's.
  private func ask(_ query: String, _ arguments: Fields, within time: Duration) async throws -> Fields? {
    try Task.checkCancellation()
    let payload = try WireCodec.encode([query: .group(arguments)], as: .queryRequest)
    let id = nextID.withLock { id in
      id &+= 1
      return id
    }
    let request = try SignedEnvelope(
      signing: Envelope(
        chainID: chainID, netuid: .root, message: .query, sender: key.account, receiver: account, requestID: id,
        sentAtMilliseconds: wallClock.millisecondsSince1970,
        deadlineMilliseconds: UInt64(max(0, time / .milliseconds(1))), payload: PayloadDigest(of: payload)), with: key)
    let frames = try MessageFrames(envelope: try request.encoded(), payload: payload)
    do {
      let answer = try await sender.send(frames, to: peer, deadline: time)
      let reply = try SignedEnvelope(decoding: answer.envelope)
      let head = try reply.verifyReply(to: request, payload: PayloadDigest(ofFrames: answer.chunks))
      return head.status == .ok ? try WireCodec.decode(answer.payload, as: .queryReply) : nil
    } catch {
      try Task.checkCancellation()
      return nil
    }
  }
}
