package import Primitives

/// Which 32 bytes this network takes for an Ed25519 point, decided here and not by the linked library.
///
/// Libraries differ on the few encodings below; a network whose nodes differ splits.
///
/// - Source: reliability R5.
package enum PublicKeyRules {
  /// Whether the bytes may name an account: the canonical form of a y below 2^255 - 19, and not a point of small order.
  ///
  /// A derived account is a hash and need not lie on the curve, so lying on it is not asked here: a key off the
  /// curve verifies nothing.
  package static func isAcceptable(_ account: AccountID) -> Bool { isAcceptable(encoding: account.key) }

  /// The same rule for a public key and for the R of a signature.
  static func isAcceptable(encoding: Bytes32) -> Bool {
    var y = encoding.bytes
    y[31] &= 0x7F  // The top bit is the sign of x.
    return isBelow(y, fieldPrime) && !smallOrderYs.contains(y)
  }

  /// Whether a scalar is below the group order; all others repeat a smaller one, which would give a message two signatures.
  static func isCanonical(scalar: Bytes32) -> Bool { isBelow(scalar.bytes, groupOrder) }

  /// 2^255 - 19, little endian.
  static let fieldPrime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]

  /// 2^252 + 27742317777372353535851937790883648493, little endian.
  static let groupOrder: [UInt8] =
    [0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14]
    + [UInt8](repeating: 0, count: 15) + [0x10]

  /// The y of the eight points whose order divides eight; a point and its negative share theirs.
  static let smallOrderYs: [[UInt8]] = [
    [UInt8](repeating: 0, count: 32),  // order 4
    [1] + [UInt8](repeating: 0, count: 31),  // order 1, the identity
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],  // order 2, y = -1
    [UInt8](hex: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")!,  // order 8
    [UInt8](hex: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")!,  // order 8
  ]

  private static func isBelow(_ number: [UInt8], _ bound: [UInt8]) -> Bool {
    for index in stride(from: 31, through: 0, by: -1) where number[index] != bound[index] {
      return number[index] < bound[index]
    }
    return false
  }
}
