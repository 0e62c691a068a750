import Keys
import Synchronization

/// Verdicts on signatures that were given before, found by everything a verification looks at.
///
/// Nodes of one simulation verify the same extrinsics again and again, which would be most of its time. What differs in
/// one bit from all that was verified is verified.
final class KnownVerdicts: Sendable {
  private let known = Mutex<[SignatureCheck: Bool]>([:])

  func verdict(on check: SignatureCheck) -> Bool {
    if let verdict = known.withLock({ $0[check] }) { return verdict }
    let verdict = check.isValid
    known.withLock { $0[check] = verdict }
    return verdict
  }
}
