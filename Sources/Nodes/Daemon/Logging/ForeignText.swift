/// The most bytes that one field of a log line takes.
///
/// Source: reliability R13.
package let fieldByteLimit = 256

/// Text from outside as printable ASCII that cannot end a line, a string or a terminal's state.
///
/// Everything but printable ASCII becomes `\uXXXX` (a surrogate pair above U+FFFF), quote and backslash get a backslash:
/// the inside of a JSON string. Cut at a whole character, with three dots at the end, to at most `limit` bytes.
package func escapedText(_ text: String, limit: Int) -> String {
  var bytes: [UInt8] = []
  var lastCut = 0
  for unit in text.utf16 {
    if bytes.count <= limit - 3, !UTF16.isTrailSurrogate(unit) { lastCut = bytes.count }
    switch unit {
    case 0x22, 0x5C: bytes += [0x5C, UInt8(unit)]
    case 0x20...0x7E: bytes.append(UInt8(unit))
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes += [0x5C, UInt8(ascii: "u")]
      for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> UInt16(shift)) & 15]) }
    }
    guard bytes.count <= limit else {
      return String(decoding: bytes[..<lastCut], as: UTF8.self) + "..."
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
