/// A subnet's number; 0 is root.
public struct NetUID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt16
  public init(_ value: UInt16) { self.value = value }
  public static let root = NetUID(0)
  public var description: String { String(value) }
  public static func < (left: NetUID, right: NetUID) -> Bool { left.value < right.value }
}

/// A neuron's slot in one subnet, dense from 0.
public struct UID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt16
  public init(_ value: UInt16) { self.value = value }
  public var index: Int { Int(value) }
  public var description: String { String(value) }
  public static func < (left: UID, right: UID) -> Bool { left.value < right.value }
}

/// One of the incentive mechanisms of a subnet; 0 is the first.
public struct MechID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt8
  public init(_ value: UInt8) { self.value = value }
  public static let main = MechID(0)
  public var description: String { String(value) }
  public static func < (left: MechID, right: MechID) -> Bool { left.value < right.value }
}

/// A block's height; time inside the rules is this and nothing else.
public struct BlockNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt64
  public init(_ value: UInt64) { self.value = value }
  public static let genesis = BlockNumber(0)
  public var description: String { String(value) }
  public static func < (left: BlockNumber, right: BlockNumber) -> Bool { left.value < right.value }
}

/// An amount in the smallest part of one TAO (or of one alpha), 10⁻⁹.
public struct Rao: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt64
  public init(_ value: UInt64) { self.value = value }

  public static let zero = Rao(0)
  public static let perTAO: UInt64 = 1_000_000_000

  /// Whole TAO; traps above 18 billion, which only a literal in our own code could reach.
  public static func tao(_ whole: UInt64) -> Rao { Rao(whole * perTAO) }

  /// Decimal text with nine fraction digits, trailing zeros cut: `1.5`, `0.000000001`, `12`.
  public var description: String {
    let whole = String(value / Rao.perTAO)
    var fraction = String(value % Rao.perTAO)
    fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }

  public static func < (left: Rao, right: Rao) -> Bool { left.value < right.value }
}

extension Rao {
  /// Parses decimal TAO with at most nine fraction digits, or whole rao with the unit: `1.5`, `0.000000001`, `1500rao`.
  public init?(tao text: String) {
    if text.hasSuffix("rao") {
      guard let rao = UInt64(text.dropLast(3)) else { return nil }
      self.init(rao)
      return
    }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : ""
    guard let whole = UInt64(parts[0]), fraction.utf8.count <= 9, parts.count == 1 || !fraction.isEmpty,
      fraction.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let padded = fraction + String(repeating: "0", count: 9 - fraction.utf8.count)
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: Rao.perTAO)
    let (sum, carry) = scaled.addingReportingOverflow(UInt64(padded) ?? 0)
    guard !overflow, !carry else { return nil }
    self.init(sum)
  }
}
