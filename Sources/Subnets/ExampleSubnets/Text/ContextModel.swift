/// A model of text that predicts the next byte from up to `order` bytes before it.
///
/// It keeps the places of the training text sorted by the bytes before them, the nearest byte first. The places where a
/// context occurred are then one range, and the ranges of longer contexts lie within those of shorter ones. The
/// predictions of all orders are blended after Witten and Bell: a context that was followed by many different bytes
/// leaves more to the shorter one.
///
/// - Source: Bell, Cleary, Witten, "Text Compression", 1990, method C, interpolated.
struct ContextModel: Sendable {
  let order: Int
  private let text: [UInt8]
  /// Indices into `text`, sorted by the `order` bytes before each.
  private let positions: [UInt32]
  /// The byte at each of `positions`.
  private let successors: [UInt8]
  /// How often each byte occurs. Shape: `[256]`.
  private let totals: [Int]

  /// Learns a text, in about ten bytes of memory a byte of text.
  ///
  /// - Complexity: O(order * text.count).
  init(order: Int, text: [UInt8]) {
    self.order = order
    self.text = text
    positions = sortedPositions(of: text, order: order)
    successors = positions.map { text[Int($0)] }
    totals = histogram(of: text[...])
  }

  /// Relative frequencies of the next byte, none below 1. Shape: `[256]`.
  func frequencies(after context: [UInt8]) -> [UInt16] {
    var probabilities = [Double](repeating: 1.0 / 256, count: 256)
    blend(totals, into: &probabilities)
    var range = 0..<positions.count
    for distance in stride(from: 1, through: min(order, context.count), by: 1) {
      range = narrowed(range, to: context[context.count - distance], at: distance)
      guard !range.isEmpty else { break }
      blend(histogram(of: successors[range]), into: &probabilities)
    }
    return probabilities.map { max(1, UInt16(($0 * Double(UInt16.max)).rounded())) }
  }

  /// Moves the prediction of the shorter context towards what followed the longer one.
  private func blend(_ counts: [Int], into probabilities: inout [Double]) {
    var total = 0
    var distinct = 0
    for count in counts where count > 0 {
      total += count
      distinct += 1
    }
    guard total > 0 else { return }
    let novelty = Double(distinct)
    for byte in 0..<256 {
      probabilities[byte] = (Double(counts[byte]) + novelty * probabilities[byte]) / (Double(total) + novelty)
    }
  }

  /// The places within `range` that have `byte` at `distance` before them; all nearer bytes are equal in `range`.
  private func narrowed(_ range: Range<Int>, to byte: UInt8, at distance: Int) -> Range<Int> {
    let lower = firstIndex(in: range) { $0 >= byte }
    return lower..<firstIndex(in: lower..<range.upperBound) { $0 > byte }

    func firstIndex(in range: Range<Int>, where isBeyond: (UInt8) -> Bool) -> Int {
      var (low, high) = (range.lowerBound, range.upperBound)
      while low < high {
        let middle = (low + high) / 2
        if isBeyond(byteBefore(positions[middle], at: distance, in: text)) { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }
}

/// All places of a text in the order of the bytes before them, nearest first; equal places in the order of the text.
///
/// A stable counting sort by each byte, the farthest first.
private func sortedPositions(of text: [UInt8], order: Int) -> [UInt32] {
  var positions = [UInt32](0..<UInt32(text.count))
  var sorted = positions
  for distance in stride(from: order, to: 0, by: -1) {
    var starts = [Int](repeating: 0, count: 257)
    for position in positions { starts[Int(byteBefore(position, at: distance, in: text)) + 1] += 1 }
    for byte in 0..<256 { starts[byte + 1] += starts[byte] }
    for position in positions {
      let byte = Int(byteBefore(position, at: distance, in: text))
      sorted[starts[byte]] = position
      starts[byte] += 1
    }
    swap(&positions, &sorted)
  }
  return positions
}

/// The byte that stands `distance` before a place; 0 before the start of the text.
private func byteBefore(_ position: UInt32, at distance: Int, in text: [UInt8]) -> UInt8 {
  let index = Int(position) - distance
  return index >= 0 ? text[index] : 0
}

/// How often each byte occurs. Shape: `[256]`.
private func histogram(of bytes: ArraySlice<UInt8>) -> [Int] {
  var counts = [Int](repeating: 0, count: 256)
  for byte in bytes { counts[Int(byte)] += 1 }
  return counts
}
