import Primitives

/// Runs one call as root, on the word of the sudo key. An error of the inner call stands in the event, not here.
package struct Sudo: LedgerCall {
  package static let descriptor = CallDescriptor(46, "Sudo", by: .sudo, "Run a call as root.")

  package var call: [UInt8] = []

  package init() {}
  package init(call: [UInt8]) { self.call = call }

  package mutating func map(_ fields: inout FieldMapper) { fields.bytes("call", &call, limit: CallLimits.bytes) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    guard let key = state.chain.sudoKey, origin == .signed(key) else { throw .notAuthorized }

    let inner = state.runInner(call, as: .root, with: host)
    return inner.events + [LedgerEvent("Sudid", ["result": .error(inner.error?.code)])]
  }
}
