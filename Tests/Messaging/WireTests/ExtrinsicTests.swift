import Keys
import Primitives
import Testing
import Wire

@Suite struct ExtrinsicTests {
  private let alice = KeyPair.development(name: "Alice")

  private func body(nonce: UInt64 = 0, call: [UInt8] = [1, 2, 3]) -> ExtrinsicBody {
    ExtrinsicBody(
      chainID: Hash256(hashing: [1]), specVersion: 1, signer: alice.account, nonce: nonce, birth: BlockNumber(9),
      period: 128, tip: Rao(5), call: call)
  }

  @Test func whatWasSignedIsReadBackAndVerifies() throws {
    let extrinsic = try Extrinsic(signing: body(), with: alice)
    let read = try Extrinsic(decoding: extrinsic.encoded())
    #expect(read == extrinsic)
    #expect(read.hasValidSignature)
    #expect(read.body == body())
  }

  @Test func theIdIsTheHashOfTheBodyWhateverTheSignature() throws {
    let extrinsic = try Extrinsic(signing: body(), with: alice)
    let forged = try WireCodec.encode(
      ["body": .bytes(extrinsic.bodyBytes), "signature": .bytes([UInt8](repeating: 1, count: 64))], as: .signedExtrinsic
    )
    let read = try Extrinsic(decoding: forged)
    #expect(read.id == extrinsic.id)
    #expect(read.id == Hash256(hashing: extrinsic.bodyBytes))
    #expect(!read.hasValidSignature)
    #expect(try Extrinsic(signing: body(nonce: 1), with: alice).id != extrinsic.id)
  }

  @Test func anAlteredBitAnywhereIsRefused() throws {
    let bytes = try Extrinsic(signing: body(), with: alice).encoded()
    for index in bytes.indices {
      for bit in 0..<8 {
        var altered = bytes
        altered[index] ^= 1 << UInt8(bit)
        guard let read = try? Extrinsic(decoding: altered) else { continue }
        #expect(!read.hasValidSignature, "byte \(index), bit \(bit)")
      }
    }
  }

  /// The way that reads thousands a second must judge as the one that reads everything.
  @Test func quickReadingTakesExactlyWhatTheSchemaTakes() throws {
    func general(_ bytes: [UInt8]) -> [FieldValue]? {
      guard let fields = try? WireCodec.decode(bytes, as: .signedExtrinsic),
        case .bytes(let body)? = fields["body"], case .bytes(let signature)? = fields["signature"],
        signature.count == 64, let inner = try? WireCodec.decode(body, as: .extrinsicBody),
        (try? inner.hash("chain_id")) != nil, (try? inner.account("signer")) != nil
      else { return nil }
      return inner.entries.map(\.value) + [.bytes(signature)]
    }
    func quick(_ bytes: [UInt8]) -> [FieldValue]? {
      guard let read = try? Extrinsic(decoding: bytes) else { return nil }
      let body = read.body
      return [
        .bytes(body.chainID.bytes), .unsigned(UInt64(body.specVersion)), .bytes(body.signer.bytes),
        .unsigned(body.nonce), .unsigned(body.birth.value), .unsigned(UInt64(body.period)), .unsigned(body.tip.value),
        .bytes(body.call), .bytes(read.signature),
      ]
    }
    var odd = body(nonce: .max, call: [])
    odd.period = .max
    odd.birth = .genesis
    for body in [body(), odd] {
      let bytes = try Extrinsic(signing: body, with: alice).encoded()
      #expect(quick(bytes) != nil)
      for index in bytes.indices {
        for value in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 8, bytes[index] &+ 1] as [UInt8] {
          var altered = bytes
          altered[index] = value
          #expect(quick(altered) == general(altered), "byte \(index) as \(value)")
        }
        let cut = Array(bytes[..<index])
        #expect(quick(cut) == general(cut))
      }
      let longer = bytes + [0]
      #expect(quick(longer) == general(longer))
    }
  }

  @Test func aSignatureForAnotherPurposeIsRefused() throws {
    let bytes = try body().encoded()
    let signature = alice.sign(.envelope, bytes)
    let extrinsic = Extrinsic(id: Hash256(hashing: bytes), body: body(), bodyBytes: bytes, signature: signature.bytes)
    #expect(!extrinsic.hasValidSignature)
  }

  @Test func oversizeAndWrongLengthsAreRefused() throws {
    #expect(throws: WireError.self) {
      try Extrinsic(signing: body(call: [UInt8](repeating: 0, count: 65_400)), with: alice)
    }
    let bytes = try WireCodec.encode(
      ["body": .bytes(body().encoded()), "signature": .bytes([1])], as: .signedExtrinsic)
    #expect(throws: WireError.wrongLength(field: "signature", count: 1, expected: 64)) {
      try Extrinsic(decoding: bytes)
    }
    let short = try WireCodec.encode(["chain_id": .bytes([1]), "signer": .bytes([2])], as: .extrinsicBody)
    #expect(throws: WireError.wrongLength(field: "chain_id", count: 1, expected: 32)) {
      try ExtrinsicBody(decoding: short)
    }
  }

  @Test func aBodyWithAnUnknownFieldIsRefusedEvenWhenSigned() throws {
    let bytes = try body().encoded() + [0x78, 1]
    let signed = try WireCodec.encode(
      ["body": .bytes(bytes), "signature": .bytes(alice.sign(.extrinsic, bytes).bytes)], as: .signedExtrinsic)
    #expect(throws: WireError.unknownField(message: "ExtrinsicBody", number: 15)) { try Extrinsic(decoding: signed) }
  }
}

