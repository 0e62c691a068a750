package import Primitives

/// Values of a decoded message by name and kind. Each throws `WireError.missing` when there is no such value.
extension Fields {
  package func number(_ name: String) throws(WireError) -> UInt64 {
    guard case .unsigned(let number) = self[name] else { throw .missing(field: name) }
    return number
  }

  /// A number that must fit a narrower type.
  package func number<Narrow: FixedWidthInteger>(
    _ name: String, as type: Narrow.Type
  ) throws(WireError) -> Narrow {
    guard let narrow = Narrow(exactly: try number(name)) else { throw .outOfRange(field: name) }
    return narrow
  }

  /// A number that counts only when its companion `has_<name>` is set.
  package func optionalNumber(_ name: String) throws(WireError) -> UInt64? {
    let number = try number(name)
    if try flag("has_" + name) { return number }
    guard number == 0 else { throw .outOfRange(field: name) }
    return nil
  }

  package func flag(_ name: String) throws(WireError) -> Bool {
    guard case .flag(let flag) = self[name] else { throw .missing(field: name) }
    return flag
  }

  package func bytes(_ name: String) throws(WireError) -> [UInt8] {
    guard case .bytes(let bytes) = self[name] else { throw .missing(field: name) }
    return bytes
  }

  package func hash(_ name: String) throws(WireError) -> Hash256 {
    let bytes = try bytes(name)
    guard let hash = Hash256(bytes) else {
      throw .wrongLength(field: name, count: bytes.count, expected: Bytes32.count)
    }
    return hash
  }

  package func account(_ name: String) throws(WireError) -> AccountID {
    let bytes = try bytes(name)
    guard let account = AccountID(bytes) else {
      throw .wrongLength(field: name, count: bytes.count, expected: Bytes32.count)
    }
    return account
  }

  package func numbers(_ name: String) throws(WireError) -> [UInt64] {
    guard case .unsignedList(let numbers) = self[name] else { throw .missing(field: name) }
    return numbers
  }

  package func byteStrings(_ name: String) throws(WireError) -> [[UInt8]] {
    guard case .bytesList(let strings) = self[name] else { throw .missing(field: name) }
    return strings
  }

  package func groups(_ name: String) throws(WireError) -> [Fields] {
    guard case .groupList(let groups) = self[name] else { throw .missing(field: name) }
    return groups
  }

  /// A sub-message; nil when absent.
  package func group(_ name: String) -> Fields? {
    guard case .group(let fields) = self[name] else { return nil }
    return fields
  }
}
