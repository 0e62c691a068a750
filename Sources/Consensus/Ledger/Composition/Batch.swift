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
    try requireFlatBatch(calls, of: origin, with: host)

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
