package import Primitives

/// Why a text is no address.
package enum AddressError: Error, Hashable, CustomStringConvertible {
  /// A character that base58 does not know, at this position from 0.
  case badCharacter(position: Int)
  /// Not the length of a 32-byte account.
  case wrongLength
  /// The checksum does not match: a mistyped or cut text.
  case badChecksum
  /// An address of another network, by its SS58 prefix.
  case wrongPrefix(found: UInt16, expected: UInt16)

  package var description: String {
    switch self {
    case .badCharacter(let position):
      "The address has a character at position \(position) that no address uses; copy it again."
    case .wrongLength: "The address has the wrong length; copy all of it."
    case .badChecksum: "The address does not match its checksum; it is mistyped, copy it again."
    case .wrongPrefix(let found, let expected):
      "The address belongs to SS58 network \(found), this network is \(expected); give the address for this network."
    }
  }
}

extension AccountID {
  /// The SS58 prefix of networks without one of their own.
  package static let addressPrefix: UInt16 = 42

  /// The account as users know it: SS58 text such as `5Grwva…`.
  package var address: String {
    let body = [UInt8(AccountID.addressPrefix)] + bytes
    return Base58.encode(body + ss58Checksum(of: body))
  }

  /// Parses an SS58 address of this network.
  ///
  /// - Throws: The first of: a bad character, a wrong length, a bad checksum, another network's prefix.
  package init(address text: String) throws(AddressError) {
    // Two prefix bytes, the account and the checksum never need more digits.
    guard text.utf8.count <= 64 else { throw .wrongLength }
    let decoded = try Base58.decode(text)
    guard let first = decoded.first, first < 128 else { throw .wrongLength }
    let prefixCount = first < 64 ? 1 : 2
    guard decoded.count == prefixCount + Bytes32.count + ss58ChecksumCount else { throw .wrongLength }
    let body = Array(decoded.dropLast(ss58ChecksumCount))
    guard ss58Checksum(of: body) == Array(decoded.suffix(ss58ChecksumCount)) else { throw .badChecksum }
    let prefix = prefixCount == 1 ? UInt16(first) : longPrefix(first, decoded[1])
    guard prefix == AccountID.addressPrefix, prefixCount == 1 else {
      throw .wrongPrefix(found: prefix, expected: AccountID.addressPrefix)
    }
    self = AccountID(body.dropFirst(prefixCount))!
  }
}

private let ss58ChecksumCount = 2

/// The first two bytes of `BLAKE2b-512("SS58PRE" || body)`.
private func ss58Checksum(of body: [UInt8]) -> [UInt8] {
  var hasher = Blake2bHasher(digestCount: 64)
  hasher.update(Array("SS58PRE".utf8))
  hasher.update(body)
  return Array(hasher.finishBytes().prefix(ss58ChecksumCount))
}

/// The 14 bits that SS58 spreads over two bytes.
private func longPrefix(_ first: UInt8, _ second: UInt8) -> UInt16 {
  let low = UInt16((first & 0x3F) << 2 | second >> 6)
  return low | UInt16(second & 0x3F) << 8
}
