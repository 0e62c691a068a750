package import Primitives

/// What the ledger keeps of one account.
package struct Account: CanonicalValue, Hashable {
  /// Rao owned, held deposits included.
  package var balance: UInt64 = 0
  /// Rao of `balance` that deposits hold: owned, not spendable.
  package var held: UInt64 = 0
  /// The nonce the next transaction must carry; never forgotten, not even with the last balance.
  package var nonce: UInt64 = 0

  package init() {}

  /// Rao that may be spent.
  package var free: UInt64 { balance - held }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.integer(&balance)
    coder.integer(&held)
    coder.integer(&nonce)
  }
}

/// Who owns a hotkey, and what it asks of those who delegate to it.
package struct HotkeyRecord: CanonicalValue, Hashable {
  package var owner = Coldkey()
  /// Delegate take in 1/65535 as set explicitly; nil means the default.
  package var take: UInt16?
  /// Block of the last change of the take, 0 when it never changed.
  package var takeBlock: UInt64 = 0

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.coldkey(&owner)
    var explicit = take.map(UInt64.init)
    coder.option(&explicit)
    take = explicit.map(UInt16.init(truncatingIfNeeded:))
    coder.integer(&takeBlock)
  }
}

/// What the ledger keeps of an account in its role as coldkey.
package struct ColdkeyRecord: CanonicalValue, Hashable {
  /// Hotkeys owned, in the order of association.
  package var ownedHotkeys = HotkeyList()
  /// Hotkeys on which this coldkey has or had stake, in the order of the first stake.
  package var stakingHotkeys = HotkeyList()
  package var identity: Identity?
  package var proxies: [ProxyEntry] = []
  /// Uids that its hotkeys hold on all subnets together.
  package var slotsHeld: UInt32 = 0

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.hotkeys(&ownedHotkeys)
    coder.hotkeys(&stakingHotkeys)
    coder.option(&identity)
    coder.list(&proxies)
    coder.integer(&slotsHeld)
  }
}

/// What a coldkey, or a subnet, says of itself: named byte strings in a fixed order.
package struct Identity: CanonicalValue, Hashable {
  package var fields: [IdentityField] = []

  package init() {}
  package init(_ fields: [IdentityField]) { self.fields = fields }

  package subscript(name: String) -> [UInt8] { fields.first { $0.name == name }?.content ?? [] }

  package mutating func code(_ coder: inout CanonicalCoder) { coder.list(&fields) }
}

package struct IdentityField: CanonicalValue, Hashable {
  package var name = ""
  package var content: [UInt8] = []

  package init() {}
  package init(name: String, content: [UInt8]) {
    self.name = name
    self.content = content
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.text(&name)
    coder.data(&content)
  }
}

/// One account that may act for another. Source: registry 2, proxies.
package struct ProxyEntry: CanonicalValue, Hashable {
  package var delegate = AccountID.zero
  package var type: UInt8 = 0
  package var delayBlocks: UInt32 = 0

  package init() {}
  package init(delegate: AccountID, type: UInt8, delayBlocks: UInt32) {
    self.delegate = delegate
    self.type = type
    self.delayBlocks = delayBlocks
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.account(&delegate)
    coder.integer(&type)
    coder.integer(&delayBlocks)
  }
}
