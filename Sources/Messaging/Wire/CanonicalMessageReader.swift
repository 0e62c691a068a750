import Primitives

/// Decodes messages whose bytes are the one encoding of their values, straight into values.
///
/// It gives what the C library's parser and `MessageReader` give, several times as fast. Bytes that are anything else
/// it leaves alone: the general way then says what is wrong with them, or reads them where the limits allow it.
struct CanonicalMessageReader {
  private let limits: WireLimits
  private var groupsLeft: Int

  init(limits: WireLimits) {
    self.limits = limits
    groupsLeft = limits.groups
  }

  private typealias Present = (index: Int, value: FieldValue)

  /// Nil when the bytes are not plainly canonical.
  mutating func read(_ bytes: UnsafeRawBufferPointer, as shape: MessageShape) -> Fields? {
    var reader = CanonicalBytesReader(bytes)
    var present: [Present] = []
    var last: UInt32 = 0
    while !reader.isAtEnd {
      let tag = reader.variableNumber()
      guard !reader.hasFailed, let number = UInt32(exactly: tag >> 3), number > last,
        let index = shape.index(ofNumber: number),
        let value = value(of: shape.fields[index], tagged: tag, from: &reader), !reader.hasFailed
      else { return nil }
      last = number
      present.append((index, value))
    }
    return fields(present, of: shape)
  }

  /// Puts defaults between what is there, in the order of definition.
  private func fields(_ present: [Present], of shape: MessageShape) -> Fields? {
    var fields = Fields()
    fields.entries.reserveCapacity(shape.steps.count)
    var next = 0
    for step in shape.steps {
      switch step {
      case .field(let index):
        // Those of oneofs may stand in between.
        while next < present.count, present[next].index < index { next += 1 }
        if next < present.count, present[next].index == index {
          fields.append(shape.fields[index].name, present[next].value)
        } else {
          guard let value = shape.fields[index].defaultValue else { return nil }
          if case .some(let value) = value { fields.append(shape.fields[index].name, value) }
        }
      case .oneof(let oneof):
        let members = present.filter { oneof.index(of: shape.fields[$0.index].number) == $0.index }
        guard members.count <= 1 else { return nil }
        if let member = members.first { fields.append(shape.fields[member.index].name, member.value) }
      }
    }
    return fields
  }

  private mutating func value(
    of field: FieldShape, tagged tag: UInt64, from reader: inout CanonicalBytesReader
  ) -> FieldValue? {
    if field.isRepeated { return list(of: field, tagged: tag, from: &reader) }
    let mayBeDefault = field.isOneof
    switch field.kind {
    case .bytes:
      guard tag & 7 == 2, let bytes = reader.piece(), mayBeDefault || !bytes.isEmpty else { return nil }
      return .bytes(Array(bytes))
    case .message(let shape):
      guard tag & 7 == 2, let bytes = reader.piece(), let group = group(bytes, as: shape) else { return nil }
      return .group(group)
    case .unsigned32, .unsigned64, .signed64, .flag, .enumeration:
      guard tag & 7 == 0 else { return nil }
      let number = reader.variableNumber()
      return mayBeDefault || number != 0 ? field.number(number) : nil
    }
  }

  private mutating func group(_ bytes: UnsafeRawBufferPointer, as shape: MessageShape) -> Fields? {
    guard groupsLeft > 0 else { return nil }
    groupsLeft -= 1
    return read(bytes, as: shape)
  }

  private mutating func list(
    of field: FieldShape, tagged tag: UInt64, from reader: inout CanonicalBytesReader
  ) -> FieldValue? {
    guard tag & 7 == 2 else { return nil }
    switch field.kind {
    case .bytes:
      var strings: [[UInt8]] = []
      repeat {
        guard let bytes = reader.piece(), strings.count < limits.items else { return nil }
        strings.append(Array(bytes))
      } while reader.skip(tag)
      return .bytesList(strings)
    case .message(let shape):
      var groups: [Fields] = []
      repeat {
        guard let bytes = reader.piece(), groups.count < limits.items, let group = group(bytes, as: shape) else {
          return nil
        }
        groups.append(group)
      } while reader.skip(tag)
      return .groupList(groups)
    case .unsigned32, .unsigned64:
      guard field.isPacked, let bytes = reader.piece(), !bytes.isEmpty else { return nil }
      return packed(bytes, of: field)
    case .signed64, .flag, .enumeration:
      return nil
    }
  }

  private func packed(_ bytes: UnsafeRawBufferPointer, of field: FieldShape) -> FieldValue? {
    var reader = CanonicalBytesReader(bytes)
    var numbers: [UInt64] = []
    while !reader.isAtEnd {
      guard numbers.count < limits.items, case .unsigned(let number)? = field.number(reader.variableNumber()),
        !reader.hasFailed
      else { return nil }
      numbers.append(number)
    }
    return .unsignedList(numbers)
  }
}

extension FieldShape {
  /// What a field holds that is not written: nothing for a sub-message; nil where the schema has no default.
  fileprivate var defaultValue: FieldValue?? {
    switch kind {
    case .unsigned32, .unsigned64: .some(isRepeated ? .unsignedList([]) : .unsigned(0))
    case .signed64: .some(.signed(0))
    case .flag: .some(.flag(false))
    case .enumeration(let numbers): numbers.contains(0) ? .some(.unsigned(0)) : nil
    case .bytes: .some(isRepeated ? .bytesList([]) : .bytes([]))
    case .message: .some(isRepeated ? .groupList([]) : nil)
    }
  }

  /// The value that a varint stands for; nil when it is none of this kind.
  fileprivate func number(_ raw: UInt64) -> FieldValue? {
    switch kind {
    case .unsigned32: raw <= UInt64(UInt32.max) ? .unsigned(raw) : nil
    case .unsigned64: .unsigned(raw)
    case .signed64: .signed(Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1))
    case .flag: raw <= 1 ? .flag(raw == 1) : nil
    case .enumeration(let numbers): Int32(exactly: raw).map(numbers.contains) == true ? .unsigned(raw) : nil
    case .bytes, .message: nil
    }
  }
}
