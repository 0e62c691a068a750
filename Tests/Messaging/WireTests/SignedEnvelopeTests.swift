import Keys
import Primitives
import Testing
import Wire

@Suite struct SignedEnvelopeTests {
  private let validator = KeyPair.development(name: "Validator")
  private let miner = KeyPair.development(name: "Miner")
  private let chainID = Hash256(hashing: [1])
  private let payload = PayloadDigest(of: [1, 2, 3])

  private func request(chainID: Hash256? = nil, netuid: UInt16 = 1, to receiver: KeyPair? = nil) throws
    -> SignedEnvelope
  {
    let envelope = Envelope(
      chainID: chainID ?? self.chainID, netuid: NetUID(netuid),
      message: try #require(EnvelopeMessage("text", version: 1)),
      sender: validator.account, receiver: (receiver ?? miner).account, requestID: 77, sentAtMilliseconds: 1_000_000,
      deadlineMilliseconds: 5_000, payload: payload)
    return try SignedEnvelope(signing: envelope, with: validator)
  }

  private func refusal(_ signed: SignedEnvelope, payload: PayloadDigest? = nil, limit: UInt64 = 100) -> EnvelopeError? {
    do throws(EnvelopeError) {
      try signed.verifyRequest(
        to: miner.account, chainID: chainID, netuid: NetUID(1), payload: payload ?? self.payload, payloadLimit: limit)
      return nil
    } catch { return error }
  }

  private func refusal(_ reply: SignedEnvelope, to request: SignedEnvelope, payload: PayloadDigest? = nil)
    -> EnvelopeError?
  {
    do throws(EnvelopeError) {
      _ = try reply.verifyReply(to: request, payload: payload ?? self.payload)
      return nil
    } catch { return error }
  }

  private func reply(to request: SignedEnvelope, status: EnvelopeStatus = .ok) throws -> SignedEnvelope {
    try SignedEnvelope(
      replyingTo: request, status: status, payload: payload, sentAtMilliseconds: 1_000_050,
      retryAfterMilliseconds: status == .busy ? 250 : nil, errorDetail: status == .ok ? "" : "no", with: miner)
  }

  @Test func aRequestAndItsReplyAreAccepted() throws {
    let request = try SignedEnvelope(decoding: self.request().encoded())
    #expect(try request == self.request())
    #expect(refusal(request) == nil)
    let reply = try SignedEnvelope(decoding: self.reply(to: request, status: .busy).encoded())
    let head = try reply.verifyReply(to: request, payload: payload)
    #expect(head.status == .busy)
    #expect(head.retryAfterMilliseconds == 250)
    #expect(head.errorDetail == Array("no".utf8))
  }

