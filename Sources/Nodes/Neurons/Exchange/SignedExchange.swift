package import Keys
package import Primitives
package import Transport
package import Wire

/// Whom to ask: where it listens, and whose signature its replies must carry.
package struct ExchangePeer: Hashable, Sendable {
  package let address: PeerAddress
  package let account: AccountID

  package init(address: PeerAddress, account: AccountID) {
    self.address = address
    self.account = account
  }

  /// A peer whose transport key is its account converted; nil when the account is no proper key.
  package init?(account: AccountID, at endpoint: Endpoint) {
    guard let key = CurvePublicKey(converting: account) else { return nil }
    self.init(address: PeerAddress(endpoint: endpoint, serverKey: TransportKey(key.key)), account: account)
  }
}

/// What to ask.
package struct Question: Sendable {
  package var chainID: Hash256
  package var netuid: NetUID
  package var message: EnvelopeMessage
  package var payload: [UInt8]

  package init(chainID: Hash256, netuid: NetUID, message: EnvelopeMessage, payload: [UInt8]) {
    self.chainID = chainID
    self.netuid = netuid
    self.message = message
    self.payload = payload
  }
}

/// Signs questions, sends them, and lets only the answers through that their peer signed for just that question.
package struct SignedExchange: Sendable {
  let sender: any RequestSender
  let key: KeyPair
  let time: NodeTime
  let random: RandomSource

  package init(sender: any RequestSender, key: KeyPair, time: NodeTime, random: RandomSource) {
    self.sender = sender
    self.key = key
    self.time = time
    self.random = random
  }

  /// Asks once; every call is a new request with an id of its own.
  ///
  /// - Returns: The payload of a verified reply with status 200.
  package func ask(
    _ question: Question, of peer: ExchangePeer, deadline: Duration
  ) async throws(ExchangeError) -> [UInt8] {
    let request = try signed(question, for: peer, deadline: deadline)
    let reply: MessageFrames
    do throws(TransportError) {
      reply = try await sender.send(request.frames, to: peer.address, deadline: deadline)
    } catch {
      throw .transport(error)
    }
    let head: ReplyHead
    do throws(EnvelopeError) {
      head = try verifiedHead(of: reply, to: request.cover)
    } catch {
      throw .unverified(error)
    }
    guard head.status == .ok else { throw .refused(PeerRefusal(head)) }
    return reply.payload
  }

  private func verifiedHead(of reply: MessageFrames, to request: SignedEnvelope) throws(EnvelopeError) -> ReplyHead {
    let cover: SignedEnvelope
    do throws(WireError) {
      cover = try SignedEnvelope(decoding: reply.envelope)
    } catch {
      throw .undecodable(error)
    }
    return try cover.verifyReply(to: request, payload: PayloadDigest(ofFrames: reply.chunks))
  }

  private func signed(
    _ question: Question, for peer: ExchangePeer, deadline: Duration
  ) throws(ExchangeError) -> (cover: SignedEnvelope, frames: MessageFrames) {
    let envelope = Envelope(
      chainID: question.chainID, netuid: question.netuid, message: question.message, sender: key.account,
      receiver: peer.account, requestID: random.number(), sentAtMilliseconds: time.millisecondsSince1970,
      deadlineMilliseconds: UInt64(max(0, deadline / .milliseconds(1))), payload: PayloadDigest(of: question.payload))
    do {
      let cover = try SignedEnvelope(signing: envelope, with: key)
      return (cover, try MessageFrames(envelope: cover.encoded(), payload: question.payload))
    } catch {
      throw .tooLarge(bytes: question.payload.count)
    }
  }
}
