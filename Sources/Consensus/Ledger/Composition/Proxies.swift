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

/// What a list of proxies costs while it stands. Source: registry 2.
enum ProxyDeposit {
  static let base: UInt64 = 60_000_000
  static let each: UInt64 = 33_000_000
  static let limit = 20

  static func amount(_ entries: Int) -> UInt64 { entries == 0 ? 0 : base + each * UInt64(entries) }
}

private func requireSupported(_ type: UInt8) throws(LedgerError) {
  guard let known = ProxyType(rawValue: type) else { throw .malformed.with("type", UInt64(type)) }
  guard known.isSupported else { throw .callNotSupported.with("proxy_type", UInt64(type)) }
}

extension FieldMapper {
  fileprivate mutating func proxyEntry(_ delegate: inout AccountID, _ type: inout UInt8, _ delay: inout UInt32) {
    account("delegate", &delegate)
    number("type", &type)
    number("delay", &delay)
  }
}

extension LedgerEvent {
  fileprivate static func proxyChanged(_ name: String, _ real: Coldkey, _ entry: ProxyEntry) -> LedgerEvent {
    LedgerEvent(
      name,
      [
        "real": .coldkey(real), "delegate": .account(entry.delegate), "type": .number(entry.type),
        "delay": .number(entry.delayBlocks),
      ])
  }
}
