package import Primitives

/// Takes one proxy back, and its deposit.
package struct RemoveProxy: LedgerCall {
  package static let descriptor = CallDescriptor(39, "RemoveProxy", by: .coldkey, "Take back one proxy.")

  package var delegate = AccountID.zero
  package var type: UInt8 = 0
  package var delay: UInt32 = 0

  package init() {}
  package init(delegate: AccountID, type: ProxyType, delay: UInt32 = 0) {
    self.delegate = delegate
    self.type = type.rawValue
    self.delay = delay
  }

  package mutating func map(_ fields: inout FieldMapper) { fields.proxyEntry(&delegate, &type, &delay) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(delegate)
    try requireSupported(type)
    var record = state.coldkeyRecord(coldkey)
    let entry = ProxyEntry(delegate: delegate, type: type, delayBlocks: delay)
    guard let index = record.proxies.firstIndex(of: entry) else { throw .notFound }

    let refund = ProxyDeposit.amount(record.proxies.count) - ProxyDeposit.amount(record.proxies.count - 1)
    record.proxies.remove(at: index)
    state.coldkeys[coldkey] = record
    state.release(refund, of: coldkey.account)
    return [.proxyChanged("ProxyRemoved", coldkey, entry)]
  }
}
