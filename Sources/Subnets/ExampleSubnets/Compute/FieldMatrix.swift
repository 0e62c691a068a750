import Primitives

/// A square matrix over the integers modulo 2^31 - 1: exact, so a product is right or wrong and nothing between.
///
/// Entries stand row by row. Shape: `[size * size]`, each below the modulus.
struct FieldMatrix: Hashable, Sendable {
  let size: Int
  private(set) var entries: [UInt32]

  /// The prime 2^31 - 1.
  static let modulus: UInt32 = 0x7fff_ffff
  /// The largest size that is asked for: such a matrix fills a response of 1 MiB nearly, such a product takes 125 million
  /// multiplications, some tens of milliseconds.
  static let sizeLimit = 500
  /// The bytes of one entry.
  static let entryLength = 4

  /// The zero matrix.
  init(size: Int) {
    self.size = size
    entries = [UInt32](repeating: 0, count: size * size)
  }

  /// The matrix that belongs to a seed: each entry is as likely as the others, and seeds have nothing in common.
  ///
  /// Made of SplitMix64's outputs, two entries from each; the modulus counts as 0.
  init(size: Int, seed: UInt64) {
    self.size = size
    entries = [UInt32](unsafeUninitializedCapacity: size * size) { buffer, initialized in
      var state = seed
      for index in stride(from: 0, to: size * size, by: 2) {
        state &+= 0x9e37_79b9_7f4a_7c15
        let word = mixed(state)
        buffer.initializeElement(at: index, to: fieldElement(of: word))
        if index &+ 1 < size * size { buffer.initializeElement(at: index &+ 1, to: fieldElement(of: word &<< 32)) }
      }
      initialized = size * size
    }
  }

  /// Reads entries of four bytes, the lowest first; nil for another count, and for a number that is no entry.
  init?(size: Int, bytes: [UInt8]) {
    guard bytes.count == size * size * FieldMatrix.entryLength else { return nil }
    self.size = size
    var largest: UInt32 = 0
    entries = [UInt32](unsafeUninitializedCapacity: size * size) { buffer, initialized in
      bytes.withUnsafeBytes { raw in
        for index in 0..<size * size {
          let entry = UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: index &* FieldMatrix.entryLength, as: UInt32.self))
          largest = max(largest, entry)
          buffer.initializeElement(at: index, to: entry)
        }
      }
      initialized = size * size
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
    let mask = UInt64(FieldMatrix.modulus)
    return entries.withUnsafeBufferPointer { entries in
      column.withUnsafeBufferPointer { column in
        (0..<size).map { row in
          // The halves of the products are summed apart, so that no sum waits for a reduction. 2^31 counts as 1.
          var low: UInt64 = 0
          var high: UInt64 = 0
          let start = row &* size
          for index in 0..<size {
            let product = UInt64(entries[start &+ index]) &* UInt64(column[index])
            low &+= product & mask
            high &+= product &>> 31
          }
          return reduced(low &+ high)
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

/// The upper 31 bits of a word as an element.
func fieldElement(of word: UInt64) -> UInt32 {
  let number = UInt32(truncatingIfNeeded: word &>> 33)
  return number == FieldMatrix.modulus ? 0 : number
}

/// SplitMix64's output for a state.
private func mixed(_ state: UInt64) -> UInt64 {
  var word = state
  word = (word ^ word &>> 30) &* 0xbf58_476d_1ce4_e5b9
  word = (word ^ word &>> 27) &* 0x94d0_49bb_1331_11eb
  return word ^ word &>> 31
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
