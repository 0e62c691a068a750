/// A message as a tree: what the bytes say, before a type gives it its meaning.
enum MessageValue: Hashable, Sendable {
  case unsigned(UInt64)
  /// The number `-1 - magnitude`.
  case negative(UInt64)
  /// Finite.
  case number(Double)
  case flag(Bool)
  case null
  case bytes([UInt8])
  case text(String)
  case array([MessageValue])
  /// In the order of `precedes`, no key twice.
  case map([Entry])

  struct Entry: Hashable, Sendable {
    let key: String
    let value: MessageValue
  }

  init(_ integer: some BinaryInteger & FixedWidthInteger) {
    if integer < 0 {
      self = .negative(UInt64(-1 - Int64(integer)))
    } else {
      self = .unsigned(UInt64(integer))
    }
  }

  init(finite number: Double) throws(MessageError) {
    guard number.isFinite else { throw MessageError(.unsupported, "a message carries no \(number)") }
    self = .number(number)
  }
}

extension MessageValue {
  /// The integer in the wanted type, or nil when this is none or out of range.
  func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
    switch self {
    case .unsigned(let value): Integer(exactly: value)
    case .negative(let magnitude):
      // -1 - magnitude, without leaving the range of Int64.
      magnitude <= UInt64(Int64.max) ? Integer(exactly: -1 - Int64(magnitude)) : nil
    default: nil
    }
  }

  /// The number, or nil when this is none or an integer that a `Double` would round.
  var double: Double? {
    switch self {
    case .number(let value): value
    case .unsigned(let value): Double(exactly: value)
    case .negative(let magnitude): Double(exactly: magnitude).flatMap { Double(exactly: -1 - $0) }
    default: nil
    }
  }

  /// The number rounded to the nearest `Float`; nil when it lies outside its range.
  var float: Float? {
    guard let double, case let float = Float(double), float.isFinite else { return nil }
    return float
  }
}

/// The order of keys in a message: shorter first, then by bytes, which is the order of their encodings.
///
/// - Source: RFC 8949 4.2.1.
func precedes(_ left: String, _ right: String) -> Bool {
  let (leftCount, rightCount) = (left.utf8.count, right.utf8.count)
  guard leftCount == rightCount else { return leftCount < rightCount }
  return left.utf8.lexicographicallyPrecedes(right.utf8)
}
