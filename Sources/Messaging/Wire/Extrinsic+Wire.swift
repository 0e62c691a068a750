package import Keys
package import Primitives

extension ExtrinsicBody {
  /// The bytes to sign.
  ///
  /// - Throws: `WireError.tooLarge` when the call is.
  package func encoded() throws(WireError) -> [UInt8] {
    try WireCodec.encode(
      [
        "chain_id": .bytes(chainID.bytes), "spec_version": .unsigned(UInt64(specVersion)),
        "signer": .bytes(signer.bytes), "nonce": .unsigned(nonce), "birth": .unsigned(birth.value),
        "period": .unsigned(UInt64(period)), "tip": .unsigned(tip.value), "call": .bytes(call),
      ], as: .extrinsicBody)
  }

  /// What signed bytes say.
  ///
  /// Only the form is judged; whether the values are admissible is for the chain.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    if let body = bytes.withUnsafeBytes({ ExtrinsicBody(usual: $0) }) {
      self = body
      return
    }
    let fields = try WireCodec.decode(bytes, as: .extrinsicBody)
    self.init(
      chainID: try fields.hash("chain_id"), specVersion: try fields.number("spec_version", as: UInt32.self),
      signer: try fields.account("signer"), nonce: try fields.number("nonce"),
      birth: BlockNumber(try fields.number("birth")), period: try fields.number("period", as: UInt32.self),
      tip: Rao(try fields.number("tip")), call: try fields.bytes("call"))
  }

  /// The same for bytes that are as clients make them; nil leaves the judgement to the general codec.
  fileprivate init?(usual bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= WireLimits.extrinsicBytes else { return nil }
    var reader = CanonicalBytesReader(bytes)
    let chainID = Hash256(reader.bytes32(1))
    let specVersion = reader.narrowNumber(2)
    let signer = AccountID(reader.bytes32(3))
    let nonce = reader.number(4)
    let birth = BlockNumber(reader.number(5))
    let period = reader.narrowNumber(6)
    let tip = Rao(reader.number(7))
    let call = reader.data(8)
    guard reader.isComplete else { return nil }
    self.init(
      chainID: chainID, specVersion: specVersion, signer: signer, nonce: nonce, birth: birth, period: period, tip: tip,
      call: Array(call))
  }
}

extension Extrinsic {
  /// Encodes and signs a body.
  ///
  /// - Precondition: The key is the body's signer.
  /// - Throws: `WireError.tooLarge` when the result is over 64 KiB.
  package init(signing body: ExtrinsicBody, with key: KeyPair) throws(WireError) {
    precondition(key.account == body.signer, "An extrinsic is signed by the account that it names.")
    let bytes = try body.encoded()
    self.init(
      id: Hash256(hashing: bytes), body: body, bodyBytes: bytes, signature: key.sign(.extrinsic, bytes).bytes)
    _ = try encoded()
  }

  /// Reads an extrinsic as it was sent; the signature has the right length but is not verified yet.
  ///
  /// - Throws: `WireError`: `tooLarge` above 64 KiB, else what is wrong with the form.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    if let extrinsic = bytes.withUnsafeBytes({ Extrinsic(usual: $0) }) {
      self = extrinsic
      return
    }
    let fields = try WireCodec.decode(bytes, as: .signedExtrinsic)
    let bodyBytes = try fields.bytes("body")
    let signature = try fields.bytes("signature")
    guard signature.count == Signature.count else {
      throw .wrongLength(field: "signature", count: signature.count, expected: Signature.count)
    }
    self.init(
      id: Hash256(hashing: bodyBytes), body: try ExtrinsicBody(decoding: bodyBytes), bodyBytes: bodyBytes,
      signature: signature)
  }

  /// The same for bytes that are as clients make them; nil leaves the judgement to the general codec.
  private init?(usual bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= WireLimits.extrinsicBytes else { return nil }
    var reader = CanonicalBytesReader(bytes)
    let body = reader.data(1)
    let signature = reader.data(2)
    guard reader.isComplete, signature.count == Signature.count, let read = ExtrinsicBody(usual: body) else {
      return nil
    }
    self.init(id: Hash256(hashing: body), body: read, bodyBytes: Array(body), signature: Array(signature))
  }

  /// The bytes that travel: the body exactly as it was signed, and the signature.
  package func encoded() throws(WireError) -> [UInt8] {
    try WireCodec.encode(["body": .bytes(bodyBytes), "signature": .bytes(signature)], as: .signedExtrinsic)
  }

  /// The check that says whether the signer signed; nil when the signature has another length than 64.
  package var signatureCheck: SignatureCheck? {
    guard let signature = Signature(signature) else { return nil }
    return SignatureCheck(signature: signature, domain: .extrinsic, bytes: bodyBytes, signer: body.signer)
  }

  /// Whether the signer signed these bytes, by the strict rules; the dearest of all checks.
  package var hasValidSignature: Bool { signatureCheck?.isValid ?? false }
}
