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
    let fields = try WireCodec.decode(bytes, as: .extrinsicBody)
    self.init(
      chainID: try fields.hash("chain_id"), specVersion: try fields.number("spec_version", as: UInt32.self),
      signer: try fields.account("signer"), nonce: try fields.number("nonce"),
      birth: BlockNumber(try fields.number("birth")), period: try fields.number("period", as: UInt32.self),
      tip: Rao(try fields.number("tip")), call: try fields.bytes("call"))
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
