import Primitives

/// Room for the texts and byte strings of one row while a statement looks at them.
///
/// SQLite is given addresses instead of copies; they hold until the next row begins.
final class RowBuffer {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  private var used = 0

  deinit { memory.deallocate() }

  /// Forgets the last row, and makes room for one of at most so many bytes.
  func begin(byteCount: Int) {
    used = 0
    guard byteCount > memory.count else { return }
    memory.deallocate()
    memory = .allocate(byteCount: max(byteCount, 2 * memory.count), alignment: 16)
  }

  func add(_ bytes: [UInt8]) -> UnsafeRawBufferPointer { bytes.withUnsafeBytes { add($0) } }

  func add(_ text: String) -> UnsafeRawBufferPointer {
    var text = text
    return text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  func add(_ value: Bytes32) -> UnsafeRawBufferPointer { value.withBytes { add($0) } }

  private func add(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    precondition(bytes.count <= memory.count - used, "a row is announced with all of its bytes")
    let place = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
    place.copyMemory(from: bytes)
    used += bytes.count
    return UnsafeRawBufferPointer(place)
  }
}
