package import Primitives

/// Runs one call for the account that named the signer as its proxy.
///
/// The outer call succeeds even when the inner one fails; its result stands in `ProxyExecuted`.
package struct Proxy: LedgerCall {
  package static let descriptor = CallDescriptor(
    41, "Proxy", by: .anyone, "Act for an account that named you its proxy.")

  package var real = AccountID.zero
  /// 0: whichever entry names the signer first.
  package var type: UInt8 = 0
  package var call: [UInt8] = []

  package init() {}
  package init(real: AccountID, type: ProxyType? = nil, call: [UInt8]) {
    self.real = real
    self.type = type?.rawValue ?? 0
    self.call = call
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.account("real", &real)
    fields.enumerator("type", &type, of: ProxyType.self, optional: true)
    fields.bytes("call", &call, limit: CallLimits.bytes)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let delegate = try origin.signer()
    try host.requireProperKey(real)
    if type > 0, ProxyType(rawValue: type) == nil { throw .malformed.with("type", UInt64(type)) }
    let entries = state.coldkeyRecord(Coldkey(real)).proxies
    guard let entry = entries.first(where: { $0.delegate == delegate && (type == 0 || $0.type == type) }),
      let acting = ProxyType(rawValue: entry.type)
    else { throw .notProxy }
    guard entry.delayBlocks == 0 else { throw .unannounced }

    guard permits(acting, host) else {
      return [LedgerEvent("ProxyExecuted", ["result": .error(.noPermission)])]
    }
    let inner = state.runInner(call, as: .signed(real), with: host)
    return inner.events + [LedgerEvent("ProxyExecuted", ["result": .error(inner.error?.code)])]
  }

  /// Every call inside must pass the filter; changes of the proxy list also need a type that includes the one named.
  private func permits(_ acting: ProxyType, _ host: HostFunctions) -> Bool {
    if InnerCalls.contains(call, with: host, where: { !acting.passes($0) && ![38, 39, 40].contains($0) }) {
      return false
    }
    guard let entry = host.decodeCall(call)?.entries.first, case .group(let fields) = entry.value else { return true }
    switch CallTable.type(named: entry.name)?.descriptor.number {
    case 38, 39:
      guard case .unsigned(let raw)? = fields["type"], let narrow = UInt8(exactly: raw),
        let named = ProxyType(rawValue: narrow)
      else { return true }
      return acting.includes(named)
    case 40: return acting == .any
    default:
      // A changed proxy list deeper inside is judged as strictly as the dearest one.
      return acting == .any || !InnerCalls.contains(call, with: host, where: { [38, 39, 40].contains($0) })
    }
  }
}
