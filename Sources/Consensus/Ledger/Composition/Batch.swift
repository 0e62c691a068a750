import Primitives

/// Runs calls in order until one fails; what was done before stays.
package struct Batch: LedgerCall {
  package static let descriptor = CallDescriptor(43, "Batch", by: .anyone, "Run calls until one fails.")

  package var calls: [[UInt8]] = []

  package init() {}
  package init(calls: [[UInt8]]) { self.calls = calls }

  package mutating func map(_ fields: inout FieldMapper) { fields.calls(&calls) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try requireFlatBatch(calls, with: host)

    var events: [LedgerEvent] = []
    for (index, call) in calls.enumerated() {
      let result = state.runInner(call, as: origin, with: host)
      events += result.events
      if let error = result.error {
        return events + [
          LedgerEvent("BatchInterrupted", ["index": .number(UInt64(index)), "error": .error(error.code)])
        ]
      }
      events.append(LedgerEvent("ItemCompleted", ["index": .number(UInt64(index))]))
    }
    return events + [LedgerEvent("BatchCompleted", [:])]
  }
}

/// Runs calls in order, all or none: fails with the error of the first that fails.
package struct BatchAll: LedgerCall {
  package static let descriptor = CallDescriptor(44, "BatchAll", by: .anyone, "Run calls, all or none.")

  package var calls: [[UInt8]] = []

  package init() {}
  package init(calls: [[UInt8]]) { self.calls = calls }

  package mutating func map(_ fields: inout FieldMapper) { fields.calls(&calls) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try requireFlatBatch(calls, with: host)

    var events: [LedgerEvent] = []
    for (index, call) in calls.enumerated() {
      let result = state.runInner(call, as: origin, with: host)
      if let error = result.error { throw error.with("index", UInt64(index)) }
      events += result.events + [LedgerEvent("ItemCompleted", ["index": .number(UInt64(index))])]
    }
    return events + [LedgerEvent("BatchCompleted", [:])]
  }
}

/// Runs every call in order, whether or not others fail.
package struct ForceBatch: LedgerCall {
  package static let descriptor = CallDescriptor(45, "ForceBatch", by: .anyone, "Run every call, skipping failures.")

  package var calls: [[UInt8]] = []

  package init() {}
  package init(calls: [[UInt8]]) { self.calls = calls }

  package mutating func map(_ fields: inout FieldMapper) { fields.calls(&calls) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try requireFlatBatch(calls, with: host)

    var events: [LedgerEvent] = []
    var failures = 0
    for (index, call) in calls.enumerated() {
      let result = state.runInner(call, as: origin, with: host)
      events += result.events
      if let error = result.error {
        failures += 1
        events.append(LedgerEvent("ItemFailed", ["index": .number(UInt64(index)), "error": .error(error.code)]))
      } else {
        events.append(LedgerEvent("ItemCompleted", ["index": .number(UInt64(index))]))
      }
    }
    return events + [LedgerEvent(failures == 0 ? "BatchCompleted" : "BatchCompletedWithErrors", [:])]
  }
}

extension FieldMapper {
  /// More calls than a batch takes are an error of the row, not of the encoding, so the cap here is the frame's.
  fileprivate mutating func calls(_ calls: inout [[UInt8]]) {
    bytesList("calls", &calls, limit: CallLimits.bytes, each: CallLimits.bytes)
  }
}

/// - Throws: `TooManyCalls` over the cap; `NestedBatch` when a batch stands inside, at any depth.
private func requireFlatBatch(_ calls: [[UInt8]], with host: HostFunctions) throws(LedgerError) {
  guard calls.count <= CallLimits.batch else {
    throw .tooManyCalls.with("calls", UInt64(calls.count)).with("limit", UInt64(CallLimits.batch))
  }
  let batches: Set<UInt16> = [43, 44, 45]
  for call in calls where InnerCalls.contains(call, with: host, where: { batches.contains($0) }) { throw .nestedBatch }
}
