import Glibc
package import Primitives

/// One signature to verify among many.
package struct SignatureCheck: Hashable, Sendable {
  package let signature: Signature
  package let domain: SigningDomain
  package let bytes: [UInt8]
  package let signer: AccountID

  package init(signature: Signature, domain: SigningDomain, bytes: [UInt8], signer: AccountID) {
    self.signature = signature
    self.domain = domain
    self.bytes = bytes
    self.signer = signer
  }

  /// The verdict on this one signature.
  package var isValid: Bool { signature.verifies(domain, bytes, by: signer) }

  /// Signatures a task verifies at least: with fewer, starting tasks costs more than they save.
  static let chunkFloor = 32

  /// Verifies every signature on its own, spread over all processors.
  ///
  /// - Returns: One verdict per check, in the order of `checks`.
  package static func verifyAll(_ checks: [SignatureCheck]) async -> [Bool] {
    let chunk = chunkCount(of: checks.count, processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    guard checks.count > chunk else { return checks.map(\.isValid) }
    return await withTaskGroup(of: (start: Int, verdicts: [Bool]).self) { group in
      for start in stride(from: 0, to: checks.count, by: chunk) {
        group.addTask { (start, checks[start..<min(start + chunk, checks.count)].map(\.isValid)) }
      }
      var verdicts = [Bool](repeating: false, count: checks.count)
      for await part in group {
        verdicts.replaceSubrange(part.start..<part.start + part.verdicts.count, with: part.verdicts)
      }
      return verdicts
    }
  }

  /// Four chunks a processor, so that a late one is short, and never below the floor.
  static func chunkCount(of total: Int, processors: Int) -> Int {
    max(chunkFloor, (total + 4 * processors - 1) / (4 * processors))
  }
}
