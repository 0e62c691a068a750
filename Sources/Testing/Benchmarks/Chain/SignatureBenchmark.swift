import Keys
import Primitives

/// Measures how many signatures this machine verifies with all its processors and nothing else to do.
enum SignatureBenchmark {
  struct Result: Sendable {
    let perSecond: Int
    /// Processor time of one, which other work on the machine hardly changes.
    let nanosecondsEach: Int
  }

  /// Verifies for a while, by the code that the chain uses.
  ///
  /// - Parameter checks: Valid ones; gone through again and again.
  static func run(_ checks: [SignatureCheck], for duration: Duration) async -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    let startProcessor = ProcessorTime.own
    var count = 0
    while clock.now - start < duration {
      let verdicts = await SignatureCheck.verifyAll(checks)
      precondition(verdicts.allSatisfy { $0 }, "what was just signed verifies")
      count += verdicts.count
    }
    return Result(
      perSecond: Int(Double(count) / ((clock.now - start) / .seconds(1))),
      nanosecondsEach: (ProcessorTime.own - startProcessor) * 1000 / max(1, count))
  }
}
