package import Primitives

extension CanonicalCoder {
  package mutating func account(_ value: inout AccountID) {
    var key = value.key
    bytes32(&key)
    value = AccountID(key)
  }

  package mutating func coldkey(_ value: inout Coldkey) {
    var account = value.account
    self.account(&account)
    value = Coldkey(account)
  }

  package mutating func hotkey(_ value: inout Hotkey) {
    var account = value.account
    self.account(&account)
    value = Hotkey(account)
  }

  package mutating func hash(_ value: inout Hash256) {
    var bytes = value.value
    bytes32(&bytes)
    value = Hash256(bytes)
  }

  package mutating func block(_ value: inout BlockNumber) {
    var number = value.value
    integer(&number)
    value = BlockNumber(number)
  }

  package mutating func netuid(_ value: inout NetUID) {
    var number = value.value
    integer(&number)
    value = NetUID(number)
  }

  package mutating func hotkeys(_ values: inout [Hotkey]) {
    var accounts = values.map(\.account)
    list(&accounts)
    values = accounts.map(Hotkey.init)
  }

  package mutating func coldkeys(_ values: inout [Coldkey]) {
    var accounts = values.map(\.account)
    list(&accounts)
    values = accounts.map(Coldkey.init)
  }

  package mutating func option(_ value: inout AccountID?) {
    var present = value != nil
    flag(&present)
    var content = value ?? .zero
    if present { account(&content) }
    value = present ? content : nil
  }

  package mutating func option(_ value: inout UInt64?) {
    var present = value != nil
    flag(&present)
    var content = value ?? 0
    if present { integer(&content) }
    value = present ? content : nil
  }
}

extension AccountID: CanonicalValue {
  package init() { self = .zero }
  package mutating func code(_ coder: inout CanonicalCoder) { coder.account(&self) }
}

extension BlockNumber: CanonicalValue {
  package init() { self = .genesis }
  package mutating func code(_ coder: inout CanonicalCoder) { coder.block(&self) }
}
