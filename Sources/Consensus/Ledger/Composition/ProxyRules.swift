import Primitives

/// What a list of proxies costs while it stands. Source: registry 2.
enum ProxyDeposit {
  static let base: UInt64 = 60_000_000
  static let each: UInt64 = 33_000_000
  static let limit = 20

  static func amount(_ entries: Int) -> UInt64 { entries == 0 ? 0 : base + each * UInt64(entries) }
}

func requireSupported(_ type: UInt8) throws(LedgerError) {
  guard let known = ProxyType(rawValue: type) else { throw .malformed.with("type", UInt64(type)) }
  guard known.isSupported else { throw .callNotSupported.with("proxy_type", UInt64(type)) }
}

extension FieldMapper {
  mutating func proxyEntry(_ delegate: inout AccountID, _ type: inout UInt8, _ delay: inout UInt32) {
    account("delegate", &delegate)
    enumerator("type", &type, of: ProxyType.self)
    number("delay", &delay)
  }
}

extension LedgerEvent {
  static func proxyChanged(_ name: String, _ real: Coldkey, _ entry: ProxyEntry) -> LedgerEvent {
    LedgerEvent(
      name,
      [
        "real": .coldkey(real), "delegate": .account(entry.delegate), "type": .number(entry.type),
        "delay": .number(entry.delayBlocks),
      ])
  }
}
