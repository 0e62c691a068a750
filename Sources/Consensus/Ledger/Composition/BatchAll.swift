import Primitives

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
    try requireFlatBatch(calls, of: origin, with: host)

    var events: [LedgerEvent] = []
    for (index, call) in calls.enumerated() {
      let result = state.runInner(call, as: origin, with: host)
      if let error = result.error { throw error.with("index", UInt64(index)) }
      events += result.events + [LedgerEvent("ItemCompleted", ["index": .number(UInt64(index))])]
    }
    return events + [LedgerEvent("BatchCompleted", [:])]
  }
}
