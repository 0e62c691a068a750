package import Primitives

/// A value of the state that has exactly one encoding: what is hashed into the state root and kept in snapshots.
///
/// One function serves both directions, so that writing and reading cannot drift apart.
package protocol CanonicalValue: Sendable {
  init()
  mutating func code(_ coder: inout CanonicalCoder)
}

/// Writes values to canonical bytes, or reads them back.
///
/// Integers are little-endian at their full width, lists carry a 32-bit count, options a byte 0 or 1.
/// A reader that meets bytes which do not fit sets `failed`, and every later value reads as zero: it never traps.
package struct CanonicalCoder {
  package private(set) var bytes: [UInt8]
  package private(set) var failed = false
  package let isWriting: Bool
  private var position = 0

  package init() {
    bytes = []
    isWriting = true
  }

  package init(reading bytes: [UInt8]) {
    self.bytes = bytes
    isWriting = false
  }

  /// True when a reader has used every byte and met no error.
  package var isComplete: Bool { !failed && position == bytes.count }

  /// Writes bytes that another coder wrote.
  mutating func append(_ written: [UInt8]) {
    precondition(isWriting, "only a writer appends")
    bytes += written
  }

  package mutating func integer<T: FixedWidthInteger & Sendable>(_ value: inout T) {
    let width = T.bitWidth / 8
    if isWriting {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    } else if failed || bytes.count - position < width {
      failed = true
      value = 0
    } else {
      value = T(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: T.self) })
      position += width
    }
  }

  package mutating func flag(_ value: inout Bool) {
    var byte: UInt8 = value ? 1 : 0
    integer(&byte)
    if byte > 1 { failed = true }
    value = byte == 1
  }

  package mutating func data(_ value: inout [UInt8]) {
    let count = length(value.count)
    if isWriting {
      bytes.append(contentsOf: value)
    } else {
      value = take(count)
    }
  }

  package mutating func text(_ value: inout String) {
    var utf8 = Array(value.utf8)
    data(&utf8)
    if !isWriting { value = String(decoding: utf8, as: UTF8.self) }
  }

  package mutating func bytes32(_ value: inout Bytes32) {
    if isWriting {
      bytes.append(contentsOf: value.bytes)
    } else {
      value = Bytes32(take(Bytes32.count)) ?? .zero
    }
  }

  /// For a value that fits its bytes and breaks a rule of its own.
  mutating func refuse() { failed = true }

  package mutating func value<T: CanonicalValue>(_ value: inout T) { value.code(&self) }

  package mutating func list<T: CanonicalValue>(_ values: inout [T]) {
    let count = length(values.count)
    if isWriting {
      for index in values.indices {
        var element = values[index]
        element.code(&self)
      }
    } else {
      values = []
      for _ in 0..<count {
        var element = T()
        element.code(&self)
        if failed { return }
        values.append(element)
      }
    }
  }

  package mutating func integers<T: FixedWidthInteger & Sendable>(_ values: inout [T]) {
    let count = length(values.count)
    if isWriting {
      for index in values.indices { withUnsafeBytes(of: values[index].littleEndian) { bytes.append(contentsOf: $0) } }
    } else {
      values = []
      for _ in 0..<count where !failed {
        var element: T = 0
        integer(&element)
        values.append(element)
      }
    }
  }

  package mutating func flags(_ values: inout [Bool]) {
    var numbers = values.map { UInt8($0 ? 1 : 0) }
    integers(&numbers)
    if !isWriting { values = numbers.map { $0 == 1 } }
  }

  package mutating func option<T: CanonicalValue>(_ value: inout T?) {
    var present = value != nil
    flag(&present)
    guard present else {
      value = nil
      return
    }
    var content = value ?? T()
    content.code(&self)
    value = content
  }

  private mutating func length(_ count: Int) -> Int {
    var number = UInt32(clamping: count)
    integer(&number)
    // An element takes at least a byte, so a longer claim cannot be honest.
    if !isWriting, Int(number) > bytes.count - position {
      failed = true
      return 0
    }
    return Int(number)
  }

  private mutating func take(_ count: Int) -> [UInt8] {
    guard !failed, bytes.count - position >= count else {
      failed = true
      return []
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }
}

extension CanonicalValue {
  /// The one encoding of this value.
  package var canonicalBytes: [UInt8] {
    var coder = CanonicalCoder()
    var copy = self
    copy.code(&coder)
    return coder.bytes
  }

  /// Reads what `canonicalBytes` wrote; nil when a byte is missing, left over or out of range.
  package init?(canonicalBytes: [UInt8]) {
    var coder = CanonicalCoder(reading: canonicalBytes)
    self.init()
    code(&coder)
    guard coder.isComplete else { return nil }
  }
}
