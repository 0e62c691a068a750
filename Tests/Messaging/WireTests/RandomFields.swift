import Primitives
import Wire

extension Fields {
  /// Random values in the complete form that a decoder returns.
  static func random(_ message: MessageName, _ random: inout SplitMix64) -> Fields {
    var fields = Fields()
    let members = message.fields.filter(\.isOneof)
    let chosen = Bool.random(using: &random) || message == .call ? members.randomElement(using: &random)?.name : nil
    for field in message.fields where !field.isOneof || field.name == chosen {
      guard let value = FieldValue.random(field, &random) else { continue }
      fields.append(field.name, value)
    }
    return fields
  }
}

extension FieldValue {
  /// Nil for a sub-message that is left out.
  static func random(_ field: MessageField, _ random: inout SplitMix64) -> FieldValue? {
    let count = Int.random(in: 0...3, using: &random)
    switch (field.kind, field.isRepeated) {
    case (.unsigned32, false): return .unsigned(.random(in: number(32, &random), using: &random))
    case (.unsigned64, false): return .unsigned(.random(in: number(64, &random), using: &random))
    case (.unsigned32, true):
      return .unsignedList((0..<count * 5).map { _ in .random(in: number(32, &random), using: &random) })
    case (.unsigned64, true):
      return .unsignedList((0..<count * 5).map { _ in .random(in: number(64, &random), using: &random) })
    case (.signed64, _): return .signed(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))
    case (.flag, _): return .flag(Bool.random(using: &random))
    case (.enumeration, _): return .unsigned(field.enumerators.randomElement(using: &random) ?? 0)
    case (.bytes, false): return .bytes(random.bytes([0, 1, 32, 40].randomElement(using: &random) ?? 0))
    case (.bytes, true):
      return .bytesList((0..<count).map { _ in random.bytes([0, 1, 32].randomElement(using: &random) ?? 0) })
    case (.message(let inner), false):
      return field.isOneof || Bool.random(using: &random) ? .group(.random(inner, &random)) : nil
    case (.message(let inner), true): return .groupList((0..<count).map { _ in .random(inner, &random) })
    }
  }

  /// Small, large and extreme numbers alike: a random count of bits.
  private static func number(_ width: UInt64, _ random: inout SplitMix64) -> ClosedRange<UInt64> {
    let bits = UInt64.random(in: 0...width, using: &random)
    return 0...(bits == 64 ? .max : (1 << bits) - 1)
  }
}
