/// Text of 58 digits that no eye confuses; leading zero bytes become leading ones.
///
/// The work grows with the square of the length, so callers bound it first.
enum Base58 {
  static func encode(_ bytes: [UInt8]) -> String {
    var digits: [UInt8] = []  // The least significant first.
    for byte in bytes {
      var carry = Int(byte)
      for index in digits.indices {
        carry += Int(digits[index]) << 8
        digits[index] = UInt8(carry % 58)
        carry /= 58
      }
      while carry > 0 {
        digits.append(UInt8(carry % 58))
        carry /= 58
      }
    }
    let zeros = [UInt8](repeating: alphabet[0], count: bytes.prefix { $0 == 0 }.count)
    return String(decoding: zeros + digits.reversed().map { alphabet[Int($0)] }, as: UTF8.self)
  }

  static func decode(_ text: String) throws(AddressError) -> [UInt8] {
    let characters = Array(text.utf8)
    var bytes: [UInt8] = []  // The least significant first.
    for (position, character) in characters.enumerated() {
      guard let digit = alphabet.firstIndex(of: character) else { throw .badCharacter(position: position) }
      var carry = digit
      for index in bytes.indices {
        carry += Int(bytes[index]) * 58
        bytes[index] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      while carry > 0 {
        bytes.append(UInt8(carry & 0xFF))
        carry >>= 8
      }
    }
    let zeros = [UInt8](repeating: 0, count: characters.prefix { $0 == alphabet[0] }.count)
    return zeros + bytes.reversed()
  }

  private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
}
