/// A BLAKE2b-256 digest: extrinsic ids, block hashes, state roots, payload digests.
public struct Hash256: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: Bytes32

  public init(_ value: Bytes32) { self.value = value }
  public init?(_ bytes: some Collection<UInt8>) {
    guard let value = Bytes32(bytes) else { return nil }
    self.value = value
  }
  public init?(_ bytes: [UInt8]) {
    guard let value = Bytes32(bytes) else { return nil }
    self.value = value
  }

  public static let zero = Hash256(.zero)
  public var bytes: [UInt8] { value.bytes }
  public var description: String { value.hex }
  public static func < (left: Hash256, right: Hash256) -> Bool { left.value < right.value }
}
