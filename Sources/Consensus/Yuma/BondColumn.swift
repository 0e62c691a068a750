import FixedPoint

/// One column of bonds while it moves: what each rater held, what its weight is worth now, what it holds next.
///
/// Position `k` stands for the column's `k`-th entry. A missing value is `absent`; every other value is at least zero.
struct BondColumn: ~Copyable {
  static let absent = I32F32(bits: -1)

  var count = 0
  var rows = Scratch<Int>()
  /// `B`: the old bond as a share, zero where there was none.
  var old = Scratch<I32F32>()
  /// `WB`, and then `ΔB`: the weight for bonds, `absent` where there is none.
  var fresh = Scratch<I32F32>()
  /// `E`, and then what is made of it: the new bond, `absent` where none is kept.
  var next = Scratch<I32F32>()

  var byteCount: Int { rows.byteCount + old.byteCount + fresh.byteCount + next.byteCount }

  mutating func resize(to count: Int) {
    self.count = count
    rows.resize(to: count)
    old.resize(to: count)
    fresh.resize(to: count)
    next.resize(to: count)
  }

  /// `colnorm`: divides the values that are there by their sum; a column without a sum stays as it is.
  ///
  /// The sum saturates, quotients round toward zero. No value is below zero, so none is above the sum.
  ///
  /// - Source: yuma 9.2.
  func normalise(_ values: borrowing Scratch<I32F32>) {
    var sum = I32F32.zero
    for index in 0..<count { sum = sum.addingSaturating(max(.zero, values[index])) }
    guard sum > .zero else { return }
    let divisor = ShareDivisor(sum)
    for index in 0..<count where values[index] > .zero { values[index] = divisor.share(of: values[index]) }
  }

  /// `ema` with one factor for all: `next = keep * old + move * fresh`; only what is above zero is kept.
  ///
  /// Both products round down and saturate, and so does the sum. `move` can be negative (a moving average above one).
  ///
  /// - Source: yuma 9.2.
  func smooth(move: I32F32, keep: I32F32) {
    for index in 0..<count {
      let moved = move.multipliedRoundingDownSaturating(by: max(.zero, fresh[index]))
      let kept = keep.multipliedRoundingDownSaturating(by: old[index])
      let sum = moved.addingSaturating(kept)
      next[index] = sum > .zero ? sum : BondColumn.absent
    }
  }

  /// Smoothing with a factor for each pair: only pairs with a fresh weight go on, and only what is above zero is kept.
  ///
  /// - Parameters:
  ///   - factor: The share that moves, given the fresh weight and the old bond.
  /// - Source: yuma 9.4.3.
  func smooth(_ factor: (_ index: Int, _ weight: I32F32, _ bond: I32F32) -> I32F32) {
    for index in 0..<count {
      next[index] = BondColumn.absent
      let weight = fresh[index]
      let bond = old[index]
      guard weight != BondColumn.absent else { continue }
      let move = factor(index, weight, bond)
      let kept = I32F32.one.subtractingSaturating(move).multipliedRoundingDownSaturating(by: bond)
      let moved = max(.zero, move.multipliedRoundingDownSaturating(by: weight))
      let sum = min(.one, kept.addingSaturating(moved))
      if sum > .zero { next[index] = sum }
    }
  }

  /// Divides the new bonds by the largest, which becomes one. Quotients round toward zero.
  ///
  /// - Source: yuma 9.3.5.
  func upscale() {
    var top = I32F32.zero
    for index in 0..<count { top = max(top, next[index]) }
    guard top > .zero else { return }
    let divisor = ShareDivisor(top)
    for index in 0..<count where next[index] > .zero { next[index] = divisor.share(of: next[index]) }
  }
}