@Suite struct SealedBlockTests {
  private let author = KeyPair.development(name: "Authority")
  private let chainID = Hash256(hashing: [1])

  private var header: BlockHeader {
    BlockHeader(
      number: BlockNumber(7), parent: Hash256(hashing: [2]), timestampMilliseconds: 1_000, author: author.account,
      extrinsicsRoot: .zero, stateRoot: Hash256(hashing: [3]), eventsRoot: .zero)
  }

  @Test func aSealedBlockIsReadBackWithItsHash() throws {
    let block = SealedBlock(sealing: header, extrinsics: [[1], [], [2, 3]], chainID: chainID, with: author)
    let read = try SealedBlock(decoding: block.encoded())
    #expect(read == block)
    #expect(read.header == header)
    #expect(read.hash == header.hash)
    #expect(read.hasValidSignature(chainID: chainID))
  }

  @Test func aBlockOfAnotherChainOrAuthorDoesNotVerify() throws {
    let block = SealedBlock(sealing: header, extrinsics: [], chainID: chainID, with: author)
    #expect(!block.hasValidSignature(chainID: .zero))
    var altered = header
    altered.stateRoot = .zero
    let bytes = try WireCodec.encode(
      ["header": .bytes(altered.encoded), "signature": .bytes(block.signature)], as: .sealedBlock)
    #expect(!(try SealedBlock(decoding: bytes).hasValidSignature(chainID: chainID)))
  }

  @Test func aBlockHasAtMostItsExtrinsics() throws {
    let full = SealedBlock(
      sealing: header, extrinsics: Array(repeating: [1], count: WireLimits.blockExtrinsics), chainID: chainID,
      with: author)
    #expect(try SealedBlock(decoding: full.encoded()).extrinsics.count == 5000)
    let over = SealedBlock(
      sealing: header, extrinsics: Array(repeating: [1], count: WireLimits.blockExtrinsics + 1), chainID: chainID,
      with: author)
    #expect(throws: WireError.tooManyItems(field: "extrinsics", count: 5001, limit: 5000)) { try over.encoded() }
  }

  @Test func aBlockAsLargeAsRulesAllowIsReadBack() throws {
    let extrinsic = [UInt8](repeating: 9, count: WireLimits.extrinsicBytes - 8)
    let block = SealedBlock(
      sealing: header, extrinsics: Array(repeating: extrinsic, count: 80), chainID: chainID, with: author)
    #expect(try SealedBlock(decoding: block.encoded()).extrinsics.count == 80)
  }
}
