package import Primitives

/// Lets another account act for the signer, within a type.
package struct AddProxy: LedgerCall {
  package static let descriptor = CallDescriptor(38, "AddProxy", by: .coldkey, "Let an account act for you.")

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
    guard delegate != coldkey.account else { throw .noSelfProxy }
    try requireSupported(type)
    var record = state.coldkeyRecord(coldkey)
    let entry = ProxyEntry(delegate: delegate, type: type, delayBlocks: delay)
    guard !record.proxies.contains(entry) else { throw .duplicate }
    guard record.proxies.count < ProxyDeposit.limit else {
      throw .tooMany.with("limit", UInt64(ProxyDeposit.limit))
    }
    let deposit = ProxyDeposit.amount(record.proxies.count + 1) - ProxyDeposit.amount(record.proxies.count)
    try state.hold(deposit, of: coldkey.account, shortage: .balanceTooLow)

    record.proxies.append(entry)
    state.coldkeys[coldkey] = record
    return [.proxyChanged("ProxyAdded", coldkey, entry)]
  }
}
