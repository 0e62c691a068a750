/// What a proxy may do for its account. Source: registry 2, numbers 20.1.
package enum ProxyType: UInt8, Sendable, CaseIterable {
  case any = 1
  case nonTransfer = 2
  case nonCritical = 3
  case nonFungible = 4
  case owner = 5
  case staking = 6
  case registration = 7
  case childKeys = 8
  case swapHotkey = 9
  case transfer = 10
  case smallTransfer = 11
  case subnetLeaseBeneficiary = 12
  case rootClaim = 13

  /// Types that this ledger grants; the others of the protocol answer `CallNotSupported`.
  var isSupported: Bool {
    switch self {
    case .any, .nonTransfer, .owner, .staking, .registration, .childKeys, .swapHotkey: true
    default: false
    }
  }

  /// Whether a call of that number passes; calls that hold others are judged by what they hold.
  func passes(_ number: UInt16) -> Bool {
    if [41, 43, 44, 45].contains(number), self != .any { return true }
    return switch self {
    case .any: true
    case .nonTransfer: ![34, 35, 36, 37, 49, 50, 63, 71].contains(number)
    case .owner: [24, 25, 27, 28, 29, 30, 31, 32].contains(number)
    case .staking: (64...70).contains(number) || number == 76
    case .registration: number == 4
    case .childKeys: number == 18 || number == 19
    case .swapHotkey: number == 33
    default: false
    }
  }

  /// Whether a proxy of this type may add or remove one of the other.
  func includes(_ other: ProxyType) -> Bool {
    switch self {
    case .any: true
    case .nonTransfer: other != .transfer && other != .smallTransfer && other != .any
    case .transfer: other == .transfer || other == .smallTransfer
    default: other == self
    }
  }
}
