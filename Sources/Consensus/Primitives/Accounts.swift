/// Who signed: a 32-byte Ed25519 public key. Coldkey and hotkey are roles of one key space.
public struct AccountID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let key: Bytes32

  public init(_ key: Bytes32) { self.key = key }
  public init?(_ bytes: some Collection<UInt8>) {
    guard let key = Bytes32(bytes) else { return nil }
    self.key = key
  }
  public init?(_ bytes: [UInt8]) {
    guard let key = Bytes32(bytes) else { return nil }
    self.key = key
  }

  public static let zero = AccountID(.zero)
  public var bytes: [UInt8] { key.bytes }
  public var description: String { key.hex }
  public static func < (left: AccountID, right: AccountID) -> Bool { left.key < right.key }
}

/// An account in the role that holds funds and owns hotkeys and subnets.
public struct Coldkey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let account: AccountID

  public init(_ account: AccountID) { self.account = account }
  public init?(_ bytes: some Collection<UInt8>) {
    guard let account = AccountID(bytes) else { return nil }
    self.account = account
  }

  public var bytes: [UInt8] { account.bytes }
  public var description: String { account.description }
  public static func < (left: Coldkey, right: Coldkey) -> Bool { left.account < right.account }
}

/// An account in the role that holds uids and signs daily work.
public struct Hotkey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let account: AccountID

  public init(_ account: AccountID) { self.account = account }
  public init?(_ bytes: some Collection<UInt8>) {
    guard let account = AccountID(bytes) else { return nil }
    self.account = account
  }

  public var bytes: [UInt8] { account.bytes }
  public var description: String { account.description }
  public static func < (left: Hotkey, right: Hotkey) -> Bool { left.account < right.account }
}
