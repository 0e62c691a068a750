import SubnetKit

/// A square matrix over the integers modulo 2^31 - 1: exact, so a product is right or wrong and nothing between.
///
/// Entries stand row by row. Shape: `[size * size]`, each below the modulus.
struct FieldMatrix: Hashable, Sendable {
  let size: Int
  private(set) var entries: [UInt32]

  /// The prime 2^31 - 1.
  static let modulus: UInt32 = 0x7fff_ffff
  /// The largest size that is asked for: such a matrix has 256 KiB, such a product 17 million multiplications.
  static let sizeLimit = 256
  /// The bytes of one entry.
  static let entryLength = 4

  /// The zero matrix.
  init(size: Int) {
    self.size = size
    entries = [UInt32](repeating: 0, count: size * size)
  }

  /// Draws each entry evenly.
  init(size: Int, random: inout SeededRandom) {
    self.size = size
    entries = fieldElements(count: size * size, random: &random)
  }

  /// Reads entries of four bytes, the lowest first; nil for another count, and for a number that is no entry.
  init?(size: Int, bytes: [UInt8]) {
    guard bytes.count == size * size * FieldMatrix.entryLength else { return nil }
    self.size = size
    var largest: UInt32 = 0
    entries = bytes.withUnsafeBytes { raw in
      (0..<size * size).map { index in
        let entry = UInt32(
          littleEndian: raw.loadUnaligned(fromByteOffset: index &* FieldMatrix.entryLength, as: UInt32.self))
        largest = max(largest, entry)
        return entry
      }
    }
    guard largest < FieldMatrix.modulus else { return nil }
  }

  /// Entries of four bytes, the lowest first.
  var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: entries.count * FieldMatrix.entryLength) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for (index, entry) in entries.enumerated() {
        raw.storeBytes(of: entry.littleEndian, toByteOffset: index &* FieldMatrix.entryLength, as: UInt32.self)
      }
      count = entries.count * FieldMatrix.entryLength
    }
  }

  /// The product of two matrices of one size, or its first rows, with zeros below.
  ///
  /// - Complexity: O(rows * size²).
  func multiplied(by right: FieldMatrix, rows: Int? = nil) -> FieldMatrix {
    precondition(size == right.size, "Only matrices of one size are multiplied.")
    var product = FieldMatrix(size: size)
    product.entries.withUnsafeMutableBufferPointer { target in
      entries.withUnsafeBufferPointer { left in
        right.entries.withUnsafeBufferPointer { right in
          withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size) { sums in
            for row in 0..<min(size, rows ?? size) {
              multiply(left, row: row, by: right, sums)
              for column in 0..<size { target[row &* size &+ column] = reduced(sums[column]) }
            }
          }
        }
      }
    }
    return product
  }

  /// One row times a matrix; the sums stay below 2^63.
  private func multiply(
    _ left: UnsafeBufferPointer<UInt32>, row: Int, by right: UnsafeBufferPointer<UInt32>,
    _ sums: UnsafeMutableBufferPointer<UInt64>
  ) {
    sums.initialize(repeating: 0)
    for inner in 0..<size {
      let factor = UInt64(left[row &* size &+ inner])
      let start = inner &* size
      for column in 0..<size {
        sums[column] = folded(sums[column] &+ factor &* UInt64(right[start &+ column]))
      }
    }
  }

  /// The matrix times a column. Shape of both: `[size]`.
  ///
  /// - Complexity: O(size²): what makes a check cheaper than a product.
  func applied(to column: [UInt32]) -> [UInt32] {
    precondition(column.count == size, "A column has one entry for each column of the matrix.")
    return entries.withUnsafeBufferPointer { entries in
      column.withUnsafeBufferPointer { column in
        (0..<size).map { row in
          var sum: UInt64 = 0
          for index in 0..<size {
            sum = folded(sum &+ UInt64(entries[row &* size &+ index]) &* UInt64(column[index]))
          }
          return reduced(sum)
        }
      }
    }
  }

  /// Replaces one entry.
  subscript(row: Int, column: Int) -> UInt32 {
    get { entries[row * size + column] }
    set { entries[row * size + column] = newValue % FieldMatrix.modulus }
  }
}

/// Numbers modulo 2^31 - 1, each as likely as the others.
func fieldElements(count: Int, random: inout some RandomNumberGenerator) -> [UInt32] {
  [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
    for index in 0..<count {
      var element: UInt32
      // One of 2^31 draws is the modulus itself, and drawn again.
      repeat { element = UInt32(truncatingIfNeeded: random.next() >> 33) } while element == FieldMatrix.modulus
      buffer.initializeElement(at: index, to: element)
    }
    initialized = count
  }
}

/// A product of two elements.
func fieldProduct(_ left: UInt32, _ right: UInt32) -> UInt32 { reduced(UInt64(left) &* UInt64(right)) }

/// A difference of two elements.
func fieldDifference(_ left: UInt32, _ right: UInt32) -> UInt32 {
  reduced(UInt64(left) &+ UInt64(FieldMatrix.modulus) &- UInt64(right))
}

/// The element whose product with this one is 1; 0 for 0. By Fermat: the power of the modulus less two.
func fieldInverse(_ element: UInt32) -> UInt32 {
  var result: UInt32 = 1
  var power = element
  var exponent = FieldMatrix.modulus - 2
  while exponent > 0 {
    if exponent & 1 == 1 { result = fieldProduct(result, power) }
    power = fieldProduct(power, power)
    exponent >>= 1
  }
  return result
}

/// The same element below 2^34: 2^31 counts as 1.
@inline(__always)
private func folded(_ number: UInt64) -> UInt64 { (number & 0x7fff_ffff) &+ number &>> 31 }

/// The element itself.
private func reduced(_ number: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: number % UInt64(FieldMatrix.modulus)) }
