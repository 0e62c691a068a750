import Keys
import Primitives

/// Measures how many signatures this machine verifies with all its processors and nothing else to do.
enum SignatureBenchmark {
  /// Verifications a second, by the code that the chain uses.
  ///
  /// - Parameter checks: Valid ones; gone through again and again.
  static func verificationsPerSecond(_ checks: [SignatureCheck], for duration: Duration) async -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    var count = 0
    while clock.now - start < duration {
      let verdicts = await SignatureCheck.verifyAll(checks)
      precondition(verdicts.allSatisfy { $0 }, "what was just signed verifies")
      count += verdicts.count
    }
    return Int(Double(count) / ((clock.now - start) / .seconds(1)))
  }
}
