import Primitives

/// Takes back every proxy.
package struct RemoveProxies: LedgerCall {
  package static let descriptor = CallDescriptor(40, "RemoveProxies", by: .coldkey, "Take back all proxies.")

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) {}

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    var record = state.coldkeyRecord(coldkey)
    let entries = record.proxies
    guard !entries.isEmpty else { return [] }

    record.proxies = []
    state.coldkeys[coldkey] = record
    state.release(ProxyDeposit.amount(entries.count), of: coldkey.account)
    return entries.map { .proxyChanged("ProxyRemoved", coldkey, $0) }
  }
}
