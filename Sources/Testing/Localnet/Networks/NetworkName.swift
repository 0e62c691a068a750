/// What a network on this machine is called: 1 to 64 of `a-z 0-9 _ -`, beginning with a letter or digit.
package struct NetworkName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let text: String

  /// Nil for any other text: a name is also a folder's.
  package init?(_ text: String) {
    guard (1...64).contains(text.utf8.count), let first = text.utf8.first, isLetterOrDigit(first),
      text.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
    else { return nil }
    self.text = text
  }

  /// The nearest name to any text: capitals become small, what may not stand in a name becomes a dash.
  package init(fitting text: String) {
    let bytes = text.lowercased().utf8.map { byte in
      isLetterOrDigit(byte) || byte == UInt8(ascii: "_") ? byte : UInt8(ascii: "-")
    }
    let word = String(decoding: bytes.drop { !isLetterOrDigit($0) }.prefix(64), as: UTF8.self)
    self.text = word.isEmpty ? "network" : word
  }

  /// The name with a number: `text-2`, cut so that it stays one.
  package func numbered(_ number: Int) -> NetworkName {
    let suffix = "-\(number)"
    return NetworkName(fitting: text.prefix(64 - suffix.count) + suffix)
  }

  package var description: String { text }
  package static func < (left: NetworkName, right: NetworkName) -> Bool { left.text < right.text }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
  default: false
  }
}
