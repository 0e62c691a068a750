import Primitives

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
    try requireFlatBatch(calls, of: origin, with: host)

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
