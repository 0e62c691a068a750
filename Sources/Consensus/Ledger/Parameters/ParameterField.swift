package import Primitives

/// The way to a stored property, usable from any thread.
package typealias ParameterPath<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

/// The values that a parameter's form can hold.
package enum ParameterForm: Hashable, Sendable {
  case u64(ClosedRange<UInt64>)
  case signed(ClosedRange<Int64>)
  case flag
  case word([String])
  case wide(ClosedRange<Int128>)
  case list

  /// Whether a value has this form and lies in its range.
  package func holds(_ value: ParameterValue) -> Bool {
    switch (self, value) {
    case (.u64(let range), .u64(let number)): range.contains(number)
    case (.signed(let range), .signed(let number)): range.contains(number)
    case (.flag, .flag): true
    case (.word(let words), .bytes(let bytes)): words.contains { Array($0.utf8) == bytes }
    case (.wide(let range), .wide(let number)): range.contains(number)
    case (.list, .list): true
    default: false
    }
  }

  /// Whether a value has this form, in its range or not.
  package func matches(_ value: ParameterValue) -> Bool {
    switch (self, value) {
    case (.u64, .u64), (.signed, .signed), (.flag, .flag), (.word, .bytes), (.wide, .wide), (.list, .list): true
    default: false
    }
  }
}

extension ParameterForm {
  /// The value that a text means in this form, as files and command lines write it; nil when it means none.
  ///
  /// Numbers are decimal, flags `true` or `false`, lists comma-separated, the empty one empty.
  package func value(parsing text: String) -> ParameterValue? {
    let value: ParameterValue? =
      switch self {
      case .u64: UInt64(text).map(ParameterValue.u64)
      case .signed: Int64(text).map(ParameterValue.signed)
      case .flag: Bool(text).map(ParameterValue.flag)
      case .word: .word(text)
      case .wide: Int128(text).map(ParameterValue.wide)
      case .list: ParameterForm.list(parsing: text).map(ParameterValue.list)
      }
    return value.flatMap { holds($0) ? $0 : nil }
  }

  private static func list(parsing text: String) -> [UInt16]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt16($0) }
    if text.isEmpty { return [] }
    return numbers.count == parts.count ? numbers : nil
  }
}

/// One stored parameter of `Root`: its protocol name, its form, and the way to it.
package struct ParameterField<Root>: Sendable {
  /// In snake_case, as on the wire, in flags and in logs.
  package let name: String
  package let form: ParameterForm
  private let reader: @Sendable (Root) -> ParameterValue
  private let writer: @Sendable (inout Root, ParameterValue) -> Void

  package init(
    name: String, form: ParameterForm, read: @escaping @Sendable (Root) -> ParameterValue,
    write: @escaping @Sendable (inout Root, ParameterValue) -> Void
  ) {
    self.name = name
    self.form = form
    self.reader = read
    self.writer = write
  }

  package func value(in root: Root) -> ParameterValue { reader(root) }

  /// Stores a value; false, and nothing stored, when it has another form or does not fit it.
  package func store(_ value: ParameterValue, in root: inout Root) -> Bool {
    guard form.holds(value) else { return false }
    writer(&root, value)
    return true
  }

  /// The same parameter inside a larger value, under another name.
  package func lifted<Outer>(
    to name: String, through path: ParameterPath<Outer, Root>
  ) -> ParameterField<Outer> {
    let (reader, writer) = (reader, writer)
    return ParameterField<Outer>(
      name: name, form: form, read: { reader($0[keyPath: path]) }, write: { writer(&$0[keyPath: path], $1) })
  }
}

// The writers run behind `form.holds`, which makes their patterns and conversions certain.
extension ParameterField {
  /// An unsigned number, by default of the whole range of its type.
  package static func number<Number: FixedWidthInteger & UnsignedInteger & Sendable>(
    _ name: String, _ path: ParameterPath<Root, Number>, in range: ClosedRange<UInt64>? = nil
  ) -> ParameterField {
    ParameterField(
      name: name, form: .u64(range ?? 0...UInt64(Number.max)), read: { .u64(UInt64($0[keyPath: path])) },
      write: { root, value in if case .u64(let number) = value { root[keyPath: path] = Number(number) } })
  }

  /// An amount in rao.
  package static func amount(
    _ name: String, _ path: ParameterPath<Root, Rao>, upTo most: UInt64 = .max
  ) -> ParameterField {
    ParameterField(
      name: name, form: .u64(0...most), read: { .u64($0[keyPath: path].value) },
      write: { root, value in if case .u64(let number) = value { root[keyPath: path] = Rao(number) } })
  }

  package static func signed<Number: FixedWidthInteger & SignedInteger & Sendable>(
    _ name: String, _ path: ParameterPath<Root, Number>
  ) -> ParameterField {
    ParameterField(
      name: name, form: .signed(Int64(Number.min)...Int64(Number.max)),
      read: { .signed(Int64($0[keyPath: path])) },
      write: { root, value in if case .signed(let number) = value { root[keyPath: path] = Number(number) } })
  }

  package static func flag(_ name: String, _ path: ParameterPath<Root, Bool>) -> ParameterField {
    ParameterField(
      name: name, form: .flag, read: { .flag($0[keyPath: path]) },
      write: { root, value in if case .flag(let flag) = value { root[keyPath: path] = flag } })
  }

  package static func word<Word: ParameterWord>(
    _ name: String, _ path: ParameterPath<Root, Word>
  ) -> ParameterField {
    ParameterField(
      name: name, form: .word(Word.accepted.map(\.rawValue)), read: { .word($0[keyPath: path].rawValue) },
      write: { root, value in
        guard case .bytes(let bytes) = value, let word = Word(rawValue: String(decoding: bytes, as: UTF8.self)) else {
          return
        }
        root[keyPath: path] = word
      })
  }

  package static func wide(_ name: String, _ path: ParameterPath<Root, Int128>) -> ParameterField {
    ParameterField(
      name: name, form: .wide(.min ... .max), read: { .wide($0[keyPath: path]) },
      write: { root, value in if case .wide(let number) = value { root[keyPath: path] = number } })
  }

  package static func list(_ name: String, _ path: ParameterPath<Root, [UInt16]>) -> ParameterField {
    ParameterField(
      name: name, form: .list, read: { .list($0[keyPath: path]) },
      write: { root, value in if case .list(let list) = value { root[keyPath: path] = list } })
  }
}
