/// How a value is written on the command line: what it is called, what is accepted, how text becomes a value.
package struct ValueKind<Value: Sendable>: Sendable {
  /// The placeholder in help text, in capitals.
  package let placeholder: String
  /// Ends the sentence "expected ...".
  package let expected: String
  /// Text to value; nil for anything that is not `expected`.
  package let parse: @Sendable (String) -> Value?
  /// Value to text, such that `parse` reads it back.
  package let show: @Sendable (Value) -> String

  package init(
    placeholder: String, expected: String, parse: @escaping @Sendable (String) -> Value?,
    show: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.expected = expected
    self.parse = parse
    self.show = show
  }
}

extension ValueKind where Value == String {
  /// Any text that is not empty.
  package static func text(_ placeholder: String = "TEXT", expected: String = "a text that is not empty") -> Self {
    ValueKind(placeholder: placeholder, expected: expected, parse: { $0.isEmpty ? nil : $0 }, show: { $0 })
  }

  /// A path of a file or folder.
  package static var path: Self { .text("PATH", expected: "a path") }

  /// One of a few words.
  package static func choice(_ words: [String]) -> Self {
    ValueKind(
      placeholder: words.joined(separator: "|"), expected: "one of \(words.joined(separator: ", "))",
      parse: { words.contains($0) ? $0 : nil }, show: { $0 })
  }
}

extension ValueKind where Value: FixedWidthInteger {
  /// A whole number in a range.
  package static func integer(_ range: ClosedRange<Value> = .min ... .max) -> Self {
    ValueKind(
      placeholder: "N", expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      parse: { text in Value(text).flatMap { range.contains($0) ? $0 : nil } }, show: { String($0) })
  }
}

extension ValueKind where Value == Duration {
  /// A span of time with its unit.
  package static func duration(_ range: ClosedRange<Duration> = .zero ... .seconds(366 * 86_400)) -> Self {
    ValueKind(
      placeholder: "DURATION",
      expected: "a duration from \(range.lowerBound.text) to \(range.upperBound.text), such as 250ms, 12s or 2m",
      parse: { text in Duration(text: text).flatMap { range.contains($0) ? $0 : nil } }, show: { $0.text })
  }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of an enumeration's names.
  package static var name: Self {
    let names = Value.allCases.map(\.rawValue)
    return ValueKind(
      placeholder: names.joined(separator: "|"), expected: "one of \(names.joined(separator: ", "))",
      parse: { Value(rawValue: $0) }, show: { $0.rawValue })
  }
}

extension ValueKind {
  /// The same kind with another type around it, for values that their own room knows how to parse.
  package func map<Other: Sendable>(
    expected: String? = nil, _ parse: @escaping @Sendable (Value) -> Other?,
    show: @escaping @Sendable (Other) -> String
  ) -> ValueKind<Other> {
    let inner = self.parse
    return ValueKind<Other>(
      placeholder: placeholder, expected: expected ?? self.expected, parse: { inner($0).flatMap(parse) }, show: show)
  }
}