  @Test func anAlteredBitAnywhereInARequestIsRefused() throws {
    let bytes = try request().encoded()
    for index in bytes.indices {
      for bit in 0..<8 {
        var altered = bytes
        altered[index] ^= 1 << UInt8(bit)
        guard let read = try? SignedEnvelope(decoding: altered) else { continue }
        #expect(refusal(read) != nil, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test func anAlteredBitAnywhereInAReplyIsRefused() throws {
    let request = try request()
    let bytes = try reply(to: request, status: .refused).encoded()
    for index in bytes.indices {
      for bit in 0..<8 {
        var altered = bytes
        altered[index] ^= 1 << UInt8(bit)
        guard let read = try? SignedEnvelope(decoding: altered) else { continue }
        #expect(refusal(read, to: request) != nil, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test func whatIsForSomebodyElseIsRefused() throws {
    #expect(refusal(try request(to: validator)) == .wrongReceiver)
    #expect(refusal(try request(chainID: .zero)) == .wrongNetwork)
    #expect(refusal(try request(netuid: 2)) == .wrongSubnet(NetUID(2)))
    #expect(refusal(try reply(to: request())) == .notARequest)
    var future = try request().envelope
    future.protocolVersion = 2
    #expect(refusal(try SignedEnvelope(signing: future, with: validator)) == .wrongProtocolVersion(2))
  }

  @Test func anotherPayloadIsRefused() throws {
    #expect(refusal(try request(), payload: PayloadDigest(of: [1, 2, 4])) == .wrongPayload)
    #expect(refusal(try request(), payload: PayloadDigest(digest: payload.digest, length: 4)) == .wrongPayload)
    #expect(refusal(try request(), limit: 2) == .payloadTooLarge(length: 3, limit: 2))
    let request = try request()
    #expect(refusal(try reply(to: request), to: request, payload: PayloadDigest(of: [])) == .wrongPayload)
  }

  @Test func whereFramesAreCutDoesNotChangeTheDigest() {
    #expect(PayloadDigest(ofFrames: [[1], [], [2, 3]]) == payload)
    #expect(PayloadDigest(ofFrames: [[UInt8]]()) == PayloadDigest(of: []))
  }

  @Test func aMissingOrForeignSignatureIsRefused() throws {
    let bytes = try request().envelopeBytes
    let unsigned = try WireCodec.encode(["envelope": .bytes(bytes)], as: .signedEnvelope)
    #expect(throws: WireError.wrongLength(field: "signature", count: 0, expected: 64)) {
      try SignedEnvelope(decoding: unsigned)
    }
    for signature in [miner.sign(.envelope, bytes), validator.sign(.reply, bytes), validator.sign(.extrinsic, bytes)] {
      let frame = try WireCodec.encode(
        ["envelope": .bytes(bytes), "signature": .bytes(signature.bytes)], as: .signedEnvelope)
      #expect(refusal(try SignedEnvelope(decoding: frame)) == .badSignature)
    }
  }

  @Test func aReplyToAnotherRequestIsRefused() throws {
    let request = try request()
    var other = request.envelope
    other.requestID = 78
    let otherRequest = try SignedEnvelope(signing: other, with: validator)
    #expect(refusal(try reply(to: otherRequest), to: request) == .wrongRequest)
    #expect(refusal(request, to: request) == .notAReply)
    let byAnother = try SignedEnvelope(
      replyingTo: request, status: .ok, payload: payload, sentAtMilliseconds: 1, with: KeyPair.development(name: "Eve"))
    #expect(refusal(byAnother, to: request) == .wrongRequest)
  }

  @Test func aLongDetailIsCutAndALongerOneRefused() throws {
    let reply = try SignedEnvelope(
      replyingTo: request(), status: .failed, payload: payload, sentAtMilliseconds: 1,
      errorDetail: String(repeating: "x", count: 5000), with: miner)
    #expect(reply.envelope.reply?.errorDetail.count == ReplyHead.detailLimit)
    var envelope = reply.envelope
    envelope.reply?.errorDetail = [UInt8](repeating: 1, count: ReplyHead.detailLimit + 1)
    #expect(throws: WireError.outOfRange(field: "error_detail")) { try envelope.encoded() }
  }

  @Test(arguments: ["", "Text", "a b", "é", "../etc", String(repeating: "a", count: 65)])
  func aMessageNameIsPlainAndShort(name: String) throws {
    #expect(EnvelopeMessage(name, version: 1) == nil)
    let good = try request().envelopeBytes
    var fields = try WireCodec.decode(good, as: .envelope)
    fields.entries = fields.entries.map {
      $0.name == "message_name" ? .init(name: $0.name, value: .bytes(Array(name.utf8))) : $0
    }
    let bytes = try WireCodec.encode(fields, as: .envelope)
    #expect(throws: WireError.outOfRange(field: "message_name")) { try Envelope(decoding: bytes) }
  }

  @Test func statusesOfTheSchemaAndOfThisCodeAreTheSame() throws {
    let field = try #require(MessageName.envelope.fields.first { $0.name == "status" })
    #expect(field.enumerators == [0] + EnvelopeStatus.allCases.map { UInt64($0.rawValue) })
  }

  @Test func refusalsHaveTheirFamiliarNumbers() {
    let expected: [(EnvelopeError, UInt32)] = [
      (.badSignature, 401), (.wrongNetwork, 401), (.replayed, 401), (.sentBeforeStart, 401),
      (.payloadTooLarge(length: 2, limit: 1), 413), (.undecodable(.malformed(message: "x")), 422),
      (.undecodable(.tooLarge(message: "x", count: 2, limit: 1)), 413), (.busy(retryAfterMilliseconds: 5), 429),
      (.deadlinePassed(byMilliseconds: 1), 408),
    ]
    for (error, number) in expected { #expect(error.status.rawValue == number, "\(error)") }
  }
}
