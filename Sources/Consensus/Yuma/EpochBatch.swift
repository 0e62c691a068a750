import Dispatch

/// Several epochs that are due at once.
package enum EpochBatch {
  /// Settles each input on the machine's cores; the results stand in the inputs' order.
  ///
  /// Epochs share nothing, so the results are those of settling one after the other, on any number of cores.
  package static func settle(_ inputs: [EpochInput]) -> [Result<EpochOutput, EpochError>] {
    guard inputs.count > 1 else { return inputs.map(settled) }
    return [Result<EpochOutput, EpochError>](unsafeUninitializedCapacity: inputs.count) { results, count in
      // Each worker writes its own place, and nobody reads before all are done.
      nonisolated(unsafe) let base = results.baseAddress!
      DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
        (base + index).initialize(to: settled(inputs[index]))
      }
      count = inputs.count
    }
  }

  private static func settled(_ input: EpochInput) -> Result<EpochOutput, EpochError> {
    do throws(EpochError) { return .success(try YumaEpoch.settled(input)) } catch { return .failure(error) }
  }
}
