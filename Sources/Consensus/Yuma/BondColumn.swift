import FixedPoint

/// One column of bonds while it moves: what each rater's weight is worth, and what it holds next.
///
/// Position `k` stands for the column's `k`-th entry. Values are shares, none below zero, unless said otherwise.
struct BondColumn: ~Copyable {
  /// Stands for a weight that is not there, where that differs from zero.
  static let absent = I32F32(bits: -1)

  private(set) var count = 0
  var rows = Scratch<Int>()
  /// What the old bond moves toward: the weight for bonds, or a share made of it; may be `absent`.
  var fresh = Scratch<I32F32>()
  /// The smoothed bond; zero where none is kept.
  var next = Scratch<I32F32>()
  /// Turns stored bonds into the shares they stand for.
  var bondWhole = CountDivisor(orZeros: 1)
  /// The sum of the smoothed bonds that are kept.
  var nextSum = I32F32.zero
  /// The largest smoothed bond.
  var nextLargest = I32F32.zero
  /// The sum of the claims.
  var claimSum = I32F32.zero

  var byteCount: Int { rows.byteCount + fresh.byteCount + next.byteCount }

  mutating func open(count: Int) {
    self.count = count
    rows.resize(to: count)
    fresh.resize(to: count)
    next.resize(to: count)
  }

  /// Makes each weight its rater's claim: weight times active stake, rounded down; an absent weight claims nothing.
  ///
  /// - Source: yuma 9.3.2.
  mutating func claimByStake(_ activeStake: Elements<I32F32>) {
    let (rows, fresh) = (rows.elements, fresh.elements)
    var sum = I32F32.zero
    for index in 0..<count {
      let claim = activeStake[rows[index]].shareRoundingDown(of: max(.zero, fresh[index]))
      fresh[index] = claim
      // Cannot overflow: at most 2^15 shares.
      sum = sum.addingWrapping(claim)
    }
    claimSum = sum
  }

  /// Whether a smoothed bond is kept; one that is kept can still round to a share of zero.
  func keeps(_ index: Int) -> Bool { next[index] > .zero }

  /// `ema` with one factor for all pairs: `α * fresh + α' * old`, and no bond where that is zero or less.
  ///
  /// - Parameters:
  ///   - entries: The column's entries, for the old bonds.
  ///   - freshShare: Makes a share of what stands in `fresh`.
  /// - Source: yuma 9.2.
  @inline(__always)
  mutating func smooth(
    _ smoothing: FixedSmoothing, from entries: Elements<MatrixEntry>, start: Int, freshShare: (I32F32) -> I32F32
  ) {
    let (fresh, next, bondWhole) = (fresh.elements, next.elements, bondWhole)
    var sum = I32F32.zero
    var largest = I32F32.zero
    for index in 0..<count {
      let old = bondWhole.share(of: entries[start &+ index].bond)
      let smoothed = max(.zero, smoothing.smoothed(fresh: freshShare(fresh[index]), old: old))
      next[index] = smoothed
      sum = sum.addingSaturating(smoothed)
      largest = max(largest, smoothed)
    }
    nextSum = sum
    nextLargest = largest
  }

  /// Smoothing with a factor for each pair; only pairs with a weight go on.
  ///
  /// - Parameter note: Told each pair's factor.
  /// - Source: yuma 9.4.3.
  mutating func smooth(
    _ liquidAlpha: LiquidAlpha, consensus: I32F32, from entries: Elements<MatrixEntry>, start: Int,
    note: (_ index: Int, _ factor: I32F32) -> Void
  ) {
    let (fresh, next, bondWhole) = (fresh.elements, next.elements, bondWhole)
    // Exponents first, then all powers at once, then the bonds. A pair without a weight takes part as zero and is dropped.
    for index in 0..<count {
      let old = bondWhole.share(of: entries[start &+ index].bond)
      let isThere = fresh[index] != BondColumn.absent
      next[index] = isThere ? liquidAlpha.exponent(consensus: consensus, weight: fresh[index], bond: old) : .zero
    }
    liquidAlpha.series.exponentiate(next.buffer)
    var sum = I32F32.zero
    for index in 0..<count {
      let weight = fresh[index]
      guard weight != BondColumn.absent else {
        next[index] = .zero
        continue
      }
      let old = bondWhole.share(of: entries[start &+ index].bond)
      let factor = liquidAlpha.factor(exponential: next[index])
      let smoothed = BondRule.smoothed(weight: weight, old: old, factor: factor)
      next[index] = smoothed
      // Cannot overflow: at most 2^15 shares.
      sum = sum.addingWrapping(smoothed)
      note(index, factor)
    }
    nextSum = sum
  }
}
